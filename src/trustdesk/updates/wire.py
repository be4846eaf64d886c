"""The raw psycopg cursor of Django's scoped connection: statements bound on the server, rows in binary.

Many rows go in as one JSON text, which the database turns into columns: one parameter, one statement.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, LiteralString

import orjson
import psycopg
from django.db import connection

from trustdesk.isolation.api import in_scope, scoped
from trustdesk.kernel.context import AccessContext

Row = tuple[Any, ...]
_PREPARE_AFTER = 2  # executions


@contextmanager
def within(context: AccessContext) -> Iterator[None]:
    """The running transaction where it has the context's scope already, else one of its own. For reads."""
    if in_scope(context.scope):
        yield
    else:
        with scoped(context.scope):
            yield


def raw() -> "psycopg.Cursor[Row]":
    """A cursor that binds on the server, on Django's connection: call it inside `isolation.api.scoped`."""
    if not connection.in_atomic_block:
        raise RuntimeError("updates are read and written inside a scoped transaction only")
    held: psycopg.Connection[Row] = connection.connection
    held.prepare_threshold = _PREPARE_AFTER  # Django's own cursors bind on the client and never prepare
    return psycopg.Cursor(held)


def fetch(statement: LiteralString, *parameters: object) -> list[Row]:
    """All rows of one statement."""
    with connection.wrap_database_errors, raw() as cursor:
        return cursor.execute(statement, parameters, binary=True).fetchall()


def run(statement: LiteralString, *parameters: object) -> int:
    """Rows touched by one statement."""
    with connection.wrap_database_errors, raw() as cursor:
        return cursor.execute(statement, parameters).rowcount


def packed(rows: Sequence[Mapping[str, object]]) -> str:
    """Rows for `json_to_recordset`."""
    return orjson.dumps(rows).decode()


def json_text(said: object) -> str:
    return orjson.dumps(said).decode()
