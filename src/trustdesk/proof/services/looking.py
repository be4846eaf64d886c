"""Reading one part of a round, a slice at a time: what is found of whom, and where reading goes on.

Everybody who is looked for stands in one automaton: what is read is read once, however many they are.
"""

import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path

from trustdesk.kernel.context import AccessContext
from trustdesk.proof import places, tables
from trustdesk.proof.contracts import PartKind
from trustdesk.proof.services import others
from trustdesk.proof.services.others import Finding
from trustdesk.proof.sought import Sought
from trustdesk.scan.api import Automaton, find, search, walk
from trustdesk.scan.contracts import Bounds, Hit, Piece

_HITS = 1_000
"""Kept of one file, for each who is looked for: a list of customers may hold them all."""


@dataclass(slots=True)
class Slice:
    """What came of one slice. `reached` is where the next one begins; None: the part is read."""

    reached: str | None = None
    columns: int = 0
    rows: int = 0
    files: int = 0
    size: int = 0
    unread: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)


class Looker:
    """Looks for the persons of some searches, inside the scope. Made once for all that is read in one transaction."""

    def __init__(self, context: AccessContext, sought: Mapping[int, Sought]) -> None:
        self._context = context
        self._sought = sought

    @cached_property
    def automaton(self) -> Automaton:
        """One over all spellings; the number of a person in it is that of the search."""
        return Automaton.of(
            variant._replace(person=search_id) for search_id, one in self._sought.items() for variant in one.variants
        )

    @cached_property
    def _tables(self) -> dict[str, tables.Table]:
        return {table.name: table for table in tables.tables()}

    @cached_property
    def _texts(self) -> Mapping[str, others.Texts]:
        return {one.name: one for one in others.every(self._context, self._sought, self.automaton)}

    def make_ready(self) -> None:
        """Build what is searched with, which is built where it is first used: for many people it takes seconds."""
        find(self.automaton, "")

    def look(self, kind: PartKind, name: str, reached: str | None, *, until: float) -> Slice:
        """Read on where the last slice of this part ended, until this instant of the monotonic clock."""
        if kind is PartKind.TABLE:
            return self._table(name, reached, until)
        return self._others(name, reached, until) if kind is PartKind.SEALED else self._store(name, reached, until)

    def stands_still(self, kind: PartKind, place: dict[str, object]) -> bool:
        """Whether what was found at a place is found there again."""
        if kind is PartKind.TABLE:
            table, key = self._tables.get(str(place["table"])), place["key"]
            row = tables.row(table, key) if table is not None and isinstance(key, list) else None
            return row is not None and bool(_in_row(self.automaton, row))
        if kind is PartKind.SEALED:
            return any(text.stands_still(place) for text in self._texts.values())
        path = Path(str(place["file"]))
        return path.exists() and any(report.hits for report in walk([path], self.automaton, workers=1))

    def _table(self, name: str, reached: str | None, until: float) -> Slice:
        table = self._tables.get(name)
        if table is None or not table.readable:
            return Slice(unread=Counter({"missing" if table is None else "forbidden": 1}))
        done = Slice(columns=table.columns)
        rows = tables.rows(table, after=json.loads(reached) if reached else ())
        while batch := list(islice(rows, tables.AT_ONCE)):
            done.rows += len(batch)
            done.size += sum(len(row.text) for row in batch)
            done.findings += _in_rows(self.automaton, table, batch)
            if time.monotonic() > until and len(batch) == tables.AT_ONCE and table.key:
                done.reached = json.dumps(batch[-1].key)
                break
        return done

    def _others(self, name: str, reached: str | None, until: float) -> Slice:
        texts = self._texts.get(name)
        if texts is None:
            return Slice(unread=Counter({"missing": 1}))
        left = [one for one in texts.led if one > int(reached or 0)]
        done = Slice(columns=1)
        for start in range(0, len(left), others.AT_ONCE):
            chunk = left[start : start + others.AT_ONCE]
            done.rows += len(chunk)
            done.findings += texts.found(chunk)
            if time.monotonic() > until and start + others.AT_ONCE < len(left):
                done.reached = str(chunk[-1])
                break
        return done

    def _store(self, name: str, reached: str | None, until: float) -> Slice:
        folder = places.folders().get(name)
        bounds = Bounds(hits=_HITS * max(len(self._sought), 1))
        done = Slice()
        for path in _left(places.files(self._context, folder) if folder is not None else (), reached):
            for report in walk([path], self.automaton, bounds=bounds, workers=1):
                done.files += 1
                done.size += report.size
                done.unread.update(part.reason.value for part in report.unread)
                done.findings += _in_file(name, report.path, report.hits)
            if time.monotonic() > until:
                done.reached = str(path)
                break
        return done


def _in_rows(automaton: Automaton, table: tables.Table, batch: Sequence[tables.Row]) -> Iterator[Finding]:
    """Rows with a hit, each with the columns in which it shows; a hit over several columns is the row's."""
    pieces = (Piece(str(number), row.text) for number, row in enumerate(batch))
    for number in sorted({int(hit.place) for hit in search(automaton, pieces)}):
        row = batch[number]
        owner = row.cell("customer_id") or row.cell("subject_id")
        for (search_id, column), context in _in_row(automaton, row).items():
            place: dict[str, object] = {"table": table.name, "key": list(row.key), "column": column}
            yield Finding(search_id, f"{table.name}.{column}", place, context, owner)


def _in_row(automaton: Automaton, row: tables.Row) -> dict[tuple[int, str], str]:
    """The context of the first hit of each person in each column."""
    shown: dict[tuple[int, str], str] = {}
    for column, text in row.cells:
        for hit in find(automaton, text):
            shown.setdefault((hit.person, column), hit.context)
    alone = {person for person, _column in shown}
    for hit in find(automaton, row.text):
        if hit.person not in alone:
            shown.setdefault((hit.person, "*"), hit.context)
    return shown


def _left(paths: Iterable[Path], reached: str | None) -> Iterator[Path]:
    """Those that come after the one that was reached, in the order in which they are walked."""
    for path in paths:
        if reached is None or path.parts > Path(reached).parts:
            yield path


def _in_file(name: str, path: str, hits: Iterable[Hit]) -> Iterator[Finding]:
    """Of each person every place of the file (a line, a page, a member of an archive) once, however much of them
    stands there.
    """
    shown: dict[int, dict[str, str]] = defaultdict(dict)
    for hit in hits:
        shown[hit.person].setdefault(hit.place, hit.context)
    for search_id, contexts in shown.items():
        for place, context in contexts.items():
            yield Finding(search_id, name, {"file": path, "in": place}, context)
