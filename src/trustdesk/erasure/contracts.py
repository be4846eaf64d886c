"""Frozen values that cross the door of erasure. No name, address or word of a person is in any of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.registries import Fate

AT_ONCE = 200
"""So many plans go through one step in one transaction."""
PLAN = "erasure"
SIGHTING = "erasure-sighting"
"""What open pages are told of (`live`)."""


class Cause(StrEnum):
    """Why the last basis fell (GDPR Art. 17(1))."""

    REQUEST = "request"
    WITHDRAWAL = "withdrawal"
    OBJECTION = "objection"
    PURPOSE_ENDED = "purpose_ended"
    CONTRACT_ENDED = "contract_ended"
    RETENTION = "retention"


class PlanState(StrEnum):
    """Where an erasure stands."""

    DRAWN = "drawn"
    APPROVED = "approved"
    RUNNING = "running"
    HELD = "held"  # a legal hold or an open matter stops it; released it goes on
    FAILED = "failed"  # a step does not come through; it is tried again, the rest waits
    DONE = "done"
    DISMISSED = "dismissed"


OPEN = frozenset({PlanState.DRAWN, PlanState.APPROVED, PlanState.RUNNING, PlanState.HELD, PlanState.FAILED})
"""A person has one plan in any of these."""


class Happening(StrEnum):
    """What moves a plan on."""

    APPROVED = "approved"
    DISMISSED = "dismissed"
    BEGUN = "begun"
    HELD = "held"
    RELEASED = "released"
    FAILED = "failed"
    RESUMED = "resumed"
    CHANGED = "changed"  # the person is not who was planned for any more: drawn anew, to be approved anew
    FINISHED = "finished"


class StepState(StrEnum):
    WAITING = "waiting"  # its turn has not come, or it waits for something outside until `next_at`
    FAILING = "failing"  # tried again at `next_at`
    DONE = "done"


class Result(StrEnum):
    """What came of one run of a step."""

    DONE = "done"
    AGAIN = "again"  # there is more, at once
    WAITING = "waiting"  # for something outside; asked again later
    HELD = "held"  # a legal hold stops the plan


@dataclass(frozen=True, slots=True)
class Outcome:
    """`counts` says how many of what, `detail` is a code or a text without anything personal: it is shown and kept."""

    result: Result = Result.DONE
    counts: Mapping[str, int] = field(default_factory=dict)
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """A plan as its steps see it. `people` are all the customers who are shown as one, the asked one first."""

    plan_id: int
    customer_id: int
    people: tuple[int, ...]
    cause: Cause
    drawn_at: datetime
    approved_at: datetime | None
    approved_by: int | None


class Step(Protocol):
    """One thing that is done in every erasure, for many plans at once.

    `order` is its place among the steps (see `Order`). With `prepare` it is done between drawing and
    approving: it destroys nothing. `run` takes up to `AT_ONCE` jobs and answers for each, in their order. It is inside
    the scoped transaction that also writes the steps' own rows, so it is done and noted or neither; what it does
    outside the database has to be safe to do twice. It is called again after a kill, after AGAIN and after WAITING.
    When it raises for many, it is undone and called for each alone; what it raises for one is noted by its code alone
    and the step tried again later; the steps after it wait.
    """

    @property
    def name(self) -> str: ...

    @property
    def order(self) -> int: ...

    @property
    def prepare(self) -> bool: ...

    def run(self, context: AccessContext, jobs: Sequence[Job], now: datetime) -> Sequence[Outcome]: ...


class Order:
    """The places of the steps: between two of them there is room."""

    VARIANTS = 100  # proof: what the scan will look for, sealed under a key of the job
    FIND = 200  # outside: what other systems hold
    HOLD = 300
    LEDGER = 400
    RECIPIENTS = 500  # collected before the disclosures go
    CUT = 600  # the person out of others' free text, while the person's words are still known
    CAPABILITIES = 700
    KEYS = 800
    TELL = 850
    OUTSIDE = 900
    SCAN = 1100
    CERTIFICATE = 1200


@dataclass(frozen=True, slots=True)
class PlanLine:
    """What an erasure does with one kind of thing that one capability holds."""

    capability: str
    what: str
    count: int
    fate: Fate
    law: str = ""
    until: date | None = None
    under: str = ""  # the retention class of the key


@dataclass(frozen=True, slots=True)
class StepView:
    """How far one step is. `fault` is the code of what went wrong the last time."""

    name: str
    order: int
    prepare: bool
    state: StepState
    attempts: int
    counts: Mapping[str, int]
    detail: str
    fault: str
    next_at: datetime | None
    done_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanView:
    """A plan as it stands. `about` names what fell, by a code or number of ours; `held` is what stops it."""

    plan_id: int
    customer_id: int
    people: tuple[int, ...]
    cause: Cause
    about: str
    state: PlanState
    lines: Sequence[PlanLine]
    held: Sequence[str]
    steps: Sequence[StepView]
    drawn_at: datetime
    drawn_by: int
    approved_at: datetime | None
    approved_by: int | None
    begun_at: datetime | None
    erased_at: datetime | None  # the person's keys were destroyed
    done_at: datetime | None
    dismissed_because: str
    kept: Sequence[PlanLine]  # what law still keeps, restricted until its day: as planned, once it is done as it is
    kept_until: date | None  # the next day on which some of it dies


class Verdict(StrEnum):
    """What the ledger knows of somebody."""

    UNKNOWN = "unknown"
    REVIEW = "review"  # something alike: alone it identifies nobody
    ERASED = "erased"


class Way(StrEnum):
    """How a recipient is told."""

    WEBHOOK = "webhook"
    MAIL = "mail"
    BY_HAND = "by_hand"  # nobody listens there, and no address is known: somebody writes or calls, and says so


@dataclass(frozen=True, slots=True)
class ToldView:
    """A recipient of the person's data. `received_at`: it answered, or somebody heard that it has it."""

    told_id: int
    recipient: str
    way: Way
    told_at: datetime | None
    received_at: datetime | None


@dataclass(frozen=True, slots=True)
class SightingView:
    """Somebody alike was about to come in by data from before the erasure, so many times."""

    sighting_id: int
    plan_id: int
    place: str
    source_id: int
    verdict: Verdict
    kinds: tuple[str, ...]
    first_at: datetime
    last_at: datetime
    times: int


@dataclass(frozen=True, slots=True)
class Considered:
    """What came of a basis that fell: a plan, or what still carries the data."""

    plan: PlanView | None
    carried_by: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Gone:
    """What the ledger says of one candidate: the plans it is alike, and by which kinds of values."""

    verdict: Verdict
    plan_ids: tuple[int, ...] = ()
    kinds: tuple[str, ...] = ()
    erased_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay of the ledger did: entries read, entries new to this database, plans run again, plans that a hold
    or a fault stops; and the last erasure that is in any copy.
    """

    entries: int
    new: int
    erased: int
    stopped: int
    last_at: datetime | None
