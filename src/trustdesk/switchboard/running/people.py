"""Calls and agents as the floor holds them, in memory, on one thread."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from trustdesk.sipedge.contracts import Notice
from trustdesk.switchboard.contracts import CallState, Certainty, Direction, Presence


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
    accepted: bool = False
    dialling: bool = False  # the gate is asked about a call out: nothing else is offered meanwhile
    paused_before: str = ""  # the reason: a call out does not end a pause
    wrap_up_until: datetime | None = None
    overhearing: int | None = None

    @property
    def by_browser(self) -> bool:
        return bool(self.attachment)


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
    result: str = ""

    @property
    def waits(self) -> bool:
        return self.state in {CallState.WAITING, CallState.RINGING} and self.direction is Direction.IN
