"""Calls and agents as the floor holds them, in memory, on one thread."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from trustdesk.sipedge.contracts import Notice
from trustdesk.switchboard.contracts import CallState, Certainty, Direction, Presence

_INSTANTS = (
    *("began_at", "queued_at", "waiting_since", "answered_at", "answer_by"),
    *("offered_at", "said_at", "missing_since"),
)


@dataclass(slots=True, eq=False, kw_only=True)
class Agent:
    """An operator at one company's desk. By an attached browser, or by a phone; a browser goes first.

    `notice` is what a phone hears when it is picked up; `attachment` heard it when it was attached.
    """

    operator: int
    controller: int
    mandate: int
    purpose: str
    since: datetime
    state: Presence = Presence.OFFLINE
    reason: str = ""
    call: int | None = None
    queue: str = ""  # of the call in hand, or of the last one while it is wrapped up
    attachment: str = ""
    phone: str = ""
    agreed: bool = False
    notice: Notice | None = None
    reachable: bool = False
    arriving: bool = False  # the browser connects and hears the notice: nothing rings there yet
    willing: bool = False  # said to be ready meanwhile: it is so when the browser has arrived
    accepted: bool = False
    dialling: bool = False  # the gate is asked about a call out: nothing else is offered meanwhile
    paused_before: str = ""  # the reason: a call out does not end a pause
    wrap_up_until: datetime | None = None
    overhearing: int | None = None

    @property
    def by_browser(self) -> bool:
        return bool(self.attachment)

    def move(self, by: timedelta) -> None:
        """The clock was set by so much."""
        self.since += by
        if self.wrap_up_until is not None:
            self.wrap_up_until += by


@dataclass(slots=True, eq=False, kw_only=True)
class Call:
    """A call that goes on, or has just ended. `offered` is the agent at whom it rings; `operators` speak."""

    id: int
    controller: int
    direction: Direction
    line: str
    caller: str = field(default="", repr=False)  # for counting tries at a reference; written nowhere
    language: str
    began_at: datetime
    queue: str = ""
    country: str = ""
    sector: str = ""
    mode: str = "off"
    notice_version: int | None = None
    answer_within: int | None = None
    conversation: int | None = None
    interaction: int | None = None
    case: int | None = None  # the conversation whose reference was typed: it identifies nobody
    certainty: Certainty = Certainty.UNIDENTIFIED
    matches: Sequence[int] = ()
    customer: int | None = None
    consent_key: str = ""  # pressed by the caller
    decision: int | None = None
    callback: int | None = None
    state: CallState = CallState.PLAN
    queued_at: datetime | None = None  # this stay in this queue
    waiting_since: datetime | None = None  # whichever queue
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    answer_by: datetime | None = None
    offered: int | None = None
    offered_at: datetime | None = None
    operators: list[int] = field(default_factory=list)
    spoke: int | None = None  # who speaks, or spoke last
    consulted: int | None = None
    outsiders: int = 0
    recordings: dict[int, str] = field(default_factory=dict)  # number of the recording -> leg
    recorded: bool = False
    paused: bool = False
    held: bool = False
    unrecorded: str = ""
    alarm: bool = False
    overflowed: bool = False
    leaving: str = ""  # why the stay in the queue ends, when another one begins
    said_at: datetime | None = None
    missing_since: datetime | None = None
    moved: bool = False  # the clock was set while it lasted: what stands elsewhere is by another one
    result: str = ""
    heard: int = 0  # how far of the edge's story
    stands: bool = False  # in the tables, with its end
    asked: asyncio.Lock = field(default_factory=asyncio.Lock)  # one question of the edge's at a time

    @property
    def waits(self) -> bool:
        return self.state in {CallState.WAITING, CallState.RINGING} and self.direction is Direction.IN

    def move(self, by: timedelta) -> None:
        """The clock was set by so much."""
        for name in _INSTANTS:
            instant = getattr(self, name)
            if instant is not None:
                setattr(self, name, instant + by)
        self.moved = True
