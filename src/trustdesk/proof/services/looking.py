"""Reading one part of a search, a slice at a time: what is found, and where reading goes on."""

import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path

from trustdesk.kernel.context import AccessContext
from trustdesk.proof import places, tables
from trustdesk.proof.contracts import PartKind
from trustdesk.proof.sought import Sought
from trustdesk.register import api as register
from trustdesk.scan.api import Automaton, find, search, walk
from trustdesk.scan.contracts import Hit, Kind, Piece
from trustdesk.vault.api import TokenKind

_CUSTOMERS = 200
_SHARED: dict[Kind, TokenKind] = {
    Kind.NAME: "name",
    Kind.PHONE: "phone",
    Kind.EMAIL: "email",
    Kind.ADDRESS: "address",
}
"""What a household or a namesake may have in common with the person."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that was found. `place` finds it again, `owner` is the customer whose row it stands in."""

    what: str
    place: dict[str, object] = field(repr=False)
    context: str = field(repr=False)
    owner: str = ""


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
    """Looks for one person, inside the scope. Made once for all that is read in one transaction."""

    def __init__(self, context: AccessContext, sought: Sought) -> None:
        self._context = context
        self._sought = sought

    @cached_property
    def _automaton(self) -> Automaton:
        return Automaton.of(self._sought.variants)

    @cached_property
    def _tables(self) -> dict[str, tables.Table]:
        return {table.name: table for table in tables.tables()}

    def look(self, kind: PartKind, name: str, reached: str | None, *, until: float) -> Slice:
        """Read on where the last slice of this part ended, until this instant of the monotonic clock."""
        if kind is PartKind.TABLE:
            return self._table(name, reached, until)
        return self._others(reached, until) if kind is PartKind.SEALED else self._store(name, reached, until)

    def stands_still(self, kind: PartKind, place: dict[str, object]) -> bool:
        """Whether what was found at a place is found there again."""
        if kind is PartKind.TABLE:
            table, key = self._tables.get(str(place["table"])), place["key"]
            row = tables.row(table, key) if table is not None and isinstance(key, list) else None
            return row is not None and bool(_in_row(self._automaton, row))
        if kind is PartKind.SEALED:
            owner = place["customer"]
            found = self._of_customers([owner] if isinstance(owner, int) else [])
            return any(one.place == place for one in found)
        path = Path(str(place["file"]))
        return path.exists() and any(report.hits for report in walk([path], self._automaton, workers=1))

    # ── tables
    def _table(self, name: str, reached: str | None, until: float) -> Slice:
        table = self._tables.get(name)
        if table is None or not table.readable:
            return Slice(unread=Counter({"missing" if table is None else "forbidden": 1}))
        done = Slice(columns=table.columns)
        rows = tables.rows(table, after=json.loads(reached) if reached else ())
        while batch := list(islice(rows, tables.AT_ONCE)):
            done.rows += len(batch)
            done.size += sum(len(row.text) for row in batch)
            done.findings += _in_rows(self._automaton, table, batch)
            if time.monotonic() > until and len(batch) == tables.AT_ONCE and table.key:
                done.reached = json.dumps(batch[-1].key)
                break
        return done

    # ── sealed texts of other customers
    def _others(self, reached: str | None, until: float) -> Slice:
        texts = [variant.text for variant in self._sought.variants]
        everybody = sorted(register.mentioning(self._context, texts=texts, country=self._sought.country))
        left = [one for one in everybody if one > int(reached or 0)]
        done = Slice(columns=1)
        for start in range(0, len(left), _CUSTOMERS):
            chunk = left[start : start + _CUSTOMERS]
            done.rows += len(chunk)
            done.findings += self._of_customers(chunk)
            if time.monotonic() > until and start + _CUSTOMERS < len(left):
                done.reached = str(chunk[-1])
                break
        return done

    def _of_customers(self, customers: Sequence[int]) -> Iterator[Finding]:
        """What others' notes say of the person; not what they have in common, as a household its number or a namesake
        the name: that is theirs.
        """
        if not customers:
            return
        shared = {
            kind: register.sharing(
                self._context,
                kind=token,
                values=self._sought.own.get(token, ()),
                country=self._sought.country,
                among=customers,
            )
            for kind, token in _SHARED.items()
        }
        for text in register.free_texts(self._context, customers, what="proof.others"):
            for hit in find(self._automaton, text.text):
                if text.customer_id not in shared.get(self._automaton.variants[hit.variant].kind, ()):
                    place: dict[str, object] = {"customer": text.customer_id, "table": text.table, "row": text.row_id}
                    yield Finding(text.table, place, hit.context, str(text.customer_id))
                    break

    # ── files
    def _store(self, name: str, reached: str | None, until: float) -> Slice:
        folder = places.folders().get(name)
        done = Slice()
        for path in _left(places.files(self._context, folder) if folder is not None else (), reached):
            for report in walk([path], self._automaton, workers=1):
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
        for column, context in _in_row(automaton, row).items():
            place: dict[str, object] = {"table": table.name, "key": list(row.key), "column": column}
            yield Finding(f"{table.name}.{column}", place, context, owner)


def _in_row(automaton: Automaton, row: tables.Row) -> dict[str, str]:
    """The context of the first hit of each column."""
    cells = {column: hits[0].context for column, text in row.cells if (hits := find(automaton, text))}
    if cells:
        return cells
    whole = find(automaton, row.text)
    return {"*": whole[0].context} if whole else {}


def _left(paths: Iterable[Path], reached: str | None) -> Iterator[Path]:
    """Those that come after the one that was reached, in the order in which they are walked."""
    for path in paths:
        if reached is None or path.parts > Path(reached).parts:
            yield path


def _in_file(name: str, path: str, hits: Iterable[Hit]) -> Iterator[Finding]:
    """Each place of the file (a line, a page, a member of an archive) once, however much of the person stands there."""
    shown: dict[str, str] = {}
    for hit in hits:
        shown.setdefault(hit.place, hit.context)
    for place, context in shown.items():
        yield Finding(name, {"file": path, "in": place}, context)
