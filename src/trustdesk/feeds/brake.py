"""The brake: what a delivery says, counted before anything of it is applied, against what a feed may say in a day."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from trustdesk.feeds.contracts import Brake, Limit, Seen
from trustdesk.feeds.reading import Fault, FaultCode
from trustdesk.updates.contracts import Change, ChangeKind

AHEAD = timedelta(days=1)
"""So far ahead of our clock a record may be dated: a day without an hour begins earlier elsewhere."""
_MOST_ADDRESSES = 3


@dataclass(slots=True)
class Count:
    """One delivery, counted record by record. `digest` is keyed: nothing can be read from what is kept."""

    digest: Callable[[str], int]
    now: datetime
    records: int = 0
    unreadable: int = 0
    deaths: int = 0
    future: int = 0
    persons: set[int] = field(default_factory=set)
    addresses: Counter[int] = field(default_factory=Counter)

    def add(self, change: Change) -> None:
        self.records += 1
        self.deaths += change.kind is ChangeKind.DEATH
        self.future += ahead(change, now=self.now)
        self.persons.add(hash(change.key or frozenset(said.text for said in change.person)))
        if change.kind in {ChangeKind.MOVE, ChangeKind.STATE}:
            for text in {" ".join(said.text.casefold().split()) for said in change.becomes if said.kind == "address"}:
                self.addresses[self.digest(text)] += 1

    def set_aside(self, fault: Fault) -> None:
        self.unreadable += 1
        self.future += fault.code == FaultCode.FUTURE

    def most_moved_to(self) -> dict[str, int]:
        """The addresses that most moved to, as digests."""
        return {str(token): count for token, count in self.addresses.most_common(_MOST_ADDRESSES)}


def ahead(change: Change, *, now: datetime) -> bool:
    """Dated in the future: the source's clock, or its file, is wrong."""
    return change.as_of > now + AHEAD


def seen_of(count: Count, before: Iterable[tuple[Seen, Mapping[str, int]]], *, customers: int) -> Seen:
    """What was counted, with what the feed brought within a day before."""
    day = Counter(count.addresses)
    records, deaths, persons = count.records, count.deaths, len(count.persons)
    for earlier, addresses in before:
        records, deaths, persons = records + earlier.records, deaths + earlier.deaths, persons + earlier.persons
        for token, moves in addresses.items():
            day[int(token)] += moves
    return Seen(
        records=count.records,
        unreadable=count.unreadable,
        deaths=count.deaths,
        one_address=max(day.values(), default=0),
        persons=len(count.persons),
        future=count.future,
        day_records=records,
        day_deaths=deaths,
        day_persons=persons,
        customers=customers,
    )


def limits_above(seen: Seen, brake: Brake) -> list[Limit]:
    """Which limits it is above; none where it may be applied. A share of 1 is no limit. How many persons of the
    register a delivery is about is known when it is applied only: here it is all that it names, so never too few.
    """
    shares = (
        (Limit.DEATHS, seen.day_deaths, brake.deaths, seen.day_records),
        (Limit.ONE_ADDRESS, seen.one_address, brake.one_address, seen.day_records),
        (Limit.REGISTER, seen.day_persons, brake.register, seen.customers),
        (Limit.FUTURE, seen.future, brake.future, seen.records + seen.unreadable),
    )
    return [
        limit
        for limit, count, share, whole in shares
        if share < 1 and whole and count > brake.least and count > share * whole
    ]
