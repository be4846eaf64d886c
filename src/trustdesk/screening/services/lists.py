"""Lists: given as a file or made by a filter, read into tokens in chunks that are each one transaction."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import islice

from django.db import connection
from django.utils.translation import gettext as _
from psycopg import sql

from trustdesk.batch.api import check_same, check_same_time, mark, open_table
from trustdesk.batch.contracts import FileMark, FileReason, ListFile, Row, RowFault, Table, UnreadableFileError
from trustdesk.clearance.api import PointReader
from trustdesk.intake import api as intake
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, NotFoundError
from trustdesk.kernel.ids import new_id
from trustdesk.mandates.api import controller
from trustdesk.screening.contracts import CellKind, Fault, Layout, ListState, criteria_from_json, layout_from_json
from trustdesk.screening.models import Filter, List
from trustdesk.screening.services.cells import Cell, Reader, keep
from trustdesk.screening.services.columns import put
from trustdesk.screening.services.filters import condition
from trustdesk.screening.services.running import RunKey
from trustdesk.vault.api import SuppressionToken, Suppressor

CHUNK_ROWS = 5_000
KEPT = timedelta(days=30)
"""How long rows and verdicts are kept; the signed summary stays."""

Told = Callable[[float], None]

_BY_FILTER = """
INSERT INTO screening_row (controller_id, list_id, row_number, column_number, kind, customer_id, fault)
SELECT {controller}, {list}, row_number() OVER (ORDER BY c.id), 0, 'customer', c.id, ''
FROM register_customer c
WHERE c.controller_id = {controller} AND c.merged_into IS NULL AND c.restricted_at IS NULL AND {condition}
"""
# Cells have tokens of one older version at most.
_TOKENS = """
SELECT row_number, column_number, token, older[1], hashed, domain FROM screening_row
WHERE controller_id = %s AND list_id = %s AND (row_number, column_number) > (%s, %s) AND token IS NOT NULL
ORDER BY row_number, column_number LIMIT %s
"""
_CARRY = """
UPDATE screening_row r SET token = new.token, older = CASE WHEN new.older IS NOT NULL THEN ARRAY[new.older] END,
  hashed = new.hashed, domain = new.domain
FROM unnest(%b::bigint[], %b::smallint[], %b::bytea[], %b::bytea[], %b::bytea[], %b::bytea[])
  AS new (n, c, token, older, hashed, domain)
WHERE r.controller_id = %b AND r.list_id = %b AND r.row_number = new.n AND r.column_number = new.c
"""
_RENESTED_AT_ONCE = 20_000
_FORGET = "DELETE FROM screening_row WHERE controller_id = %s AND list_id = %s"


def begin_list(context: AccessContext, *, path: ListFile, layout: Layout, now: datetime, uploaded: str = "") -> int:
    """The list of this file read in this way: the one begun before, or a new one. Needs `list:screen`.

    Nothing is read yet but its digest and header. BadInputError where the layout names a column that is not there, or
    none.
    """
    context.check_operation("list:screen")
    found = mark(path)
    with open_table(path, layout.reading) as table:
        _check_columns(table, layout)
    with scoped(context.scope):
        known = _known(context, found, layout, uploaded)
        if known is not None:
            return known
        made = List(
            controller_id=context.controller_id,
            id=new_id(),
            digest=found.sha256,
            layout=layout.as_json(),
            uploaded=uploaded,
            file_size=found.size,
            file_modified_ns=found.modified_ns,
            level=0,
            state=ListState.READING.value,
            created_at=now,
            created_by=context.operator_id,
            erase_at=now + KEPT,
        )
        made.save(force_insert=True)
        context.journal.deed(context, "screening.list.begun", detail={"list": made.id, "file": found.sha256.hex()})
        return made.id


def _known(context: AccessContext, found: FileMark, layout: Layout, uploaded: str) -> int | None:
    same = List.objects.filter(controller_id=context.controller_id, digest=found.sha256, layout=layout.as_json())
    row = same.filter(erase_at__gt=clock.now()).order_by("-created_at").first()
    if row is None:
        return None
    if row.state == ListState.READING.value and row.file_modified_ns != found.modified_ns:
        # The same bytes, given once more: it is read from these, for nobody says how long the others stay.
        _change(row, file_modified_ns=found.modified_ns, uploaded=uploaded)
    return row.id


def list_of_filter(context: AccessContext, *, filter_id: int, now: datetime) -> int:
    """A list of the customers that a saved filter means at this moment; its id. Needs `list:screen`."""
    context.check_operation("list:screen")
    with scoped(context.scope):
        saved = Filter.objects.filter(controller_id=context.controller_id, id=filter_id).first()
        if saved is None:
            raise NotFoundError(_("There is no such filter."), place="filter")
        made = List(
            controller_id=context.controller_id,
            id=new_id(),
            digest=bytes(saved.digest),
            filter_id=filter_id,
            level=Reader(context, Layout(columns={}), "").level,
            state=ListState.READY.value,
            customers=True,
            created_at=now,
            created_by=context.operator_id,
            erase_at=now + KEPT,
        )
        made.save(force_insert=True)
        statement = sql.SQL(_BY_FILTER).format(
            controller=sql.Literal(context.controller_id),
            list=sql.Literal(made.id),
            condition=condition(context, criteria_from_json(saved.criteria)),
        )
        with connection.cursor() as cursor:
            cursor.execute(statement.as_string(connection.connection))
            rows = int(cursor.rowcount)
        _change(made, rows=rows, cells=rows)
        context.journal.deed(context, "screening.list.begun", detail={"list": made.id, "filter": filter_id})
        return made.id


def find(context: AccessContext, list_id: int) -> List:
    with scoped(context.scope):
        row = List.objects.filter(controller_id=context.controller_id, id=list_id).first()
    if row is None:
        raise NotFoundError(_("There is no such list."), place="list")
    return row


def read(key: RunKey, row: List, path: ListFile, *, chunk_rows: int = CHUNK_ROWS, told: Told | None = None) -> List:
    """Read the list to its end, after its last committed chunk. Memory does not grow with it.

    UnreadableFileError where it can't be read on, or is no longer the file it was.
    """
    layout = layout_from_json(row.layout or {})
    was = FileMark(row.file_size, row.file_modified_ns, bytes(row.digest))
    check_same(path, was)
    country = controller(key.controller_id).country
    with open_table(path, layout.reading) as table:
        for rows in _cut(islice(table.rows(), row.rows, None), chunk_rows):
            check_same_time(path, was)
            _chunk(key, row, layout, country, rows)
            if told is not None:
                told(table.fraction())
    now = clock.now()
    context = key.context(now)
    uploaded = row.uploaded
    with scoped(context.scope):
        _change(row, state=ListState.READY.value, uploaded="")
        context.journal.deed(
            context,
            "screening.list.read",
            detail={"list": row.id, "rows": row.rows, "cells": row.cells, "unreadable": row.unreadable},
        )
    if uploaded:
        intake.forget(context, uploaded, now=now)
    return row


def _chunk(key: RunKey, row: List, layout: Layout, country: str, rows: list[Row | RowFault]) -> None:
    context = key.context(clock.now())
    with scoped(context.scope):
        reader = Reader(context, layout, country)
        if row.level in {0, reader.level}:
            cells = reader.cells(rows)
            keep(context, row.id, cells)
            _count(row, cells, rows=len(rows), level=reader.level)
            return
    # A key was nested meanwhile: what was read stands at the old level, where nobody will be found any more.
    with scoped(context.scope):
        forget_rows(context, row)
        _change(row, rows=0, cells=0, unreadable=0, level=0)
    raise UnreadableFileError(
        FileReason.CHANGED,
        _("The keys of the suppression list changed while this list was read."),
        place="list",
        mend=_("Start the screening again: the list is read anew."),
    )


def forget_rows(context: AccessContext, row: List) -> None:
    """Delete what was kept of the list's cells."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, [context.controller_id, row.id])


