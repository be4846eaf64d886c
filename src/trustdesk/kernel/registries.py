"""The registries by which what stands low may ask what stands high, without knowing it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
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

Person = Sequence[int]
"""All the customers who are shown as one, the one as which they are shown first: each of them, named once."""
Export = Callable[[AccessContext, int], Iterable[Mapping[str, object]]]
Erasure = Callable[[AccessContext, Sequence[Person]], Sequence[int]]
"""Forgets many persons at once, inside the scope; for each, in their order, the number of rows that went."""


class Fate(StrEnum):
    """What an erasure does with something."""

    GOES = "goes"
    KEPT = "kept"  # restricted to storage until its day (GDPR Art. 17(3), 18)


@dataclass(frozen=True, slots=True)
class Planned:
    """What an erasure of one customer would do with one kind of thing, counted and not opened.

    `what` is a code of the capability's own; `law` says why something is kept, `until` is the first day on which it
    need not be kept any more (None: until whatever the law names has ended), `under` the retention class of the key
    that it is sealed under.
    """

    what: str
    count: int
    fate: Fate = Fate.GOES
    law: str = ""
    until: date | None = None
    under: str = ""


Plan = Callable[[AccessContext, Sequence[Person]], Sequence[Sequence[Planned]]]
"""What `erase` would do, for each person, in their order. Inside the scope; nothing is opened or changed."""


@dataclass(frozen=True, slots=True)
class PrivacyDeclaration:
    """What a capability holds of a customer, how it hands it out, and how it forgets it.

    `not_personal` lists the columns of its tables that hold nothing of a person, each with the reason. `plan` tells
    what `erase` would do, without doing it: there is one wherever there is the other. Both take sets of persons, and
    name in one entry of the log all whom they forget. With `as_one` `export` takes everybody who is shown as one with
    the customer, as long as the register knows them; else the one record alone.
    """

    capability: str
    fields: Sequence[PersonalField]
    not_personal: Mapping[str, str]
    export: Export | None
    erase: Erasure | None
    plan: Plan | None = None
    as_one: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person about to be let in. `place` is `import`, `capture`, `merge`, …; gates hash the values at once and keep
    nothing of them.

    `suppression_values` are contact points, `identity_values` names, birth dates and numbers, as (kind of token,
    normalised value). `as_of` is the instant at which the data were collected, where it is known: what the person did
    since an erasure is another matter than what somebody had kept from before it.
    """

    place: str
    suppression_values: Sequence[tuple[str, str]]
    source_id: int
    identity_values: Sequence[tuple[str, str]] = ()
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class Admission:
    """A gate's word. `admitted` is false also when it cannot decide; `code` names a refusal for pages and reports."""

    admitted: bool
    reason: str = ""
    source_of_law: str = ""
    code: str = "not-admitted"


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


class GonePoint(NamedTuple):
    """A contact point that counts no more: whoever kept something of it knows it by its number."""

    customer_id: int
    value_id: int
    kind: str


class PointWatch(Protocol):
    """Told of every contact point that comes or goes, in the transaction that stores it."""

    name: str

    def stored(self, context: AccessContext, points: Sequence[StoredPoint]) -> None: ...

    def superseded(self, context: AccessContext, points: Sequence[GonePoint]) -> None: ...


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


class FarewellWatch(Protocol):
    """Told that a basis fell, in the transaction in which it does: whatever stands on it has to go, unless something
    else carries it (GDPR Art. 17(1)(a), (b), (c)).
    """

    def basis_fell(self, context: AccessContext, *, customer_id: int, cause: str, about: str, now: datetime) -> None:
        """`cause` is one of `withdrawal`, `objection`, `purpose_ended`, `contract_ended`; `about` names which by a
        code or a number of ours, nothing of the person.
        """
        ...

    def purpose_fell(self, context: AccessContext, *, purpose: str, now: datetime) -> None:
        """A purpose ended, and with it the basis of everybody who consented to it."""
        ...


class Correction(NamedTuple):
    """By their numbers, a value and the one that counts in its place; None where it ended without a successor, its own
    where it counts again. Both are of the one record `customer_id` or of records shown as one with it.
    """

    customer_id: int
    old: int
    new: int | None


class CorrectionWatch(Protocol):
    """Told that values took the place of others, in the transaction in which they do: whoever holds the old ones has
    to learn of it (GDPR Art. 5(1)(d), 16, 19).
    """

    def corrected(self, context: AccessContext, corrections: Sequence[Correction], *, now: datetime) -> None:
        """Many at once. Not told of what a request of the person puts right."""
        ...


class Known(NamedTuple):
    """All that is current of one record and that a person is known by, in clear: whoever is told hashes at once and
    keeps nothing else of it. `texts` are attribute, kind, text and whether it is a line of several people.
    """

    customer_id: int
    country: str
    texts: Sequence[tuple[str, str, str, bool]]

    def __repr__(self) -> str:
        return f"Known({self.customer_id})"


class IdentityWatch(Protocol):
    """Told by what records are known, in the transaction in which their tokens are made or made anew."""

    def known(self, context: AccessContext, records: Sequence[Known]) -> None: ...


class BreachRegister(Protocol):
    """Takes down that the security or the accuracy of somebody's data was broken (GDPR Art. 33(5))."""

    def open(
        self,
        context: AccessContext,
        *,
        kind: str,
        cause: str,
        about: str,
        customer_ids: Sequence[int],
        happened_at: datetime,
        now: datetime,
    ) -> int:
        """In the caller's transaction; the number of the case. `kind` is `confidentiality`, `integrity` or
        `availability`; `cause` a code, `about` names which by a number of ours, nothing of the person.
        """
        ...


class ErasureWatch(Protocol):
    """Told that erasures are over, in the transaction in which their last step is."""

    def erased(self, context: AccessContext, *, plan_ids: Sequence[int], now: datetime) -> None: ...


class LegalHold(Protocol):
    """Asked whether something must be kept of customers whatever anybody asks (GDPR Art. 17(3)(b), (e))."""

    def holds(self, context: AccessContext, customer_ids: Sequence[int]) -> Mapping[int, Sequence[str]]:
        """By customer the grounds, each a short text without anything personal: an open complaint, a hold with its
        file number. Who is left out may be erased.
        """
        ...


class Secrecy(Protocol):
    """Asked before contact data are given to somebody outside: a source may have ordered that they be given to nobody,
    because somebody's health or safety is at stake.
    """

    def secret(self, context: AccessContext, customer_ids: Sequence[int]) -> frozenset[int]:
        """Those of these customers for whom such an order stands; inside the scope. Name all who are shown as one."""
        ...


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
farewells: Registry[FarewellWatch] = Registry("watch of fallen bases")
corrections: Registry[CorrectionWatch] = Registry("watch of corrections")
erased: Registry[ErasureWatch] = Registry("watch of erasures")
holds: Registry[LegalHold] = Registry("legal hold")
identities: Registry[IdentityWatch] = Registry("watch of identities")
secrecy: Registry[Secrecy] = Registry("orders of secrecy")
breaches: Registry[BreachRegister] = Registry("register of breaches")

REQUIRED_GATES = ("clearance.suppression", "erasure.ledger")
REQUIRED_WATCHES = ("clearance.points",)
REQUIRED_OF_CONVERSATIONS = ("recordings",)
KEEPER = "campaigns"


def check_complete() -> None:
    """Raise LookupError where a gate or watch that nobody may do without is missing: called at start-up."""
    admission.require(REQUIRED_GATES)
    points.require(REQUIRED_WATCHES)
    conversations.require(REQUIRED_OF_CONVERSATIONS)
