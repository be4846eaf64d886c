"""Verdicts in plain words, in the reader's language."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from trustdesk.clearance.contracts import Explanation, Line
from trustdesk.decision.api import ABOUT, FACTS
from trustdesk.decision.contracts import Audience, ConsentStanding, Facts, Outcome, Reason, Verdict


def sentence(reason: Reason) -> str:
    """Why, without the law."""
    return _(reason.message) % reason.parameters if reason.parameters else _(reason.message)


def headline(outcome: Outcome) -> str:
    """The answer in a line."""
    return {
        Outcome.PERMIT: _("You may."),
        Outcome.DENY: _("You may not."),
        Outcome.UNDECIDED: _("It can't be decided, and so: you may not."),
    }[outcome]


def explained(verdict: Verdict, facts: Facts, at: datetime, *, about: Mapping[str, object]) -> Explanation:
    """Everything there is to say about a verdict, made of the facts of the person and those of the undertaking."""
    return Explanation(
        outcome=verdict.outcome,
        headline=headline(verdict.outcome),
        lines=[line(reason) for reason in verdict.reasons],
        duties=[_(duty.text) for duty in verdict.duties],
        known=_known(facts, about),
        holds_until=verdict.holds_until,
        at=at,
        packs_digest=verdict.packs_digest,
    )


def line(reason: Reason) -> Line:
    """One reason, with its law."""
    return Line(
        outcome=reason.outcome,
        words=sentence(reason),
        because=[_(missing) % reason.parameters if reason.parameters else _(missing) for missing in reason.because],
        rule_id=reason.rule_id,
        statute=reason.statute.text,
        url=reason.statute.url,
    )


def _known(facts: Facts, about: Mapping[str, object]) -> Mapping[str, str]:
    """The facts that were at hand, in the order of their catalogs; what is not known is said to be so. Of the
    undertaking those that were given: the others may not matter at all.
    """
    words, doing, labels = _words(), _labels_of_doing(), _labels()
    given = {doing[name]: _value(about[name], words) for name in ABOUT if name in about}
    return given | {labels[name]: _value(facts[name], words, FACTS[name].absent) for name in FACTS if name in facts}


def _value(value: object, words: Mapping[str, str], absent: str = "") -> str:
    if value is None:
        return _("none") if absent else _("not known")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return date_format(localtime(value), "SHORT_DATETIME_FORMAT")
    return words.get(str(value), str(value))


def _labels() -> Mapping[str, str]:
    """What each fact is about, as short as it can be said; the exact meanings stand in `decision.api.FACTS`."""
    return {
        "country": _("Country of the person"),
        "point_country": _("Country of the number"),
        "audience": _("Addressed as"),
        "restricted": _("Restricted to storage"),
        "erased": _("Erased"),
        "consent": _("Consent"),
        "consent_express": _("Given expressly"),
        "consent_at": _("Given at"),
        "consent_until": _("Good until"),
        "objected": _("Objected"),
        "suppressed": _("On the suppression list"),
        "listed": _("On a list kept by others"),
        "list_current": _("Every such list is fresh enough"),
        "list_current_until": _("Fresh until"),
        "existing_customer": _("Bought something before"),
        "point_from_sale": _("Number or address comes from a purchase"),
        "told_at_collection": _("Was told then that objecting is free"),
        "refused_at_collection": _("Said no then"),
        "similar_products": _("Similar to what was bought"),
        "asked_for_contact": _("Asked to be contacted"),
        "age_ok": _("Old enough to consent"),
        "lia_done": _("The legitimate interest was assessed"),
        "attempts_today": _("Attempts today"),
        "attempts_week": _("Attempts this week"),
        "attempts_campaign": _("Attempts in this campaign"),
        "inside_window": _("Inside the hours for calls"),
        "window_until": _("That changes at"),
    }


def _labels_of_doing() -> Mapping[str, str]:
    """The same for `decision.api.ABOUT`: what is offered, and how it is done."""
    return {
        "product": _("What is offered"),
        "relates_to_duties": _("About the work of the person addressed"),
        "identical_items": _("Addressees of the same mailing"),
        "free_for_recipient": _("Costs the recipient nothing"),
        "sender_shown": _("Names its true sender"),
        "stop_offered": _("Says how to stop it"),
        "consent_request_only": _("Only asks for a consent"),
        "labeled_advert": _("Recognizable as advertising"),
        "number_shown": _("The caller's number is shown"),
        "machine": _("A machine speaks or writes"),
        "machine_disclosed": _("Said to be a machine"),
    }


def _words() -> Mapping[str, str]:
    """Codes that a fact may hold."""
    return {
        Audience.CONSUMER.value: _("a consumer"),
        Audience.SOLE_TRADER.value: _("a sole trader"),
        Audience.NAMED_EMPLOYEE.value: _("an employee, by name"),
        Audience.COMPANY.value: _("a company"),
        ConsentStanding.NONE.value: _("none"),
        ConsentStanding.REQUESTED.value: _("asked for"),
        ConsentStanding.GIVEN.value: _("given"),
        ConsentStanding.REFUSED.value: _("refused"),
        ConsentStanding.WITHDRAWN.value: _("taken back"),
        ConsentStanding.EXPIRED.value: _("run out"),
        ConsentStanding.PRESUMED.value: _("presumed"),
    }
