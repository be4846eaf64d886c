"""Many persons, each given with all their records: whose a record is, and what counts by record make for each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from trustdesk.kernel.registries import Person, Planned


def records(persons: Sequence[Person]) -> list[int]:
    """All records of all of them, in rising order: that in which locks are taken."""
    return sorted(each for person in persons for each in person)


def owners(persons: Sequence[Person]) -> dict[int, int]:
    """The place among them of the person whose each record is."""
    return {each: place for place, person in enumerate(persons) for each in person}


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