def _count(row: List, cells: list[Cell], *, rows: int, level: int) -> None:
    named = any(cell.kind is CellKind.CUSTOMER for cell in cells)
    _change(
        row,
        level=level,
        rows=row.rows + rows,
        cells=row.cells + len(cells),
        unreadable=row.unreadable + sum(cell.fault is not Fault.NONE for cell in cells),
        numbers=row.numbers or any(cell.kind is not CellKind.CUSTOMER for cell in cells),
        customers=row.customers or named,
        older=max(row.older, int(any(cell.older is not None for cell in cells))),
    )


def carried(context: AccessContext, row: List) -> List:
    """The list at a level of keys that points and suppressions still stand at: its tokens are carried there."""
    with scoped(context.scope):
        reader = PointReader(context)
        if row.level and row.level < reader.floor:
            _renest(context, row)
            _change(row, level=reader.level)
    return row


def _renest(context: AccessContext, row: List) -> None:
    suppressor = Suppressor(context)

    def carried_one(token: bytes | None) -> bytes | None:
        return None if token is None else suppressor.renest(SuppressionToken(0, row.level, bytes(token))).token

    after = (0, -1)
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_TOKENS, [context.controller_id, row.id, *after, _RENESTED_AT_ONCE])
            found = cursor.fetchall()
        if not found:
            return
        columns = [[carried_one(one[place]) for one in found] for place in (2, 3, 4, 5)]
        put(
            _CARRY,
            [[one[0] for one in found], [one[1] for one in found], *columns, context.controller_id, row.id],
        )
        after = (found[-1][0], found[-1][1])


def received(context: AccessContext, row: List) -> ListFile:
    """The uploaded file. NotFoundError where it is gone, or was never ours to keep."""
    if not row.uploaded:
        raise NotFoundError(
            _("The list's file is not here."),
            place="list",
            mend=_("Give the list again; what was read of it is kept."),
        )
    return intake.received(context, row.uploaded)


def _check_columns(table: Table, layout: Layout) -> None:
    missing = [column for column in layout.columns if column not in table.columns]
    if missing or not layout.columns:
        raise BadInputError(
            _("The list has no such column.") if missing else _("No column says whom the list is about."),
            place=", ".join(missing) or "columns",
            mend=_("Its columns: %(columns)s.") % {"columns": ", ".join(table.columns)},
        )


def _cut(rows: Iterator[Row | RowFault], size: int) -> Iterator[list[Row | RowFault]]:
    chunk: list[Row | RowFault] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _change(row: List, **values: object) -> None:
    List.objects.filter(controller_id=row.controller_id, id=row.id).update(**values)
    for name, value in values.items():
        setattr(row, name, value)
