"""What is counted by record is summed by person, and the log names whom something went of."""

from collections.abc import Sequence
from typing import Any, cast

from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.persons import Held, going, gone, records
from trustdesk.kernel.registries import Planned

TWO = (7, 3)
ONE = (5,)
NOBODY = (9,)


class Book:
    """A context whose journal is a list."""

    def __init__(self) -> None:
        self.journal = self
        self.entries: list[tuple[str, Sequence[int], dict[str, object]]] = []

    def deed(self, _context: object, what: str, *, subjects: Sequence[int], detail: dict[str, object]) -> None:
        self.entries.append((what, subjects, detail))


def told(held: list[Held]) -> tuple[list[int], list[Any]]:
    book = Book()
    return gone(cast("AccessContext", book), "things.erased", [TWO, NOBODY, ONE], held), book.entries


def test_records_are_in_ascending_order_each_once() -> None:
    assert records([TWO, ONE, (3, 4)]) == [3, 4, 5, 7]
    assert records([]) == []


def test_a_person_has_one_line_for_all_records() -> None:
    held = [Held("letters", 3, 2), Held("letters", 7, 1), Held("calls", 5, 4), Held("calls", 3, 1)]
    assert going([TWO, NOBODY, ONE], held) == [[Planned("letters", 3), Planned("calls", 1)], [], [Planned("calls", 4)]]


def test_rows_are_summed_and_one_entry_names_whom_some_went_of() -> None:
    held = [Held("letters", 3, 2), Held("calls", 5, 4), Held("letters", 5, 1)]
    assert told(held) == ([2, 0, 5], [("things.erased", [3, 5], {"letters": 3, "calls": 4})])


def test_where_nothing_went_nothing_is_said() -> None:
    assert told([]) == ([0, 0, 0], [])
