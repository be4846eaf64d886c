"""The two ends joined: what the company knew of a person becomes what is sought, and what is shown is told apart.

This is the only module that knows the scan, and it knows its door alone.
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql

from benchmarks._residual.people import Cast, Person

if TYPE_CHECKING:
    from trustdesk.scan.api import Automaton
    from trustdesk.scan.contracts import Hit, Variant
    from trustdesk.scan.contracts import Person as Sought


@dataclass(frozen=True, slots=True)
class Shown:
    """What an officer would be shown of a person."""

    person: int
    kind: str
    container: str
    place: str
    context: str


def automaton(cast: Cast) -> "Automaton":
    """Of everybody who is erased. A name that a living customer bears too is sought only beside something else."""
    from trustdesk.scan.api import Automaton  # noqa: PLC0415

    return Automaton.of(
        each for person in cast.erased for each in _variants(person, shared=person.number in cast.namesakes)
    )


def _variants(person: Person, *, shared: bool) -> "Iterator[Variant]":
    """Of a shared name the whole, beside something else: given name and surname side by side are the name again."""
    from trustdesk.scan.api import variants  # noqa: PLC0415
    from trustdesk.scan.contracts import Kind, Strength  # noqa: PLC0415

    for each in variants(sought(person), number=person.number):
        if not shared or each.kind is not Kind.NAME:
            yield each
        elif each.about in ("name", "initial"):
            yield each._replace(strength=Strength.NEAR)


def sought(person: Person) -> "Sought":
    from trustdesk.scan.contracts import Name  # noqa: PLC0415
    from trustdesk.scan.contracts import Person as Sought  # noqa: PLC0415

    names = [Name(person.given, person.family)]
    if person.birth_name:
        family, given = person.birth_name.split(maxsplit=1)
        names.append(Name(given, family))
    return Sought(
        country=person.country,
        names=tuple(names),
        phones=(str(person.mobile), str(person.landline)),
        emails=(person.email,),
        handles=(person.handle,),
        addresses=(str(person.address),),
        birth_dates=(person.born,),
        ids=(person.national_id, person.customer_number),
        references=(person.reference,),
    )


def in_files(
    folder: Path, places: Mapping[str, tuple[str, str]], sought_for: "Automaton", unread: list[str]
) -> Iterator[Shown]:
    """`places` tells kind and container by path; what could not be read is added to `unread`."""
    from trustdesk.scan.api import walk  # noqa: PLC0415
    from trustdesk.scan.contracts import Bounds  # noqa: PLC0415

    for report in walk([folder], sought_for, bounds=Bounds(hits=100_000), workers=os.cpu_count() or 1):
        kind, container = places[_below(folder, report.path)]
        unread += [f"{each.place}: {each.reason.name}" for each in report.unread]
        yield from (_shown(hit, kind, container) for hit in report.hits)


def _below(folder: Path, path: str) -> str:
    return (Path(path).relative_to(folder) if Path(path).is_absolute() else Path(path)).as_posix()


def in_tables(
    connection: "psycopg.Connection[Any]", kind: str, places: Mapping[str, str], sought_for: "Automaton"
) -> Iterator[Shown]:
    """Every row as one piece of text. `places` tells where each container has come to."""
    from trustdesk.scan.api import search  # noqa: PLC0415
    from trustdesk.scan.contracts import Piece  # noqa: PLC0415

    for container, place in places.items():
        pieces = [Piece(f"{place}#{number}", text) for number, text in _rows(connection, place)]
        yield from (_shown(hit, kind, container) for hit in search(sought_for, pieces))


def _rows(connection: "psycopg.Connection[Any]", place: str) -> Sequence[tuple[int, str]]:
    """Every column as its text, a line each."""
    table, _, queue = place.partition("/")
    columns = connection.execute(sql.SQL("SELECT * FROM {} LIMIT 0").format(sql.Identifier(table))).description or ()
    texts = sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(column.name)) for column in columns)
    asked = sql.SQL("queue_name = {}").format(sql.Literal(queue)) if queue else sql.SQL("true")
    query = sql.SQL("SELECT id, concat_ws(chr(10), {}) FROM {} WHERE {} ORDER BY id")
    return connection.execute(query.format(texts, sql.Identifier(table), asked)).fetchall()


def _shown(hit: "Hit", kind: str, container: str) -> Shown:
    return Shown(hit.person, kind, container, hit.place, hit.context)


def once(shown: Iterable[Shown]) -> list[Shown]:
    """Each only once, where several variants of a person are in the same words."""
    return list(dict.fromkeys(shown))
