"""Verdicts in plain words, in the reader's language."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from trustdesk.clearance.contracts import Explanation, Line
from trustdesk.decision.api import FACTS
from trustdesk.decision.contracts import Facts, Outcome, Reason, Verdict


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
    """The facts that were at hand, by what they mean; what is not known is said to be so."""
    return {_(declared.meaning): _value(facts.get(name)) for name, declared in FACTS.items() if name in facts}


def _value(value: object) -> str:
    if value is None:
        return _("not known")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return date_format(value, "DATETIME_FORMAT")
    return str(value)
