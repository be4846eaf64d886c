"""How long what is kept, in words."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from trustdesk.retention.contracts import Ground, RunState, Start

_A_YEAR = 12


def kind_label(kind: str) -> str:
    """What grows old."""
    labels = {
        "campaigns.target": _("People of campaigns that are over"),
        "clearance.decision": _("Verdicts on contacts"),
        "clearance.proof": _("Proof of consent of people who were erased"),
        "delivery.call": _("What other systems were told"),
        "delivery.message": _("Messages that were sent"),
        "register.customer": _("Customers of whom nothing was heard"),
        "register.former": _("Former names, addresses and numbers"),
        "register.kept": _("What only a law keeps"),
        "register.note": _("Notes on customers"),
    }
    return labels.get(kind, kind)


def counted_from_label(kind: str) -> str:
    """What begins the time of a kind."""
    labels = {
        "campaigns.target": _("from the last attempt"),
        "clearance.decision": _("from the verdict"),
        "clearance.proof": _("from the erasure, or from the last use"),
        "delivery.call": _("from its end"),
        "delivery.message": _("from its end"),
        "register.customer": _("from the last sign of the customer"),
        "register.former": _("from the day on which another one took its place"),
        "register.kept": _("from the day it was recorded"),
        "register.note": _("from the day it was written"),
    }
    return labels.get(kind, "")


def start_label(start: Start) -> str:
    return {Start.EVENT: _("from that day"), Start.YEAR_END: _("from the end of that year")}[start]


def ground_label(ground: Ground) -> str:
    return {Ground.POLICY: _("our own rule"), Ground.STATUTE: _("a law")}[ground]


def state_words(state: RunState) -> tuple[str, str]:
    """Words and tone."""
    return {
        RunState.RUNNING: (_("Running"), "accent"),
        RunState.DONE: (_("Done"), "good"),
        RunState.FULL: (_("Stopped at its limit"), "warn"),
        RunState.STOPPED: (_("Stopped"), "plain"),
    }[state]


def length(months: int) -> str:
    """In years where they are whole."""
    if months % _A_YEAR:
        return ngettext("%(count)d month", "%(count)d months", months) % {"count": months}
    years = months // _A_YEAR
    return ngettext("%(count)d year", "%(count)d years", years) % {"count": years}


def retention_labels() -> dict[str, str]:
    """What the log calls it."""
    return {
        "retention.rule.set": _("Said how long something is kept"),
        "retention.rule.ended": _("Ended a rule of retention"),
        "retention.run.started": _("Started a run of retention"),
        "retention.run.ended": _("A run of retention ended"),
        "retention.dropped": _("Deleted what was kept long enough"),
    }
