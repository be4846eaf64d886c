"""Many persons, each given with all their records: whose a record is, and what counts by record make for each."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.registries import Person, Planned


class Held(NamedTuple):
    """How many things of one kind belong to one record."""

    what: str
    record: int
    rows: int


def records(persons: Iterable[Person]) -> list[int]:
    """Every record of every person, ascending: whoever locks rows of several does so in this order."""
    return sorted({record for person in persons for record in person})


def owners(persons: Sequence[Person]) -> dict[int, int]:
    """The place among them of the person whose each record is."""
    return {record: place for place, person in enumerate(persons) for record in person}


def summed(persons: Sequence[Person], counts: Iterable[tuple[int, int]]) -> list[int]:
    """Counts by record as one number for each person, in their order."""
    found = [0] * len(persons)
    whose = owners(persons)
    for record, count in counts:
        found[whose[record]] += count
    return found


@dataclass(slots=True)
class Lines:
    """What is planned for each of many persons. Nothing is said of what there is none of."""

    persons: Sequence[Person]
    each: list[list[Planned]] = field(init=False)

    def __post_init__(self) -> None:
        self.each = [[] for _person in self.persons]

    def going(self, what: str, counts: Iterable[tuple[int, int]]) -> None:
        """So much of it goes, by record."""
        for lines, count in zip(self.each, summed(self.persons, counts), strict=True):
            if count:
                lines.append(Planned(what, count))


def going(persons: Sequence[Person], held: Iterable[Held]) -> list[list[Planned]]:
    """For each person, in their order, a line for each kind of thing that goes, where all of it does."""
    counts: dict[str, list[tuple[int, int]]] = {}
    for one in held:
        counts.setdefault(one.what, []).append((one.record, one.rows))
    lines = Lines(persons)
    for what, of_records in counts.items():
        lines.going(what, of_records)
    return lines.each


def gone(context: AccessContext, what: str, persons: Sequence[Person], held: Sequence[Held]) -> list[int]:
    """For each person, in their order, the number of rows that went. One entry in the log names all of whom any did,
    and nobody else; where nothing went there is none.
    """
    if held:
        totals = Counter[str]()
        for one in held:
            totals[one.what] += one.rows
        context.journal.deed(context, what, subjects=sorted({one.record for one in held}), detail={**totals})
    return summed(persons, [(one.record, one.rows) for one in held])
