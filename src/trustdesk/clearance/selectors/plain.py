"""Verdicts in plain words, in the reader's language."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from trustdesk.clearance.contracts import Explanation, Line
from trustdesk.decision.api import FACTS
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


def explained(verdict: Verdict, facts: Facts, at: datetime) -> Explanation:
    """Everything there is to say about a verdict."""
    return Explanation(
        outcome=verdict.outcome,
        headline=headline(verdict.outcome),
        lines=[line(reason) for reason in verdict.reasons],
        duties=[_(duty.text) for duty in verdict.duties],
        known=_known(facts),
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


def _known(facts: Facts) -> Mapping[str, str]:
    """The facts that were at hand, in the order of their catalog; what is not known is said to be so."""
    labels, words = _labels(), _words()
    return {labels[name]: _value(name, facts[name], words) for name in FACTS if name in facts}


def _value(name: str, value: object, words: Mapping[str, str]) -> str:
    if value is None:
        return _("none") if FACTS[name].absent else _("not known")
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
