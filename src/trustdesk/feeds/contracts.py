"""Frozen values that cross feeds' door. None holds anything of a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from trustdesk.outside.contracts import Fault
from trustdesk.updates.contracts import ChangeKind


class Transport(StrEnum):
    """How changes come in."""

    FOLDER = "folder"
    SFTP = "sftp"
    HTTP = "http"
    WEBHOOK = "webhook"
    UPLOAD = "upload"


ASKED = frozenset({Transport.FOLDER, Transport.SFTP, Transport.HTTP})
"""Those that we look into; the others come by themselves."""


class FeedState(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"  # by hand: nothing is fetched or applied
    STOPPED = "stopped"  # by the brake: what comes in waits until somebody has decided


class DeliveryState(StrEnum):
    WAITING = "waiting"
    CHECKING = "checking"
    STOPPED = "stopped_by_brake"
    WORKING = "working"
    DONE = "done"
    DISCARDED = "discarded"
    FAILED = "failed"


LIVING = frozenset(
    {DeliveryState.WAITING, DeliveryState.CHECKING, DeliveryState.STOPPED, DeliveryState.WORKING, DeliveryState.FAILED}
)
"""States in which something of a delivery may still be applied."""

REPEATED = "repeated"
"""The fate of a record that stands twice in one delivery, word for word. The others are those of `updates`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brake:
    """Above which shares a delivery is stopped before anything of it is applied. Shares are between 0 and 1.

    `deaths` and `one_address` are shares of a day's records, `register` of the register's customers, `future` of a
    delivery's records. A share of 1 is no limit, and none stops `least` records or fewer: a share of few says nothing.
    """

    deaths: float = 0.02
    one_address: float = 0.01
    register: float = 0.2
    future: float = 0.1
    least: int = 20


class Limit(StrEnum):
    """Which limit a delivery is above."""

    DEATHS = "deaths"
    ONE_ADDRESS = "one_address"
    REGISTER = "register"
    FUTURE = "future"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was counted in a delivery. `day_*` are those of the feed within a day, this delivery included."""

    records: int = 0
    unreadable: int = 0
    deaths: int = 0
    one_address: int = 0  # moves to the address that most moved to
    persons: int = 0
    future: int = 0
    day_records: int = 0
    day_deaths: int = 0
    day_persons: int = 0
    customers: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFeed:
    """What is declared of a feed. `secret` None: the one there is stays; empty: there is none."""

    name: str
    transport: Transport
    setup: Mapping[str, object]
    format: str
    reading: Mapping[str, object]
    source_id: int
    country: str
    kinds: frozenset[ChangeKind] = frozenset(ChangeKind)
    outranked_days: int = 365
    brake: Brake = field(default_factory=Brake)
    every_minutes: int = 5
    secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedView:
    """A feed and how it stands."""

    feed_id: int
    name: str
    transport: Transport
    setup: Mapping[str, object]
    format: str
    reading: Mapping[str, object]
    source_id: int
    country: str
    kinds: frozenset[ChangeKind]
    outranked_days: int
    brake: Brake
    every_minutes: int
    state: FeedState
    has_secret: bool
    cursor: str
    asked_at: datetime | None
    next_at: datetime | None
    fault: Fault | None
    where: str
    failing_since: datetime | None
    last_delivery_at: datetime | None
    waiting: int
    parked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryView:
    """A delivery and how far it is. `reason` is a code: of the file, or of what did not work; `counts` are by fate."""

    delivery_id: int
    feed_id: int
    place: str
    size: int
    state: DeliveryState
    reason: str
    attempt: int
    next_at: datetime | None
    seen: Seen
    brakes: Sequence[Limit]
    records: int  # dealt with so far
    parked: int
    counts: Mapping[str, int]
    received_at: datetime
    finished_at: datetime | None
    decided_at: datetime | None
    kept: bool  # its sealed file is there still

    @property
    def fraction(self) -> float:
        """How much of it is dealt with, between 0 and 1."""
        if self.state in {DeliveryState.DONE, DeliveryState.DISCARDED}:
            return 1.0
        whole = self.seen.records + self.seen.unreadable
        return min(1.0, self.records / whole) if whole else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkedView:
    """A record that was set aside."""

    number: int
    position: str
    place: str
    code: str
    parked_at: datetime
    taken_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The first records of a delivery as the feed's mapping reads them: kinds and attributes, and nothing they say."""

    records: int
    kinds: Mapping[str, int]
    known_by: Mapping[str, int]
    becomes: Mapping[str, int]
    faults: Sequence[tuple[str, str, str]]  # position, place, code


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedReference:
    """What a file of the post came to. `what` is `postcodes` or `streets`; `faults` are records that can't be read."""

    what: str
    edition: date
    rows: int
    faults: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a company's feeds stand: counts for the examination and the first page."""

    feeds: int
    failing: int
    stopped: int
    failed: int  # deliveries that could not be worked through
    oldest_failing_at: datetime | None
