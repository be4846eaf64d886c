"""The database side of the vault: one scoped transaction, statements bound on the server."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, LiteralString

import psycopg
from django.db import connection

from trustdesk.isolation.api import in_scope, scoped
from trustdesk.kernel.context import AccessContext


@contextmanager
def within(context: AccessContext) -> Iterator[None]:
    """The running transaction where it has the context's scope already, else one of its own.

    Opening a value is on the way of every page: a savepoint around one SELECT would cost it three round trips.
    """
    if in_scope(context.scope):
        yield
    else:
        with scoped(context.scope):
            yield


# Lists are passed as %b: in text form psycopg escapes a list of boxes at 75 µs each, in binary form at 0.4.


def fetch(statement: LiteralString, *parameters: object) -> list[tuple[Any, ...]]:
    with psycopg.Cursor(_connection()) as cursor:
        return cursor.execute(statement, parameters, binary=True).fetchall()


def run(statement: LiteralString, *parameters: object) -> int:
    with psycopg.Cursor(_connection()) as cursor:
        return cursor.execute(statement, parameters).rowcount


def _connection() -> "psycopg.Connection[tuple[Any, ...]]":
    held: psycopg.Connection[tuple[Any, ...]] | None = connection.connection
    if held is None or not connection.in_atomic_block:
        raise RuntimeError("the vault reads and writes inside a scoped transaction only")
    return held
