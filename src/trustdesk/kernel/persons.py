"""Sets of persons, as a plan and an erasure are asked about them: what is counted by record, summed by person."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
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


def going(persons: Sequence[Person], held: Iterable[Held]) -> list[list[Planned]]:
    """For each person, in their order, a line for each kind of thing that goes."""
    counts = Counter[tuple[int, str]]()
    place = _places(persons)
    for one in held:
        counts[place[one.record], one.what] += one.rows
    lines: list[list[Planned]] = [[] for _person in persons]
    for (number, what), count in counts.items():
        lines[number].append(Planned(what, count))
    return lines


def gone(context: AccessContext, what: str, persons: Sequence[Person], held: Sequence[Held]) -> list[int]:
    """For each person, in their order, the number of rows that went. One entry in the log names all of whom any did,
    and nobody else; where nothing went there is none.
    """
    rows = [0] * len(persons)
    place = _places(persons)
    totals = Counter[str]()
    for one in held:
        rows[place[one.record]] += one.rows
        totals[one.what] += one.rows
    if held:
        context.journal.deed(context, what, subjects=sorted({one.record for one in held}), detail={**totals})
    return rows


def _places(persons: Sequence[Person]) -> Mapping[int, int]:
    return {record: number for number, person in enumerate(persons) for record in person}
