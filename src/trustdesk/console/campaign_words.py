"""States, outcomes and reasons of campaigns in plain words. A code without words is shown as it is: a rule's, say."""

from datetime import timedelta

from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from trustdesk.campaigns.contracts import Act, Disposition, Outcome, Release, State, TargetState, Window
from trustdesk.console.screening_words import fault_label
from trustdesk.kernel.registries import DayHours
from trustdesk.screening.contracts import Fault

TONES = {
    State.DRAFT: "plain",
    State.RUNNING: "accent",
    State.PAUSED: "warn",
    State.ENDED: "good",
    State.CANCELLED: "plain",
}
TARGET_TONES = {
    TargetState.WAITING: "",
    TargetState.IN_HAND: "",
    TargetState.DONE: "good",
    TargetState.REFUSED: "warn",
    TargetState.UNDECIDED: "warn",
    TargetState.STOPPED: "bad",
    TargetState.EXHAUSTED: "warn",
}


def state_label(state: State) -> str:
    return {
        State.DRAFT: _("Draft"),
        State.RUNNING: _("Running"),
        State.PAUSED: _("Paused"),
        State.ENDED: _("Ended"),
        State.CANCELLED: _("Cancelled"),
    }[state]


def reason_label(reason: str) -> str:
    """Why it stands or ended, where nobody did it by hand."""
    return {
        "everybody": _("everybody was dealt with"),
        "time-over": _("its time was over"),
        "mandate-ended": _("the mandate of whoever started it has ended"),
        "sender": _("nobody has said as whom the company writes"),
        "template": _("its wording can't be used"),
        "purpose": _("its purpose has ended"),
        "queue": _("its queue is not there any more"),
        "line": _("its number is not there any more"),
        "numbers": _("its number is not there any more"),
        "trunks": _("there is no carrier to call over"),
        "reach": _("nobody has said where the company may call"),
    }.get(reason, reason)


def attempt_reason(reason: str) -> str:
    """Why a call was not made, or not yet; the name of a rule is shown as it is."""
    return {
        "not-begun": _("it was interrupted before anybody was dialled"),
        "not-dialled": _("the agent or the exchange was not there"),
        "put-back": _("an agent put it back"),
        "presence": _("the agent was not free any more"),
        "edge": _("the exchange was not running"),
        "cap": _("no more calls today"),
        "trunk": _("no more calls today"),
        "destination": _("the destination is closed"),
        "address-gone": _("the number or address is not there any more"),
    }.get(reason, reason)


def release_label(release: Release) -> str:
    return {
        Release.PROGRESSIVE: _("is called as soon as an agent is ready: one call for one agent"),
        Release.PREVIEW: _("is shown to an agent, who presses when ready"),
    }[release]


def target_label(state: TargetState, *, over: bool, called: bool = False) -> str:
    return {
        TargetState.WAITING: _("not reached") if over else _("waiting"),
        TargetState.IN_HAND: _("being called") if called else _("being sent"),
        TargetState.DONE: _("settled") if called else _("sent"),
        TargetState.REFUSED: _("refused by the gate"),
        TargetState.UNDECIDED: _("can't be decided, so: no"),
        TargetState.STOPPED: _("stopped"),
        TargetState.EXHAUSTED: _("attempts used up"),
    }[state]


def outcome_label(outcome: str, *, called: bool = False) -> str:
    return {
        "": _("under way"),
        Outcome.SENT: _("sent"),
        Outcome.BOUNCED: _("came back"),
        Outcome.FAILED: _("could not be called") if called else _("not sent"),
        Outcome.UNKNOWN: _("handed over, nobody knows"),
        Outcome.REFUSED: _("refused by the gate"),
        Outcome.UNDECIDED: _("can't be decided, so: no"),
        Outcome.HELD: _("held back for later"),
        Outcome.ANSWERED: _("answered"),
        Outcome.SAID_DONE: _("answered: settled"),
        Outcome.SAID_AGAIN: _("answered: to be tried again"),
        Outcome.SAID_CALLBACK: _("answered: wants to be called back"),
        Outcome.SAID_STOP: _("answered: no further attempts"),
        Outcome.SAID_OBJECTION: _("answered: objected"),
        Outcome.SAID_COMPLAINT: _("answered: complained"),
        Outcome.NO_ANSWER: _("nobody answered"),
        Outcome.BUSY: _("busy"),
        Outcome.DECLINED: _("the call was refused"),
        Outcome.HUNG_UP: _("hung up before anybody spoke"),
    }.get(outcome, outcome)


def act_label(act: Act) -> str:
    return {
        Act.DONE: _("done"),
        Act.AGAIN: _("try again later"),
        Act.STOP: _("not again"),
        Act.OBJECTION: _("recorded as an objection"),
    }[act]


def meaning_label(said: Disposition) -> str:
    """The act, and after how long."""
    if said.after is None:
        return act_label(said.act)
    hours = said.after // timedelta(hours=1)
    waits = ngettext("after %(hours)s hour", "after %(hours)s hours", hours) % {"hours": hours}
    return f"{act_label(said.act)}, {waits}"


def left_out_label(fault: str) -> str:
    """Why a row became nobody's turn, where no rule spoke."""
    own = {
        "nobody": _("May be contacted, but is nobody's number or address here"),
        "same-person": _("The same person once more"),
    }
    return own[fault] if fault in own else fault_label(Fault(fault))


def window_lines(window: Window) -> list[tuple[str, str]]:
    """The days and their hours, days of the same hours together."""
    days = [_("Mo"), _("Tu"), _("We"), _("Th"), _("Fr"), _("Sa"), _("Su")]
    together: dict[str, list[str]] = {}
    for name, hours in zip(days, window.week, strict=True):
        together.setdefault(_span(hours), []).append(name)
    lines = [(", ".join(names), span) for span, names in together.items()]
    if window.public_holiday is not None:
        lines.append((_("Public holidays"), _span(window.public_holiday)))
    return lines


def _span(hours: DayHours) -> str:
    spans = [f"{time_format(opens)} \u2013 {time_format(closes)}" for opens, closes in hours]
    return ", ".join(spans) or _("closed")
