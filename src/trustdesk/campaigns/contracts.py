"""Frozen values that cross the campaigns' door. No address, no name and no word of a person is in any of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum

from trustdesk.clearance.contracts import Line
from trustdesk.decision.contracts import Channel
from trustdesk.delivery.contracts import CHANNELS
from trustdesk.kernel.registries import DayHours

CAMPAIGN = "campaign"
"""What open pages are told of (`live`)."""
WRITTEN = CHANNELS
"""The channels on which a campaign goes out by itself."""
CALLED = frozenset({Channel.CALL_HUMAN})
"""The channels on which an agent of the campaign speaks."""
FILLED = frozenset({"company"})
"""What a campaign's wording may name: nothing of the person is opened to fill it."""
MOST_A_MINUTE = 6_000
SAME_PERSON = "same-person"
"""Why a row became nobody's turn, or a target nobody's any more: it is a person of whom there is another one."""


class State(StrEnum):
    DRAFT = "draft"
    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"  # everybody was dealt with, its time is over, or somebody ended it
    CANCELLED = "cancelled"


class Step(StrEnum):
    """What moves a campaign on."""

    STARTED = "started"
    PAUSED = "paused"
    RESUMED = "resumed"
    ENDED = "ended"
    CANCELLED = "cancelled"


class TargetState(StrEnum):
    """Where one person of a campaign stands."""

    WAITING = "waiting"  # due at `next_at`
    IN_HAND = "in_hand"  # an attempt is under way
    DONE = "done"
    REFUSED = "refused"  # the gate said no
    UNDECIDED = "undecided"  # the gate could not decide, which means no
    STOPPED = "stopped"  # an outcome says: not again
    EXHAUSTED = "exhausted"  # it would be tried again, but the attempts are used up


class Release(StrEnum):
    """When the next person of a campaign is called. Neither dials for nobody: an agent is there first."""

    PROGRESSIVE = "progressive"  # one call for one agent who is ready
    PREVIEW = "preview"  # an agent looks first, and presses


class Outcome(StrEnum):
    """What became of an attempt: the first five by mail or SMS, the next ones by a call, the last ones by either."""

    SENT = "sent"
    BOUNCED = "bounced"
    FAILED = "failed"
    UNKNOWN = "unknown"  # handed over, and nobody knows whether it arrived
    ANSWERED = "answered"  # and the queue asks for no disposition
    SAID_DONE = "answered-done"  # what the agent said came of it
    SAID_AGAIN = "answered-again"
    SAID_CALLBACK = "answered-callback"
    SAID_STOP = "answered-stop"
    SAID_OBJECTION = "answered-objection"
    SAID_COMPLAINT = "answered-complaint"
    NO_ANSWER = "no-answer"
    BUSY = "busy"
    DECLINED = "declined"  # the person, or the network, refused it
    HUNG_UP = "hung-up"  # before anybody spoke
    REFUSED = "refused"
    UNDECIDED = "undecided"
    HELD = "held"  # not now: the campaign stands, the hours are over, the attempts of the day are used up


class Act(StrEnum):
    """What an outcome means for the person. None of them contacts anybody: every attempt has its own permit."""

    DONE = "done"
    AGAIN = "again"
    STOP = "stop"
    OBJECTION = "objection"  # recorded by clearance, for the purpose and channel of the campaign


MADE = frozenset({Outcome.SENT, Outcome.BOUNCED, Outcome.UNKNOWN})
"""After these a message was, or may have been, handed over: they count as attempts made."""


OBJECTED = frozenset({Outcome.SAID_OBJECTION})
"""The person said no, which clearance has on record by then."""
AFTER_AN_OBJECTION = frozenset({Act.STOP, Act.OBJECTION})
SAID_NO = frozenset({Outcome.REFUSED, Outcome.UNDECIDED})
"""The gate's own no: nothing was done, and nobody objected."""
AFTER_A_NO = frozenset({Act.STOP, Act.AGAIN})
"""What such a no may mean; the gate is asked again before anything is tried again."""


@dataclass(frozen=True, slots=True)
class Disposition:
    """What one outcome means. `after` is how long to wait before the next attempt, with AGAIN only."""

    act: Act
    after: timedelta | None = None


