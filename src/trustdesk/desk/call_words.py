"""Words for calls, agents and figures, in the reader's language."""

from collections.abc import Mapping
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trustdesk.switchboard.contracts import CallState, Certainty, Direction, Pause, Presence

NOTHING = "\N{EN DASH}"
PRESENCE_TONES: Mapping[Presence, str] = {
    Presence.READY: "good",
    Presence.RINGING: "accent",
    Presence.TALKING: "accent",
    Presence.WRAP_UP: "plain",
    Presence.PAUSED: "warn",
    Presence.OFFLINE: "plain",
}
_PRESENCES = {
    Presence.OFFLINE: gettext_lazy("Offline"),
    Presence.READY: gettext_lazy("Ready"),
    Presence.RINGING: gettext_lazy("Ringing"),
    Presence.TALKING: gettext_lazy("Talking"),
    Presence.WRAP_UP: gettext_lazy("Wrap-up"),
    Presence.PAUSED: gettext_lazy("Paused"),
}
_PAUSES = {
    Pause.BREAK: gettext_lazy("Break"),
    Pause.LUNCH: gettext_lazy("Lunch"),
    Pause.TRAINING: gettext_lazy("Training"),
    Pause.MEETING: gettext_lazy("Meeting"),
    Pause.WRITING: gettext_lazy("Writing"),
    Pause.NOT_ANSWERED: gettext_lazy("Did not answer"),
    Pause.REFUSED: gettext_lazy("Refused a call"),
    Pause.LOST: gettext_lazy("Browser or phone is gone"),
}
_STATES = {
    CallState.PLAN: gettext_lazy("Listening to notices"),
    CallState.WAITING: gettext_lazy("Waiting"),
    CallState.RINGING: gettext_lazy("Ringing"),
    CallState.TALKING: gettext_lazy("Talking"),
    CallState.HELD: gettext_lazy("On hold"),
    CallState.ENDED: gettext_lazy("Ended"),
}
_CERTAINTIES = {
    Certainty.UNIDENTIFIED: gettext_lazy("Unidentified"),
    Certainty.NUMBER_MATCHED: gettext_lazy("Number matched (can be forged)"),
    Certainty.IDENTIFIED: gettext_lazy("Identified"),
}
_DIRECTIONS = {
    Direction.IN: gettext_lazy("In"),
    Direction.OUT: gettext_lazy("Out"),
    Direction.CALLBACK: gettext_lazy("Callback"),
}


def presence_label(state: Presence) -> str:
    return str(_PRESENCES[state])


def pause_label(reason: str) -> str:
    """Why an agent is paused; nothing where it is not."""
    return str(_PAUSES[Pause(reason)]) if reason else ""


def call_state_label(state: CallState) -> str:
    return str(_STATES[state])


def certainty_label(certainty: Certainty) -> str:
    return str(_CERTAINTIES[certainty])


def direction_label(direction: Direction) -> str:
    return str(_DIRECTIONS[direction])


def spent(time: timedelta | None) -> str:
    """Minutes and seconds, hours where there are any; a dash where there is nothing."""
    if time is None:
        return NOTHING
    seconds = max(0, int(time.total_seconds()))
    hours, rest = divmod(seconds, 3600)
    minutes = f"{rest // 60:02d}:{rest % 60:02d}"
    return f"{hours}:{minutes}" if hours else minutes


def share(part: float | None) -> str:
    """A share in whole percent."""
    return NOTHING if part is None else _("%(percent)s %%") % {"percent": round(100 * part)}
