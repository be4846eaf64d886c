"""From the cells of a list to tokens. What stood in a cell is let go as soon as its token is made."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import connection

from trustdesk.batch.contracts import Row, RowFault
from trustdesk.clearance.api import PointReader
from trustdesk.clearance.contracts import PointKind
from trustdesk.kernel.context import AccessContext
from trustdesk.screening.contracts import CellKind, Fault, Layout
from trustdesk.screening.services.columns import put
from trustdesk.vault.api import Tokeniser, TokenKind

_INSERT = """
INSERT INTO screening_row (controller_id, list_id, row_number, column_number, kind, country, token, older, hashed,
  domain, customer_id, fault)
SELECT %b, %b, n, c, kind, country, token, CASE WHEN older IS NOT NULL THEN ARRAY[older] END, hashed, domain,
  customer, fault
FROM unnest(%b::bigint[], %b::smallint[], %b::text[], %b::text[], %b::bytea[], %b::bytea[], %b::bytea[], %b::bytea[],
  %b::bigint[], %b::text[]) AS fresh (n, c, kind, country, token, older, hashed, domain, customer, fault)
"""
_HOLDERS = """
SELECT DISTINCT ON (token) token, customer_id FROM clearance_point
WHERE controller_id = %s AND token = ANY(%s) ORDER BY token, customer_id
"""
# A customer number's token, and nothing else: numbers that several customers share name nobody.
_NAMED = """
SELECT t.token, min(coalesce(c.merged_into, c.id)) FROM register_token t
JOIN register_customer c ON c.controller_id = t.controller_id AND c.id = t.customer_id
WHERE t.controller_id = %s AND t.token = ANY(%s)
GROUP BY t.token HAVING count(DISTINCT coalesce(c.merged_into, c.id)) = 1
"""
_NUMBER: TokenKind = "external_id"


@dataclass(slots=True)
class Cell:
    """One cell, as it is kept."""

    row: int
    column: int
    kind: CellKind
    country: str | None = None
    token: bytes | None = field(default=None, repr=False)
    older: bytes | None = field(default=None, repr=False)
    hashed: bytes | None = field(default=None, repr=False)
    domain: bytes | None = field(default=None, repr=False)
    customer_id: int | None = None
    fault: Fault = Fault.NONE


class Reader:
    """Reads the rows of one chunk, inside its transaction."""

    def __init__(self, context: AccessContext, layout: Layout, country: str) -> None:
        self._context = context
        self._points = PointReader(context)
        self._tokeniser = Tokeniser(context)
        self._columns = list(enumerate(layout.columns.items()))
        self._country = layout.country or country

    @property
    def level(self) -> int:
        return self._points.level

    def cells(self, rows: Sequence[Row | RowFault]) -> list[Cell]:
        """The cells of all rows that hold something. A row that can't be read is one cell that says so."""
        made: list[Cell] = []
        asked: dict[int, list[Cell]] = {}
        for row in rows:
            if isinstance(row, RowFault):
                made.append(Cell(row.number, 0, self._columns[0][1][1], fault=Fault.BROKEN_ROW))
                continue
            made += self._row(row.number, row.values, asked)
        self._name(asked)
        self._hold([cell for cell in made if cell.token is not None])
        return made

    def _row(self, number: int, values: Mapping[str, str], asked: dict[int, list[Cell]]) -> Iterator[Cell]:
        for place, (column, kind) in self._columns:
            text = values.get(column, "").strip()
            if not text:
                continue
            cell = Cell(number, place, kind)
            if kind is CellKind.CUSTOMER:
                self._customer(cell, text, asked)
            else:
                self._point(cell, text)
            yield cell

    def _point(self, cell: Cell, text: str) -> None:
        read = self._points.read(PointKind(cell.kind.value), text, country=self._country)
        if read is None:
            cell.fault = Fault.UNREADABLE
            return
        newest, *older = read.tokens
        cell.country, cell.token, cell.hashed, cell.domain = read.country, newest.token, newest.hashed, newest.domain
        cell.older = older[0].token if older else None

    def _customer(self, cell: Cell, text: str, asked: dict[int, list[Cell]]) -> None:
        cell.fault = Fault.UNKNOWN_CUSTOMER
        for token in self._tokeniser.match_tokens(_NUMBER, text, country=self._country)[:1]:
            asked.setdefault(token, []).append(cell)

    def _name(self, asked: Mapping[int, list[Cell]]) -> None:
        if not asked:
            return
        with connection.cursor() as cursor:
            cursor.execute(_NAMED, [self._context.controller_id, list(asked)])
            for token, customer_id in cursor.fetchall():
                for cell in asked[token]:
                    cell.customer_id, cell.fault = customer_id, Fault.NONE

    def _hold(self, cells: Sequence[Cell]) -> None:
        """Who has the number now: so that it goes with them, should they be erased."""
        if not cells:
            return
        with connection.cursor() as cursor:
            cursor.execute(_HOLDERS, [self._context.controller_id, list({cell.token for cell in cells})])
            holders = {bytes(token): customer_id for token, customer_id in cursor.fetchall()}
        for cell in cells:
            cell.customer_id = holders.get(cell.token or b"")


def keep(context: AccessContext, list_id: int, cells: Iterable[Cell]) -> None:
    """Write the cells."""
    kept = list(cells)
    if not kept:
        return
    put(
        _INSERT,
        [
            context.controller_id,
            list_id,
            [cell.row for cell in kept],
            [cell.column for cell in kept],
            [cell.kind.value for cell in kept],
            [cell.country for cell in kept],
            [cell.token for cell in kept],
            [cell.older for cell in kept],
            [cell.hashed for cell in kept],
            [cell.domain for cell in kept],
            [cell.customer_id for cell in kept],
            [cell.fault.value for cell in kept],
        ],
    )
