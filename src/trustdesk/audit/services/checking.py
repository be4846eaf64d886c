"""The house's own check: every entry against its leaf, the leaves against the last signed root."""

from datetime import datetime

import psycopg

from trustdesk.audit.services.export import numbered_entries, signed_notes
from trustdesk.audit.verifier import Frontier, leaf_hash, parse_checkpoint
from trustdesk.isolation.api import raw_pool
from trustdesk.kernel.ids import new_id

_LEAVES = "SELECT hash FROM audit_leaf WHERE controller_id = %s AND leaf_index < %s ORDER BY leaf_index"
_NOTE = "INSERT INTO audit_check (controller_id, id, at, size, first_bad) VALUES (%s, %s, %s, %s, %s)"
_AT_ONCE = 5_000


def check_tree(controller_id: int, now: datetime) -> int | None:
    """Check one tree and note the result. The number of the first bad entry; None where all is well.

    Where the entries fit their leaves but the leaves fit no signed root, it is the first number that the last good
    checkpoint does not cover. Without a checkpoint kept outside it finds what was altered without the signing key,
    and nothing else.
    """
    with raw_pool("sequencer").connection() as connection, connection.transaction():
        checkpoints = [parse_checkpoint(note.encode()) for note in signed_notes(connection, controller_id)]
        if not checkpoints:
            return None
        first_bad = _first_bad(connection, controller_id, {one.size: one.root for one in checkpoints})
        size = max(one.size for one in checkpoints)
        connection.execute(_NOTE, [controller_id, new_id(), now, size, first_bad])
        return first_bad


def _first_bad(connection: psycopg.Connection, controller_id: int, roots: dict[int, bytes]) -> int | None:
    size = max(roots)
    frontier = Frontier()
    good = 0
    with connection.cursor(name="trustdesk_leaves", binary=True) as cursor:
        cursor.itersize = _AT_ONCE
        leaves = cursor.execute(_LEAVES, [controller_id, size])
        for (kept,), (entry, _) in zip(leaves, numbered_entries(connection, controller_id, size), strict=False):
            if entry is None or leaf_hash(entry.line()) != kept:
                return frontier.size
            frontier.append(kept)
            if frontier.size in roots:
                if frontier.root() != roots[frontier.size]:
                    return good
                good = frontier.size
    return None if frontier.size == size else frontier.size
