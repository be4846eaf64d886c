"""The house's own check: every entry against its leaf, the leaves against the last signed root."""

from datetime import datetime

import psycopg

from trustdesk.audit.services.export import numbered_entries
from trustdesk.audit.verifier import Frontier, leaf_hash, parse_checkpoint
from trustdesk.isolation.api import raw_pool
from trustdesk.kernel.ids import new_id

_LAST = "SELECT note FROM audit_checkpoint WHERE controller_id = %s ORDER BY size DESC LIMIT 1"
_LEAVES = "SELECT hash FROM audit_leaf WHERE controller_id = %s AND leaf_index < %s ORDER BY leaf_index"
_NOTE = "INSERT INTO audit_check (controller_id, id, at, size, first_bad) VALUES (%s, %s, %s, %s, %s)"
_AT_ONCE = 5_000


def check_tree(controller_id: int, now: datetime) -> int | None:
    """Check one tree and note the result. The number of the first bad entry; None where all is well.

    Without a checkpoint kept outside it finds what was altered without the signing key, and nothing else.
    """
    with raw_pool("sequencer").connection() as connection, connection.transaction():
        row = connection.execute(_LAST, [controller_id]).fetchone()
        if row is None:
            return None
        last = parse_checkpoint(row[0].encode())
        first_bad = _first_bad(connection, controller_id, last.size, last.root)
        connection.execute(_NOTE, [controller_id, new_id(), now, last.size, first_bad])
        return first_bad


def _first_bad(connection: psycopg.Connection, controller_id: int, size: int, root: bytes) -> int | None:
    frontier = Frontier()
    altered = None
    with connection.cursor(name="trustdesk_leaves", binary=True) as cursor:
        cursor.itersize = _AT_ONCE
        leaves = cursor.execute(_LEAVES, [controller_id, size])
        for (kept,), (entry, _) in zip(leaves, numbered_entries(connection, controller_id, size), strict=False):
            if altered is None and (entry is None or leaf_hash(entry.line()) != kept):
                altered = frontier.size
            frontier.append(kept)
    if frontier.size < size and altered is None:
        return frontier.size
    return altered if altered is not None or frontier.root() == root else 0
