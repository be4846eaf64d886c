"""What happened on the floor and has to be written down: in order, each once, also after the database was away."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from trustdesk.conversations.contracts import Again
from trustdesk.sipedge.contracts import Told
from trustdesk.switchboard.contracts import CallbackState, Ended, Presence


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Of one company."""

    controller: int


A = TypeVar("A", bound=Act)


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitOver(Act):
    id: int
    call: int
    queue: str
    queued_at: datetime
    left_at: datetime
    ended: Ended


@dataclass(frozen=True, slots=True, kw_only=True)
class SpellOver(Act):
    id: int
    operator: int
    state: Presence
    reason: str
    call: int | None
    queue: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentJoined(Act):
    interaction: int
    operator: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentLeft(Act):
    interaction: int
    operator: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class InteractionOver(Act):
    """`conversation` is the one in which it was when it ended: nothing is left to do in that of an apology. `again`:
    when it began, where the clock was set meanwhile.
    """

    conversation: int | None
    interaction: int
    result: str
    at: datetime
    again: Again | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingClosed(Act):
    told: Told


@dataclass(frozen=True, slots=True, kw_only=True)
class NotRecorded(Act):
    conversation: int
    interaction: int
    call: int
    queue: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackAsked(Act):
    id: int
    call: int
    queue: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackSettled(Act):
    id: int
    state: CallbackState
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OverhearingOver(Act):
    """A supervisor listens no more."""

    call: int
    operator: int
    at: datetime
