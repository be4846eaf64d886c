"""The registries by which what stands low may ask what stands high, without knowing it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from pathlib import Path
from typing import Generic, NamedTuple, Protocol, TypeVar

from trustdesk.kernel.context import AccessContext


@dataclass(frozen=True, slots=True)
class PersonalField:
    """One personal field and its declaration (GDPR Art. 5, 30). IRIs of the Data Privacy Vocabulary 2.3."""

    table: str
    column: str
    category: str
    purpose: str
    retention: str
    sealed: bool


T = TypeVar("T")

Export = Callable[[AccessContext, int], Iterable[Mapping[str, object]]]
Erasure = Callable[[AccessContext, int], int]


@dataclass(frozen=True, slots=True)
class PrivacyDeclaration:
    """What a capability holds of a customer, how it hands it out, and how it forgets it.

    `not_personal` lists the columns of its tables that hold nothing of a person, each with the reason.
    """

    capability: str
    fields: Sequence[PersonalField]
    not_personal: Mapping[str, str]
    export: Export | None
    erase: Erasure | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person about to be let in, as tokens and kinds, never in clear. `place` is `import`, `capture`, `merge`, …"""

    place: str
    suppression_values: Sequence[tuple[str, str]]  # (kind, normalised value); gates hash at once and keep nothing
    source_id: int


@dataclass(frozen=True, slots=True)
class Admission:
    """A gate's word. `admitted` is false also when it cannot decide."""

    admitted: bool
    reason: str = ""
    source_of_law: str = ""


class AdmissionGate(Protocol):
    """Asked before a person is let in. Answers for all candidates at once, in their order."""

    name: str

    def ask(self, context: AccessContext, candidates: Sequence[Candidate]) -> Sequence[Admission]: ...


class StoredPoint(NamedTuple):
    """A contact point that was just stored, in clear: whoever is told hashes at once and keeps nothing else of it.

    `kind` is `phone`, `email`, `address` or `handle`; the text is normalised, so that its country need not be known.
    """

    customer_id: int
    value_id: int
    kind: str
    text: str

    def __repr__(self) -> str:
        return f"StoredPoint({self.customer_id}, {self.value_id}, {self.kind!r})"


class PointWatch(Protocol):
    """Told of every contact point that comes or goes, in the transaction that stores it."""

    name: str

    def stored(self, context: AccessContext, points: Sequence[StoredPoint]) -> None: ...

    def superseded(self, context: AccessContext, *, customer_id: int, value_id: int) -> None: ...


DayHours = Sequence[tuple[time, time]]
"""Hours of one day, from and until, by the wall clock of the person; until at or before from is the day after."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignTerms:
    """What a campaign allows at this instant: it adds to the rules and takes nothing from them.

    `going` is false while it is paused, over or not begun. `week` has seven days, Monday first; None: no hours of its
    own. `public_holiday` None: as on any such weekday. Numbers are the most attempts at one person.
    """

    going: bool
    week: Sequence[DayHours] | None = None
    public_holiday: DayHours | None = None
    per_day: int | None = None
    per_week: int | None = None
    per_campaign: int | None = None


class CampaignKeeper(Protocol):
    """Asked at the moment of a contact that is made in the course of a campaign."""

    def terms(
        self, context: AccessContext, campaign_id: int, *, now: datetime, contact_id: int | None = None
    ) -> CampaignTerms:
        """Inside the scope. A campaign that is not there does not go; nor does it for a call, named by `contact_id`,
        that nobody waits for any more: until the transaction ends, nobody gives up one that was waited for here.
        """
        ...


class ConversationWatch(Protocol):
    """What hangs on a conversation and stands above it. Told and asked in the transaction that changes or deletes the
    conversation, which is locked: whoever places a legal hold locks it too.
    """

    def identified(self, context: AccessContext, *, conversation_id: int, customer_id: int, now: datetime) -> None: ...

    def taken_back(self, context: AccessContext, *, conversation_id: int, customer_id: int, now: datetime) -> None:
        """It was not this customer: nothing of it may stay the customer's, nor die with the customer's keys."""

    def held(self, context: AccessContext) -> frozenset[int]:
        """The company's conversations that a living legal hold keeps (GDPR Art. 17(3)(b), (e))."""


@dataclass(slots=True)
class Registry(Generic[T]):
    """Named things, each registered once."""

    kind: str
    _things: dict[str, T] = field(default_factory=dict)

    def register(self, name: str, thing: T) -> None:
        if name in self._things:
            msg = f"{self.kind} {name!r} is already registered"
            raise LookupError(msg)
        self._things[name] = thing

    def get(self, name: str) -> T:
        return self._things[name]

    def require(self, names: Iterable[str]) -> None:
        """Raise LookupError where one is missing: called at start-up."""
        missing = sorted(set(names) - self._things.keys())
        if missing:
            msg = f"{self.kind} missing: {', '.join(missing)}"
            raise LookupError(msg)

    def __iter__(self) -> Iterator[tuple[str, T]]:
        return iter(sorted(self._things.items()))


privacy: Registry[PrivacyDeclaration] = Registry("privacy declaration")
admission: Registry[AdmissionGate] = Registry("admission gate")
points: Registry[PointWatch] = Registry("watch of contact points")
campaigns: Registry[CampaignKeeper] = Registry("keeper of campaigns")
conversations: Registry[ConversationWatch] = Registry("watch of conversations")
stores: Registry[Callable[[], Path]] = Registry("store outside the database")
"""Folders that may hold something of a customer, however briefly: the scan after an erasure looks into each."""
announced: Registry[Callable[[], object]] = Registry("listener to announcements")
"""Called in the transaction in which a company says something else from now on."""

REQUIRED_GATES = ("clearance.suppression",)
REQUIRED_WATCHES = ("clearance.points",)
REQUIRED_OF_CONVERSATIONS = ("recordings",)
KEEPER = "campaigns"


def check_complete() -> None:
    """Raise LookupError where a gate or watch that nobody may do without is missing: called at start-up."""
    admission.require(REQUIRED_GATES)
    points.require(REQUIRED_WATCHES)
    conversations.require(REQUIRED_OF_CONVERSATIONS)
