"""The raw psycopg cursor of Django's scoped connection, and columns as binary arrays.

COPY FROM is refused under row-level security, so many rows go in as `INSERT … SELECT unnest(…)`. psycopg builds
arrays element by element in Python; whole columns packed here cost a tenth of that.
"""

import struct
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, LiteralString

import psycopg
from django.db import connection
from psycopg.abc import Buffer
from psycopg.adapt import Dumper
from psycopg.pq import Format

from trustdesk.isolation.api import in_scope, scoped
from trustdesk.kernel.context import AccessContext

_INT8_OID = 20
_HEADER = struct.Struct(">iiIii")  # dimensions, has nulls, element type, length, lower bound
_PREPARE_AFTER = 2  # executions
_NULL = b"\xff\xff\xff\xff"


class Column:
    """One array in PostgreSQL's binary form. None is NULL; `unnest` fills a shorter column up with NULL."""

    __slots__ = ("data",)

    def __init__(self, data: bytes) -> None:
        self.data = data


class Int8Column(Column):
    """A bigint[] without NULL."""

    __slots__ = ()

    def __init__(self, numbers: Sequence[int]) -> None:
        pairs = [8] * (2 * len(numbers))
        pairs[1::2] = numbers
        super().__init__(
            _HEADER.pack(1, 0, _INT8_OID, len(numbers), 1) + struct.pack(">" + "iq" * len(numbers), *pairs)
        )


class ByteaColumn(Column):
    """A bytea[]."""

    __slots__ = ()

    def __init__(self, boxes: Sequence[bytes | None]) -> None:
        super().__init__(_varlena(17, boxes))


class TextColumn(Column):
    """A text[]."""

    __slots__ = ()

    def __init__(self, texts: Iterable[str | None]) -> None:
        super().__init__(_varlena(25, [None if text is None else text.encode() for text in texts]))


def _varlena(element_oid: int, items: Sequence[bytes | None]) -> bytes:
    if all(item is None for item in items):
        return _HEADER.pack(0, 0, element_oid, 0, 1)[:12]
    parts = [_HEADER.pack(1, 1, element_oid, len(items), 1)]
    for item in items:
        if item is None:
            parts.append(_NULL)
        else:
            parts += (len(item).to_bytes(4, "big"), item)
    return b"".join(parts)


def _dumper(array_oid: int) -> type[Dumper]:
    class ColumnDumper(Dumper):
        format = Format.BINARY
        oid = array_oid

        def dump(self, obj: Column) -> Buffer | None:
            return obj.data

    return ColumnDumper


_DUMPERS = {Int8Column: _dumper(1016), ByteaColumn: _dumper(1001), TextColumn: _dumper(1009)}


def raw() -> "psycopg.Cursor[tuple[Any, ...]]":
    """A cursor that binds on the server, on Django's connection: call it inside `isolation.api.scoped`."""
    if not connection.in_atomic_block:
        raise RuntimeError("a raw cursor needs a scoped transaction")
    held: psycopg.Connection[tuple[Any, ...]] = connection.connection
    held.prepare_threshold = _PREPARE_AFTER  # Django's own cursors bind on the client and never prepare
    return psycopg.Cursor(held)


@contextmanager
def within(context: AccessContext) -> Iterator[None]:
    """The running transaction where it has the context's scope already, else one of its own. For reads: a savepoint
    around one SELECT would cost three round trips.
    """
    if in_scope(context.scope):
        yield
    else:
        with scoped(context.scope):
            yield


def fetch(statement: LiteralString, *parameters: object) -> list[tuple[Any, ...]]:
    """All rows of one statement, which may take columns."""
    with connection.wrap_database_errors, raw() as cursor:
        return _taking_columns(cursor, parameters).execute(statement, parameters, binary=True).fetchall()


def run(statement: LiteralString, *parameters: object) -> int:
    """Rows touched by one statement, which may take columns."""
    with connection.wrap_database_errors, raw() as cursor:
        return _taking_columns(cursor, parameters).execute(statement, parameters).rowcount


def _taking_columns(
    cursor: "psycopg.Cursor[tuple[Any, ...]]", parameters: Sequence[object]
) -> "psycopg.Cursor[tuple[Any, ...]]":
    if any(isinstance(parameter, Column) for parameter in parameters):
        for column, dumper in _DUMPERS.items():
            cursor.adapters.register_dumper(column, dumper)
    return cursor
