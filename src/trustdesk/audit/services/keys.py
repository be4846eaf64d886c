"""The keys of the bodies: one a tree and month, wrapped under the root key, destroyed when the log's retention ends."""

import threading
import time
from datetime import datetime

import psycopg

from trustdesk.audit.contracts import INSTALLATION
from trustdesk.audit.entry import MonthKey
from trustdesk.isolation.api import raw_pool
from trustdesk.kernel.errors import RefusedError
from trustdesk.seal.api import new_key
from trustdesk.vault.api import root_unwrap, root_wrap

SET_SCOPE = "SELECT set_config('trustdesk.scope', %s, true)"
_KEPT_SECONDS = 300.0  # another process may have destroyed the key meanwhile
_lock = threading.Lock()
_kept: dict[tuple[int, str], tuple[float, MonthKey]] = {}

_READ = "SELECT period, wrapped FROM audit_key WHERE controller_id = %s AND period = ANY(%s)"
_READ_INSTALLATION = "SELECT period, wrapped FROM audit_installation_key WHERE %s = 0 AND period = ANY(%s)"
_ADD = (
    "INSERT INTO audit_key (controller_id, period, wrapped, created_at) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING"
)
_ADD_INSTALLATION = (
    "INSERT INTO audit_installation_key (period, wrapped, created_at)"
    " SELECT %s, %s, %s WHERE %s = 0 ON CONFLICT DO NOTHING"
)


def period_of(at: datetime) -> str:
    return f"{at.year:04}-{at.month:02}"  # strftime takes longer than sealing the entry


def writing_key(controller_id: int, at: datetime, *, scope: str = "") -> MonthKey:
    """The key of the month, made where it is missing: on a connection of its own, so that no rollback loses it."""
    period = period_of(at)
    kept = _recall(controller_id, period)
    if kept is not None:
        return kept
    with raw_pool().connection() as connection, connection.transaction():
        connection.execute(SET_SCOPE, [scope])
        rows = _rows(connection, controller_id, [period])
        if not rows:
            _add(connection, controller_id, period, at)
            rows = _rows(connection, controller_id, [period])
    wrapped = rows[0][1] if rows else None
    if wrapped is None:
        raise RefusedError(
            "The log has no key for this month: nothing may be opened that can't be logged.",
            place=f"audit {period}",
            mend="Check the server's clock: keys of past months are destroyed when the log's retention ends.",
        )
    return _remember(controller_id, period, wrapped)


def reading_keys(connection: psycopg.Connection, controller_id: int, periods: list[str]) -> dict[str, MonthKey]:
    """The keys that still exist, by month. The connection has the scope, or is the sequencer's."""
    found = {}
    for period, wrapped in _rows(connection, controller_id, periods):
        if wrapped is not None:
            found[period] = _recall(controller_id, period) or _remember(controller_id, period, wrapped)
    return found


def destroy_before(connection: psycopg.Connection, period: str, *, now: datetime) -> int:
    """Destroy every key of a month before `period`, of all trees. On the sequencer's connection."""
    destroyed = 0
    for table in ("audit_key", "audit_installation_key"):
        destroyed += connection.execute(
            f"UPDATE {table} SET wrapped = NULL, destroyed_at = %s WHERE period < %s AND wrapped IS NOT NULL",  # noqa: S608 - table names of this file
            [now, period],
        ).rowcount
    forget()
    return destroyed


def forget() -> None:
    """Drop the unwrapped keys of this process."""
    with _lock:
        _kept.clear()


def _recall(controller_id: int, period: str) -> MonthKey | None:
    until, key = _kept.get((controller_id, period), (0.0, None))
    return key if time.monotonic() < until else None


def _remember(controller_id: int, period: str, wrapped: bytes) -> MonthKey:
    key = MonthKey(period, root_unwrap(wrapped, label=_label(controller_id, period)))
    with _lock:
        _kept[controller_id, period] = (time.monotonic() + _KEPT_SECONDS, key)
    return key


def _rows(connection: psycopg.Connection, controller_id: int, periods: list[str]) -> list[tuple[str, bytes | None]]:
    statement = _READ if controller_id != INSTALLATION else _READ_INSTALLATION
    return connection.execute(statement, [controller_id, periods]).fetchall()


def _add(connection: psycopg.Connection, controller_id: int, period: str, at: datetime) -> None:
    wrapped = root_wrap(new_key(), label=_label(controller_id, period))
    if controller_id != INSTALLATION:
        connection.execute(_ADD, [controller_id, period, wrapped, at])
    else:
        connection.execute(_ADD_INSTALLATION, [period, wrapped, at, controller_id])


def _label(controller_id: int, period: str) -> str:
    return f"audit|{controller_id}|{period}"
