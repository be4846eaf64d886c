"""Scoped transactions on Django's connection, and raw pools apart from it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from psycopg.pq import Escaping, TransactionStatus

from trustdesk.isolation.hot import Parameter, changed, check, run
from trustdesk.isolation.pools import RawPool
from trustdesk.kernel.errors import RefusedError

_lock = threading.Lock()
_pools: dict[str, RawPool] = {}
_SET_SCOPE = (
    b"SELECT set_config('trustdesk.scope', %s, true), set_config('plan_cache_mode', 'force_generic_plan', true)"
)


@contextmanager
def scoped(scope: str) -> Iterator[None]:
    """A transaction on Django's connection in which the policies see the signed scope; nested blocks must share it.

    Raises RefusedError where a block for another scope is opened inside.
    """
    outer = getattr(connection, "trustdesk_scope", "")
    if outer and outer != scope:
        raise RefusedError("One transaction serves one controller.", place="isolation.scoped")
    if outer and getattr(connection, "trustdesk_reads", False):
        yield  # what can write nothing has nothing to take back: no savepoint
        return
    enclosed = connection.in_atomic_block
    with transaction.atomic():
        _set_scope(scope)
        connection.trustdesk_scope = scope  # type: ignore[attr-defined]
        try:
            yield
        finally:
            connection.trustdesk_scope = outer  # type: ignore[attr-defined]
        # Only an enclosing transaction keeps the setting alive, and there it must not outlive its block. After an
        # error the rollback takes it back by itself; asking an aborted transaction would hide the error.
        if enclosed and not outer and not connection.needs_rollback:
            _set_scope("")


@contextmanager
def reading(scope: str) -> Iterator[None]:
    """As `scoped`, and nothing can be written in it: the database refuses that. Blocks inside it join it."""
    with scoped(scope):
        if getattr(connection, "trustdesk_reads", False):
            yield
            return
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        connection.trustdesk_reads = True  # type: ignore[attr-defined]
        try:
            yield
        finally:
            connection.trustdesk_reads = False  # type: ignore[attr-defined]


@contextmanager
def joined(scope: str) -> Iterator[None]:
    """The running block for this scope, without a savepoint, or else one of its own as `scoped`.

    A fault inside undoes the whole block: for what is done as a whole, or not at all.
    """
    if in_scope(scope):
        yield
        return
    with scoped(scope):
        yield


def _set_scope(scope: str) -> None:
    """In one round trip with the BEGIN before it, where the transaction has not begun on the wire yet.

    Statements prepared on this connection find rows by their keys, so one plan serves all parameters: left to itself
    the planner would plan them anew each time, which takes longer than running them.
    """
    held: psycopg.Connection = connection.connection
    with connection.wrap_database_errors:
        pg = held.pgconn
        begin = b"BEGIN;" if pg.transaction_status == TransactionStatus.IDLE else b""
        check(pg.exec_(begin + _SET_SCOPE % Escaping(pg).escape_literal(scope.encode())))


def in_scope(scope: str) -> bool:
    """True inside a `scoped` block for this scope: what needs one may join it instead of nesting another."""
    return connection.in_atomic_block and getattr(connection, "trustdesk_scope", "") == scope


def ask(scope: str, statement: str, *parameters: Parameter) -> list[tuple[Any, ...]]:
    """The rows of one read that enters the scope by itself, in one round trip: a transaction around it would be three.

    The statement (parameters `$1`, `$2`, …) calls a function whose first parameter is the scope and whose first act is
    to set it for the transaction. Joins the running transaction, which must be in the same scope or in none.
    """
    mine = connections[DEFAULT_DB_ALIAS]
    if mine.in_atomic_block and getattr(mine, "trustdesk_scope", "") != scope:
        with scoped(scope):
            return ask(scope, statement, *parameters)
    mine.ensure_connection()
    with mine.wrap_database_errors:
        return run(mine.connection, statement, (scope, *parameters))


def raw_pool(role: str = "app") -> RawPool:
    """Autocommit connections apart from Django's, as the role `app` or `sequencer`: an entry committed on one stands
    whatever becomes of the request. KeyError for any other role.
    """
    with _lock:
        if role not in _pools:
            _pools[role] = RawPool(settings.TRUSTDESK_CONNINFO[role], f"trustdesk-{role}")
        return _pools[role]


def write_apart(statement: str, *values: bytes) -> int:
    """How many rows a statement has written on a connection of its own, once it is committed: in one round trip.

    The values are in PostgreSQL's binary form; as for `ask`, the first is the scope, which the statement enters by
    itself. What it wrote stands whatever becomes of the request.
    """
    pool = raw_pool()
    held = pool.take()
    try:
        return changed(held, statement, values)
    finally:
        pool.give(held)


def close_pools() -> None:
    """Give back every raw connection: before the database stops, is replaced, or the process forks."""
    with _lock:
        for pool in _pools.values():
            pool.close()
        _pools.clear()
