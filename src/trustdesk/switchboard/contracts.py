"""Frozen values that cross the switchboard's door. No number and no name of a person is in any of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

QUEUE = "queue"
PRESENCE = "presence"
"""What open pages are told of (`live`): a company's queues under the number 0; one operator's presence and calls."""
EVERY_QUEUE = 0
NOT_DIALLED = "not-dialled"
"""The result of a call out that was permitted and at which nobody was rung: the agent or the exchange was not there."""


APOLOGISED = "apologised"
"""The result of a call whose plan came too late: the caller heard that nobody can be reached, and nothing else."""


class Presence(StrEnum):
    """What an agent is doing."""

    OFFLINE = "offline"
    READY = "ready"
    RINGING = "ringing"
    TALKING = "talking"
    WRAP_UP = "wrap-up"
    PAUSED = "paused"


CHOSEN = frozenset({Presence.OFFLINE, Presence.READY, Presence.PAUSED})
"""What an agent may choose; the rest happens."""


class Pause(StrEnum):
    """Why an agent is paused. The last three are the house's own words."""

    BREAK = "break"
    LUNCH = "lunch"
    TRAINING = "training"
    MEETING = "meeting"
    WRITING = "writing"
    NOT_ANSWERED = "not-answered"
    REFUSED = "refused"
    LOST = "lost"  # the browser or phone is gone


PAUSES = (Pause.BREAK, Pause.LUNCH, Pause.TRAINING, Pause.MEETING, Pause.WRITING)
"""Those that an agent may name."""


class CallState(StrEnum):
    PLAN = "plan"  # menu, notice, reference, consent
    WAITING = "waiting"
    RINGING = "ringing"  # at an agent, or at whom we call
    TALKING = "talking"
    HELD = "held"
    ENDED = "ended"


class Direction(StrEnum):
    IN = "in"
    OUT = "out"
    CALLBACK = "callback"


class Certainty(StrEnum):
    """Who is calling, as far as it is known."""

    UNIDENTIFIED = "unidentified"
    NUMBER_MATCHED = "number-matched"  # on file: but a caller's number can be forged
    IDENTIFIED = "identified"


class Ended(StrEnum):
    """How waiting in a queue ended."""

    ANSWERED = "answered"
    ABANDONED = "abandoned"  # the caller hung up
    OVERFLOW = "overflow"  # went on to another queue
    MOVED = "moved"  # a reference, or an agent, took the caller to another queue
    CALLBACK = "callback"  # wants to be called instead
    LOST = "lost"  # the edge went away with the call


class CallbackState(StrEnum):
    WAITING = "waiting"
    DIALLED = "dialled"
    REACHED = "reached"
    NOT_REACHED = "not-reached"
    REFUSED = "refused"  # the gate said no when it was to be dialled


class Verb(StrEnum):
    """What an agent may do with the call in hand."""

    HOLD = "hold"
    RESUME = "resume"
    MUTE = "mute"
    UNMUTE = "unmute"
    PAUSE = "pause"  # the recording
    UNPAUSE = "unpause"
    COMPLETE = "complete"  # the consulted takes over
    CONFERENCE = "conference"
    BACK = "back"
    LEAVE = "leave"  # the others go on
    HANG_UP = "hang-up"
    REPEAT_REFERENCE = "repeat-reference"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallView:
    """A call as it stands. `matches` are customers on whose file the caller's number is: offered, never guessed.

    `unrecorded` says why it is not recorded, a word of the edge ("no-consent"); `alarm`: the time within which the law
    wants it answered is nearly over. `operator_id` speaks, `offered_to` hears it ring.
    """

    call_id: int
    direction: Direction
    state: CallState
    line: str  # the company's own number
    queue: str
    language: str
    conversation_id: int | None
    interaction_id: int | None
    case_id: int | None  # the conversation whose reference the caller typed
    certainty: Certainty
    matches: Sequence[int]
    customer_id: int | None
    operator_id: int | None
    offered_to: int | None
    began_at: datetime
    queued_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    answer_by: datetime | None
    alarm: bool
    recorded: bool
    paused: bool
    held: bool
    unrecorded: str
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceView:
    """What an operator is doing, since when, and by what it can be reached: a browser, a phone, or nothing."""

    operator_id: int
    state: Presence
    reason: str
    since: datetime
    call_id: int | None
    reachable: bool
    wrap_up_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueView:
    """A queue just now. `agents` counts those with a skill for it by what they do."""

    queue: str
    waiting: int
    longest_since: datetime | None
    alarms: int
    agents: Mapping[Presence, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackView:
    """Somebody wants to be called. `reason` says why the gate refused it."""

    callback_id: int
    call_id: int
    conversation_id: int | None
    queue: str
    asked_at: datetime
    state: CallbackState
    reason: str
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyAgent:
    """Somebody who sits ready for a queue, and the seat under which."""

    operator_id: int
    mandate_id: int
    purpose: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignCall:
    """A call out in the course of a campaign. `call_id` is given by the campaign: one number is one call at the most.

    `purpose` is the declared purpose of the contact, `line` the company's own number that is shown, `about` facts of
    the undertaking (`decision.api.ABOUT`).
    """

    call_id: int
    campaign_id: int
    customer_id: int
    value_id: int
    purpose: str
    queue: str
    line: str
    about: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallResult:
    """What became of a call out so far. `result` is empty while it goes on."""

    call_id: int
    operator_id: int | None
    conversation_id: int | None
    interaction_id: int | None
    decision_id: int | None
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFigures:
    """A queue's figures of a period; what each means stands in `figures.FIGURES`. None: nothing to divide by."""

    queue: str
    offered: int
    answered: int
    answered_in_time: int
    abandoned: int
    passed_on: int
    service_level: float | None
    average_speed: timedelta | None
    average_handling: timedelta | None
    abandonment: float | None
    longest_wait: timedelta | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentFigures:
    """An agent's time of a period, by what it went to."""

    operator_id: int
    spent: Mapping[Presence, timedelta]
    occupancy: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """A period: queue by queue, and agents. `within_seconds` is what "in time" means here."""

    queues: Sequence[QueueFigures]
    agents: Sequence[AgentFigures]
    occupancy: float | None
    within_seconds: int
