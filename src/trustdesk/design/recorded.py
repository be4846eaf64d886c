"""The recordings of a conversation in words: at the desk and in the console the same."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.accounts import api as accounts
from trustdesk.design.happenings import operator_name
from trustdesk.design.recording import role_label, state_label, unrecorded_label
from trustdesk.design.sounding import Drawing, drawing, spoken
from trustdesk.kernel.context import AccessContext
from trustdesk.recordings import api as recordings
from trustdesk.recordings.contracts import CallView, Listening, RecordingView, Sounding, State

TONES = {State.OPEN: "accent", State.WHOLE: "good", State.FAILED: "warn", State.LOST: "warn"}


@dataclass(frozen=True, slots=True, kw_only=True)
class LegRow:
    """One leg: whose voice, and what its recording rests on."""

    view: RecordingView
    role: str
    by: str
    state: str
    tone: str
    length: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRow:
    """One recorded call."""

    call: CallView
    length: str
    agents: str
    legs: Sequence[LegRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingRow:
    """One call that was not recorded."""

    at: datetime
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """One call of a listening, ready for the player. `drawn` is None where its file was altered."""

    sounding: Sounding
    drawn: Drawing | None
    label: str


def recorded_calls(context: AccessContext, conversation_id: int) -> Sequence[CallRow]:
    """Call by call, the earliest first; the operators' names asked once."""
    calls = recordings.of_conversation(context, conversation_id)
    names = accounts.names({operator for call in calls for operator in call.operator_ids})
    return [call_row(call, names) for call in calls]


def missing(context: AccessContext, conversation_id: int) -> Sequence[MissingRow]:
    """What was not recorded and why, one line a reason and instant."""
    found = recordings.unrecorded(context, conversation_id=conversation_id)
    return [MissingRow(at=one.at, why=unrecorded_label(one.reason)) for one in found]


def call_row(call: CallView, names: dict[int, str]) -> CallRow:
    """A call with its legs in words."""
    return CallRow(
        call=call,
        length=spoken(call.milliseconds),
        agents=", ".join(operator_name(names, operator) for operator in call.operator_ids),
        legs=[
            LegRow(
                view=one,
                role=role_label(one.role),
                by=operator_name(names, one.operator_id) if one.operator_id else "",
                state=state_label(one.state),
                tone=TONES[one.state],
                length=spoken(one.milliseconds),
            )
            for one in call.recordings
        ],
    )


def played(
    listening: Listening, address: Callable[[int], str], *, download: Callable[[int], str] | None = None
) -> Sequence[Played]:
    """The calls of a listening, with the address of each call's file, and that under which it is downloaded."""
    return [
        Played(
            sounding=call,
            drawn=None
            if call.broken
            else drawing(
                call, address=address(call.call_id), download=download(call.call_id) if download is not None else ""
            ),
            label=_("Recording of %(length)s") % {"length": spoken(call.milliseconds)},
        )
        for call in listening.calls
    ]
