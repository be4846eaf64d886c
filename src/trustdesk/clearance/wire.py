"""The database side of clearance: Django's scoped connection with statements bound on the server, and its locks."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, LiteralString

import psycopg
from django.db import connection

from trustdesk.isolation.api import in_scope, scoped
from trustdesk.kernel.context import AccessContext

Row = tuple[Any, ...]
Rows = list[Row]
_PREPARE_AFTER = 2  # executions

_EXCLUSIVE = """
SELECT pg_advisory_xact_lock(key) FROM (SELECT DISTINCT key FROM unnest(%s::bigint[]) AS asked (key) ORDER BY key) AS k
"""
SHARED = """
SELECT pg_advisory_xact_lock_shared(key)
FROM (SELECT DISTINCT key FROM unnest(%s::bigint[]) AS asked (key) ORDER BY key) AS k
"""
SHARED_BY_SESSION = """
SELECT pg_advisory_lock_shared(key)
FROM (SELECT DISTINCT key FROM unnest(%s::bigint[]) AS asked (key) ORDER BY key) AS k
"""


@contextmanager
def within(context: AccessContext) -> Iterator[None]:
    """The running transaction where it has the context's scope already, else one of its own."""
    if in_scope(context.scope):
        yield
    else:
        with scoped(context.scope):
            yield


def _cursor() -> "psycopg.Cursor[tuple[Any, ...]]":
    held: psycopg.Connection[tuple[Any, ...]] | None = connection.connection
    if held is None or not connection.in_atomic_block:
        raise RuntimeError("clearance reads and writes inside a scoped transaction only")
    held.prepare_threshold = _PREPARE_AFTER  # Django's own cursors bind on the client and never prepare
    return psycopg.Cursor(held)


def fetch(statement: LiteralString, parameters: Sequence[object] | Mapping[str, object]) -> Rows:
    """All rows of one statement."""
    with connection.wrap_database_errors, _cursor() as cursor:
        return cursor.execute(statement, parameters, binary=True).fetchall()


def run(statement: LiteralString, parameters: Sequence[object] | Mapping[str, object]) -> int:
    """Rows touched by one statement. Lists go as %b where they hold boxes: in text form each costs 75 µs."""
    with connection.wrap_database_errors, _cursor() as cursor:
        return cursor.execute(statement, parameters).rowcount


def customer_lock(customer_id: int) -> int:
    """The key of a customer's lock. Negative: the other rooms' locks are made of positive ids."""
    return -customer_id


def token_lock(token: bytes) -> int:
    """The key of a suppression token's lock."""
    return int.from_bytes(token[:8], "big", signed=True)


def lock(keys: Iterable[int]) -> None:
    """Wait for whoever contacts these, and keep contacts waiting until the transaction ends. In one order for all."""
    fetch(_EXCLUSIVE, [list(keys)])


def lock_shared(keys: Iterable[int]) -> None:
    """Keep withdrawals, objections and suppressions of these waiting until the transaction ends."""
    fetch(SHARED, [list(keys)])
