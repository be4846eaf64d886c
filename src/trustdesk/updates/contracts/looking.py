"""What people look at: reviews, samples of what was updated by itself, records that may be one person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from trustdesk.matching.contracts import Evidence
from trustdesk.updates.contracts.changes import AuditVerdict, Change, ChangeKind, ChangeView


class ReviewState(StrEnum):
    OPEN = "open"
    SECOND = "second"  # somebody chose; the second pair of eyes is waited for
    SPLIT = "split"  # two chose differently: a third person decides
    DECIDED = "decided"
    CLOSED = "closed"  # nobody may decide it any more: restricted, or erased


SURE = 0.95
"""With this confidence the published bounds hold."""

NOBODY = 0
"""The choice of none of the candidates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewLine:
    """A review in the list, without what the change says. `mine`: whoever asks has chosen already, and waits."""

    change_id: int
    kind: ChangeKind
    feed_id: int
    source_id: int
    as_of: datetime
    opened_at: datetime
    risky: bool
    state: ReviewState
    candidates: int
    probability: float  # of the likeliest
    mine: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """One thing by which people are told apart: what the feed says, what the register holds, what the model made of
    it. `level` is empty where the model said nothing.
    """

    about: str
    said: Sequence[str] = field(repr=False)
    held: Sequence[str] = field(repr=False)
    level: str
    weight: float


@dataclass(frozen=True, slots=True)
class Shown:
    """A candidate beside the change. `closed`: why nothing of them is shown or written: `restricted` or `erased`."""

    customer_id: int
    probability: float
    household: bool
    compared: Sequence[Compared]
    closed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewView:
    """A review, opened. `closed` as of the likeliest candidate: then the change can't be decided, only closed.

    `first` and `second` are the choices of others, seen by whoever has chosen and by whoever decides between two.
    """

    line: ReviewLine
    change: Change | None
    nobody: float
    why: str  # a code of `matching.contracts.Judgement`, or of planning; empty: not recorded
    shown: Sequence[Shown]
    closed: str = ""
    may_choose: bool = True
    first: int | None = None
    second: int | None = None
    first_by: int | None = None
    second_by: int | None = None
    next_id: int | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many reviews wait, of each kind of change and of each feed; `sources` are those feeds' sources."""

    all: int
    kinds: Mapping[ChangeKind, int]
    feeds: Mapping[int, int]
    sources: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Decided:
    """What the model said of a candidate, and what was found. `first`: the likeliest of its change."""

    probability: float
    right: bool
    first: bool = True


@dataclass(frozen=True, slots=True)
class Band:
    """Decisions whose probability lay between `lower` and `upper`; `said` is its mean."""

    lower: float
    upper: float
    count: int
    right: int
    said: float

    @property
    def found(self) -> float:
        """The share that was right."""
        return self.right / self.count


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """What the model said, compared with what people found. See `figures.calibration` for what each figure means."""

    count: int
    bands: Sequence[Band]
    brier: float | None
    error: float | None
    tolerated: float
    suggested: float | None
    needed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundView:
    """A sample of updates that were made by themselves, and how far it is judged."""

    round_id: int
    drawn_at: datetime
    drawn_by: int
    since: datetime
    until: datetime
    made: int
    size: int
    right: int
    wrong: int
    unknown: int

    @property
    def judged(self) -> int:
        return self.right + self.wrong + self.unknown


@dataclass(frozen=True, slots=True)
class Swapped:
    """One field that an update changed: what stood there before, and what stands there since. None: not readable."""

    attribute: str
    what: str
    old: str | None = field(repr=False)
    new: str | None = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditView:
    """One update of a sample, opened: what it changed, and on what evidence."""

    round_id: int
    change: ChangeView
    swapped: Sequence[Swapped]
    verdict: AuditVerdict | None
    judged_by: int | None
    judged_at: datetime | None
    next_id: int | None


class DuplicateState(StrEnum):
    OPEN = "open"
    MERGED = "merged"
    APART = "apart"  # two people: never proposed again


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateLine:
    """Two records that may be one person. `second` names the second identifier; empty where there is none."""

    duplicate_id: int
    left_id: int
    right_id: int
    probability: float
    second: str
    evidence: Sequence[Evidence]
    found_at: datetime
    state: DuplicateState
    decided_by: int | None
    decided_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateView:
    """The two records side by side, opened; `closed` says why not: `restricted` or `erased`."""

    line: DuplicateLine
    compared: Sequence[Compared]
    closed: str
    next_id: int | None


@dataclass(frozen=True, slots=True)
class Looked:
    """How far a look for duplicates came: records looked at, pairs proposed, and after whom to go on; None: through."""

    looked: int
    found: int
    after: int | None
