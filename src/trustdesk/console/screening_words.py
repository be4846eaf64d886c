"""Codes of a screening in plain words."""

from django.utils.translation import gettext as _

from trustdesk.decision.contracts import Outcome
from trustdesk.screening.contracts import Fault, Phase, RunState


def outcome_label(outcome: Outcome) -> str:
    return {
        Outcome.PERMIT: _("may be contacted"),
        Outcome.DENY: _("may not be contacted"),
        Outcome.UNDECIDED: _("can't be decided, so: no"),
    }[outcome]


def state_label(state: RunState) -> str:
    return {
        RunState.WAITING: _("Waiting"),
        RunState.RUNNING: _("Running"),
        RunState.STOPPED: _("Stopped"),
        RunState.INTERRUPTED: _("Interrupted"),
        RunState.CANCELLED: _("Cancelled"),
        RunState.FINISHED: _("Finished"),
    }[state]


def phase_label(phase: Phase) -> str:
    return {
        Phase.READING: _("reading the list"),
        Phase.COPYING: _("copying what the rules ask for"),
        Phase.DECIDING: _("deciding"),
        Phase.REFRESHING: _("deciding anew who changed meanwhile"),
        Phase.DONE: _("done"),
    }[phase]


def fault_label(fault: Fault) -> str:
    return {
        Fault.NONE: "",
        Fault.UNREADABLE: _("Can't be read as a number or address"),
        Fault.UNKNOWN_CUSTOMER: _("No customer has this number, or several have"),
        Fault.NO_POINT: _("The customer has no such number or address"),
        Fault.BROKEN_ROW: _("The row can't be read"),
    }[fault]


def stop_label(reason: str) -> str:
    """Why it stopped. A code without words is shown as it is."""
    return {
        "unreadable-file": _("The list can't be read on."),
        "engine-missing": _("What this engine needs is not installed."),
        "conflict": _("Something else kept changing."),
        "not-found": _("The list's file is not here."),
        "refused": _("It was refused"),
    }.get(reason, reason)