STANDARD: Mapping[str, Disposition] = {
    Outcome.SENT: Disposition(Act.DONE),
    Outcome.BOUNCED: Disposition(Act.STOP),
    Outcome.FAILED: Disposition(Act.AGAIN, timedelta(days=1)),
    Outcome.UNKNOWN: Disposition(Act.STOP),
    Outcome.REFUSED: Disposition(Act.STOP),
    Outcome.UNDECIDED: Disposition(Act.STOP),
}
STANDARD_OF_CALLS: Mapping[str, Disposition] = {
    Outcome.ANSWERED: Disposition(Act.DONE),
    Outcome.SAID_DONE: Disposition(Act.DONE),
    Outcome.SAID_AGAIN: Disposition(Act.AGAIN, timedelta(days=1)),
    Outcome.SAID_CALLBACK: Disposition(Act.DONE),
    Outcome.SAID_STOP: Disposition(Act.STOP),
    Outcome.SAID_OBJECTION: Disposition(Act.OBJECTION),
    Outcome.SAID_COMPLAINT: Disposition(Act.STOP),
    Outcome.NO_ANSWER: Disposition(Act.AGAIN, timedelta(days=1)),
    Outcome.BUSY: Disposition(Act.AGAIN, timedelta(hours=1)),
    Outcome.DECLINED: Disposition(Act.STOP),
    Outcome.HUNG_UP: Disposition(Act.STOP),
    Outcome.FAILED: Disposition(Act.AGAIN, timedelta(days=1)),
    Outcome.REFUSED: Disposition(Act.STOP),
    Outcome.UNDECIDED: Disposition(Act.STOP),
}
"""What holds where a campaign says nothing else. HELD is in neither: it means a later time, and nothing else. Who wants
to be called is called by whoever has the follow-up.
"""


def standard_of(channel: Channel) -> Mapping[str, Disposition]:
    """What outcomes mean on a channel where nothing else is said."""
    return STANDARD_OF_CALLS if channel in CALLED else STANDARD


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The most attempts at one person; None: no limit of its own. Those of law, product and policy count as well."""

    per_day: int | None = 1
    per_week: int | None = None
    per_campaign: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Hours by the wall clock of the person, for seven days, Monday first; those of law and policy count as well.

    An end at or before its beginning is on the day after. `public_holiday` None: as on any such weekday.
    """

    week: Sequence[DayHours]
    public_holiday: DayHours | None = ()


def every_day(opens: time, closes: time, *, days: Sequence[int] = range(5)) -> Window:
    """The same hours on those days (0: Monday), and none on public holidays."""
    return Window(week=tuple(((opens, closes),) if day in days else () for day in range(7)))


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCampaign:
    """What is to be sent or said, to whom of a finished screening, and when.

    Purpose, channel and the facts of the undertaking are those that the screening asked about. `pace` is messages or
    calls a minute. `outcomes` says what outcomes mean where `standard_of` the channel is not wanted.

    What is sent has a `template` and its `language`. What is called has neither, but a `queue` whose agents call, a
    `line`, which is a number of the company's own that is shown, a `script` for the agent's eyes, and its `release`.
    """

    name: str
    run_id: int
    template: str = ""
    language: str = ""
    queue: str = ""
    line: str = ""
    script: str = ""
    release: Release | None = None
    window: Window | None = None
    limits: Limits = field(default_factory=Limits)
    pace: int = 60
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    outcomes: Mapping[str, Disposition] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Rows of the screening that became nobody's turn, with the reason: a rule with its words and law, or a fault."""

    rows: int
    fault: str = ""
    line: Line | None = None


@dataclass(frozen=True, slots=True)
class Refusals:
    """Persons whom the gate refused at the moment of contact, by the rule that spoke first. `line` is None where the
    rule is not in force any more.
    """

    rule_id: str
    people: int
    line: Line | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignView:
    """A campaign as it stands."""

    campaign_id: int
    name: str
    run_id: int
    purpose: str
    channel: Channel
    template: str
    language: str
    queue: str
    line: str
    script: str
    release: Release | None
    window: Window | None
    limits: Limits
    pace: int
    starts_at: datetime | None
    ends_at: datetime | None
    outcomes: Mapping[str, Disposition]
    state: State
    reason: str  # why it stands or ended, where nobody said so by hand
    people: int
    left_out: int
    created_at: datetime
    created_by: int
    started_at: datetime | None
    started_by: int | None
    changed_at: datetime
    counts: Mapping[TargetState, int]

    @property
    def dealt_with(self) -> int:
        """Those who don't wait any more."""
        open_states = (TargetState.WAITING, TargetState.IN_HAND)
        return sum(many for state, many in self.counts.items() if state not in open_states)


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignReport:
    """A campaign with everything there is to count. `objections`: persons of it who objected since it started."""

    view: CampaignView
    outcomes: Mapping[str, int]  # attempts by their outcome; those under way as ""
    refused: Sequence[Refusals]
    left_out: Sequence[LeftOut]
    objections: int
    next_at: datetime | None  # when the next person is due


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptView:
    """One attempt at one person, and the decision it stands on."""

    customer_id: int
    number: int
    at: datetime
    decision_id: int | None
    message_id: int | None
    call_id: int | None
    outcome: str
    reason: str
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOfCampaign:
    """A person of a campaign in an agent's hand: whom to call, and what is to be said. `customer_id` is a reference;
    nothing of the person is opened. `made`: it was dialled.
    """

    call_id: int
    campaign_id: int
    name: str
    purpose: str
    script: str
    customer_id: int
    made: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignToCall:
    """A running campaign in which an agent presses, with how many people are due."""

    campaign_id: int
    name: str
    queue: str
    due: int
