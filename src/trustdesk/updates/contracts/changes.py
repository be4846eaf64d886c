"""What comes in, on what terms, and what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from trustdesk.matching.contracts import Evidence, Outcome, Said, Thresholds


class ChangeKind(StrEnum):
    """What became different in somebody's life."""

    MOVE = "move"
    NAME = "name"  # marriage, divorce, by decision
    DEATH = "death"
    PHONE = "phone"  # a new number, or a number that is somebody else's now
    EMAIL = "email"
    NON_DISCLOSURE = "non_disclosure"  # an order that the register's contact data be given to nobody
    STATE = "state"  # no event: what the source holds now


RISKY = frozenset({ChangeKind.NAME, ChangeKind.DEATH, ChangeKind.NON_DISCLOSURE})
"""Kinds that need two pairs of eyes where somebody decides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One record of a feed, as its reader gives it.

    `position` is its place in the feed, the same whenever the feed is read again. `person` is by what the feed knows
    the person, as it was before; `becomes` what is so from `as_of` on; `ends` are values that hold no more and have no
    successor. `key` is the feed's own number of the person; it is checked against the register, never believed.
    """

    position: str
    kind: ChangeKind
    person: Sequence[Said] = field(repr=False)
    becomes: Sequence[Said] = field(default=(), repr=False)
    ends: Sequence[Said] = field(default=(), repr=False)
    as_of: datetime
    key: str = field(default="", repr=False)
    country: str = ""  # ISO 3166-1 alpha-2: by whose customs names, addresses and numbers are read


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On what a feed's changes are taken: which source they become values of, and what the company allows them.

    `kinds` are those it may change. `outranked_for`: so long a value that the customer gave outranks the feed's.
    `tell` is for which kinds the customer hears of it, on the old contact point too.
    """

    feed_id: int
    delivery_id: int
    source_id: int
    kinds: frozenset[ChangeKind] = frozenset(ChangeKind)
    outranked_for: timedelta = timedelta(days=365)
    tell: frozenset[ChangeKind] = frozenset()
    thresholds: Thresholds = field(default_factory=Thresholds)
    received_at: datetime | None = None  # when the delivery came; None: as it is taken


class OrderKind(StrEnum):
    """What a source may order for a customer."""

    NON_DISCLOSURE = "non_disclosure"  # the register's contact data are given to nobody
    DECEASED = "deceased"  # nobody is contacted any more


class Fate(StrEnum):
    """What became of a change."""

    UPDATED = "updated"
    CONFIRMED = "confirmed"  # the register said so already
    KEPT = "kept"  # it is the customer's, and what the register holds outranks it
    REVIEW = "review"
    NONE = "none"  # nobody of this register
    STAYS_AWAY = "stays_away"  # somebody who was erased or objected
    CLOSED = "closed"  # the customer is restricted (GDPR Art. 16, 18): nothing is written
    BEFORE = "before"  # taken before: a repeat


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of one change, in the order in which they were asked; `reason` is a code for pages."""

    position: str
    fate: Fate
    change_id: int | None = None
    customer_id: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeView:
    """A change that was decided, without what it says."""

    change_id: int
    feed_id: int
    delivery_id: int
    kind: ChangeKind
    fate: Fate
    outcome: Outcome
    as_of: datetime
    received_at: datetime
    decided_at: datetime
    customer_id: int | None
    probability: float | None
    second: str
    reason: str
    evidence: Sequence[Evidence]
    undone_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AppliedView:
    """One field of a change: what was done with it and, where something was kept, because of what."""

    attribute: str
    what: str
    why: str
    old_value_id: int | None
    new_value_id: int | None
    undone_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """What a feed changed of a customer, for the timeline: a change and its fields."""

    change: ChangeView
    fields: Sequence[AppliedView]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a source ordered for a customer and has not taken back."""

    kind: OrderKind
    feed_id: int
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What a company wants of changes from outside.

    `outranked_for`: so long a value that the customer gave outranks a feed's. `tell`: of which kinds the customer
    hears. `question_seconds`: what a question that need not be asked is worth.
    """

    outranked_for: timedelta = timedelta(days=365)
    tell: frozenset[ChangeKind] = frozenset({ChangeKind.NAME, ChangeKind.MOVE, ChangeKind.PHONE, ChangeKind.EMAIL})
    thresholds: Thresholds = field(default_factory=Thresholds)
    question_seconds: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What became of the changes of a period, and how long they took from the feed to the desk, in seconds.

    `median` and `p99` are of those that reached the register; None where none did.
    """

    fates: Mapping[Fate, int]
    undone: int
    median: float | None
    p99: float | None


@dataclass(frozen=True, slots=True)
class Built:
    """How far profiles are made: `done` by this call, `after` is where the next one goes on, None at the end."""

    done: int
    after: int | None


class AuditVerdict(StrEnum):
    RIGHT = "right"
    WRONG = "wrong"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Accuracy:
    """What audits say of the updates made by themselves: `wrong` in `judged` of `made`, since `since`.

    `at_most` is the upper bound of the share that is wrong, at 95 % (Clopper and Pearson 1934; none wrong in n: below
    3/n). None where nothing was judged.
    """

    made: int
    judged: int
    wrong: int
    at_most: float | None
    since: datetime | None
    unknown: int = 0  # looked at, and nobody could tell: not among those judged
    worst: float | None = None  # the bound if all of those were wrong
