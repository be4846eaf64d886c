"""The index in memory: tokens and numbers of one company's customers, kept by the process while it is used.

It is read under the company's own signed scope and kept under the company's number, so it never holds anybody else's.
Before each use it takes in what was written since: rows say by which transaction, and all that could not be seen at the
last look is looked at again, so that a transaction which began earlier and committed later is not missed.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from trustdesk.isolation.api import joined
from trustdesk.kernel.context import AccessContext
from trustdesk.matching.api import EDITION, WIDTH, Index
from trustdesk.updates import wire
from trustdesk.updates.services.profiles import STORED

IDLE_SECONDS = 600.0
"""So long an index that nobody uses is kept."""
_OLDEST_SECONDS = 12 * 3600.0  # what went is noted for a day: whoever did not look for half of it begins anew
_HEADER, _FIELDS = 19, 2  # of PostgreSQL's binary COPY
_ROW = np.dtype([("fields", ">i2"), ("id_size", ">i4"), ("id", ">i8"), ("size", ">i4"), ("tokens", STORED, (WIDTH,))])
_COUNT = "SELECT count(*) FROM updates_profile WHERE controller_id = %s AND edition = %s"
_ALL = """
COPY (SELECT customer_id, tokens FROM updates_profile WHERE controller_id = %s AND edition = %s)
TO STDOUT (FORMAT BINARY)
"""
_NOW = """
SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
  coalesce(pg_current_xact_id_if_assigned()::text::bigint, 0)
"""
_FRESH = """
SELECT customer_id, tokens, stamp FROM updates_profile WHERE controller_id = %s AND edition = %s AND stamp >= %s
UNION ALL
SELECT customer_id, tokens, stamp FROM updates_profile
WHERE controller_id = %s AND edition = %s AND stamp < %s AND customer_id = ANY(%s::bigint[])
"""
_GONE = "SELECT customer_id, stamp FROM updates_departed WHERE controller_id = %s AND stamp >= %s"


@dataclass(slots=True)
class _Kept:
    """An index and up to where it has seen. `unsure`: rows that a transaction had written which was not over yet."""

    index: Index
    horizon: int
    unsure: set[int]
    refreshed: float
    lock: threading.Lock = field(default_factory=threading.Lock)
    timer: threading.Timer | None = None


_lock = threading.Lock()
_kept: dict[int, _Kept] = {}


@contextmanager
def index_of(context: AccessContext) -> Iterator[Index]:
    """The company's index as of now, for one use at a time."""
    with joined(context.scope):
        kept = _held(context)
        with kept.lock:
            _refresh(context, kept)
            try:
                yield kept.index
            finally:
                _keep_awhile(context.controller_id, kept)


def drop(controller_id: int | None = None) -> None:
    """Let go of an index, or of all of them: before the process forks, and where nobody uses it."""
    with _lock:
        gone = [controller_id] if controller_id is not None else list(_kept)
        for each in gone:
            kept = _kept.pop(each, None)
            if kept is not None and kept.timer is not None:
                kept.timer.cancel()


def held(controller_id: int) -> Index | None:
    """What the process keeps of a company at this moment."""
    kept = _kept.get(controller_id)
    return kept.index if kept else None


def everybody(context: AccessContext) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The number and the tokens of each of the company's customers, for who looks at all of them at once."""
    with joined(context.scope):
        rows = np.concatenate(list(_blocks(context)))
    return rows["id"].astype(np.int64), rows["tokens"].astype(np.int64)


def _held(context: AccessContext) -> _Kept:
    with _lock:
        kept = _kept.get(context.controller_id)
    if kept is not None and time.monotonic() - kept.refreshed < _OLDEST_SECONDS:
        return kept
    loaded = _load(context)
    with _lock:
        _kept[context.controller_id] = loaded
    return loaded


def _load(context: AccessContext) -> _Kept:
    """One stream of rows, all of one size: a table in memory without a loop over a million of them."""
    horizon, _own = wire.fetch(_NOW)[0]
    count = wire.fetch(_COUNT, context.controller_id, EDITION)[0][0]
    ids, tokens = np.empty(count, np.int64), np.empty((count, WIDTH), np.int64)
    filled, more = 0, []
    for rows in _blocks(context):
        taken = rows[: count - filled]
        ids[filled : filled + len(taken)] = taken["id"]
        tokens[filled : filled + len(taken)] = taken["tokens"]
        filled += len(taken)
        more.append(rows[len(taken) :])  # committed since it was counted
    index = Index(ids[:filled], tokens[:filled])
    late = np.concatenate(more)
    if len(late):
        index.put(late["id"].astype(np.int64), late["tokens"].astype(np.int64))
    return _Kept(index, horizon, set(), time.monotonic())


def _blocks(context: AccessContext) -> Iterator["np.ndarray[tuple[int], np.dtype[np.void]]"]:
    pending = bytearray()
    header = _HEADER
    with (
        connection.wrap_database_errors,
        wire.raw() as cursor,
        cursor.copy(_ALL, (context.controller_id, EDITION)) as copy,
    ):
        for piece in copy:
            pending += piece[header:]
            header = 0
            if len(pending) >= 4096 * _ROW.itemsize:
                whole = len(pending) // _ROW.itemsize
                yield np.frombuffer(bytes(pending[: whole * _ROW.itemsize]), _ROW)
                del pending[: whole * _ROW.itemsize]
    whole = len(pending) // _ROW.itemsize  # two bytes are left: the end
    yield np.frombuffer(bytes(pending[: whole * _ROW.itemsize]), _ROW)


def _refresh(context: AccessContext, kept: _Kept) -> None:
    horizon, own = wire.fetch(_NOW)[0]
    if horizon < kept.horizon:  # another database than before: it was restored under us
        loaded = _load(context)
        kept.index, kept.horizon, kept.unsure = loaded.index, loaded.horizon, set()
    company, unsure = context.controller_id, list(kept.unsure)
    gone = wire.fetch(_GONE, company, kept.horizon)
    rows = wire.fetch(_FRESH, company, EDITION, kept.horizon, company, EDITION, kept.horizon, unsure)
    present = {row[0] for row in rows}
    leaving = {row[0] for row in gone} | (kept.unsure - present)
    if leaving:
        kept.index.drop(np.array(sorted(leaving), np.int64))
    if rows:
        tokens = np.frombuffer(b"".join(bytes(row[1]) for row in rows), STORED).reshape(len(rows), WIDTH)
        kept.index.put(np.array([row[0] for row in rows], np.int64), tokens.astype(np.int64))
    kept.unsure = {row[0] for row in [*rows, *gone] if own and row[-1] == own}
    kept.horizon, kept.refreshed = horizon, time.monotonic()


def _keep_awhile(controller_id: int, kept: _Kept) -> None:
    if kept.timer is not None:
        kept.timer.cancel()
    kept.timer = threading.Timer(IDLE_SECONDS, _drop_idle, (controller_id, kept))
    kept.timer.daemon = True
    kept.timer.start()


def _drop_idle(controller_id: int, kept: _Kept) -> None:
    with _lock:
        if _kept.get(controller_id) is kept:
            del _kept[controller_id]
