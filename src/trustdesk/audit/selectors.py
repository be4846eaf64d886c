"""Reading the log: opened for whoever may, and the state of its proof."""

from collections.abc import Mapping
from typing import Any

import orjson
import psycopg

from trustdesk.audit.contracts import EntryView, InclusionProof, VerificationState
from trustdesk.audit.entry import Entry, MonthKey, body_bound, piece_bound
from trustdesk.audit.merkle import TILE, inclusion_proof, node_hash, root_of, split
from trustdesk.audit.services.keys import reading_keys
from trustdesk.kernel.errors import NotFoundError

_COLUMNS = "e.id, l.leaf_index, e.at, e.kind, e.key_period, e.body, e.list_digest IS NOT NULL"
_LATEST = f"""
SELECT {_COLUMNS} FROM audit_entry e
LEFT JOIN audit_leaf l ON l.controller_id = e.controller_id AND l.entry_id = e.id
WHERE e.controller_id = %(controller)s AND e.id < %(before)s
ORDER BY e.id DESC LIMIT %(limit)s
"""  # noqa: S608 - columns of this file
_OF_SUBJECT = f"""
SELECT {_COLUMNS} FROM audit_entry e
JOIN (
  SELECT entry_id FROM audit_subject WHERE controller_id = %(controller)s AND token = ANY(%(tokens)s)
  UNION SELECT unnest(%(waiting)s::int8[])
) found ON found.entry_id = e.id
LEFT JOIN audit_leaf l ON l.controller_id = e.controller_id AND l.entry_id = e.id
WHERE e.controller_id = %(controller)s AND e.id < %(before)s
ORDER BY e.id DESC LIMIT %(limit)s
"""  # noqa: S608 - columns of this file
# What waits for its number stands behind the last one that has it, in the order of transactions. The place is asked for
# first, so that the planner sees its value: unknown, it would count on a third of the table and read all of it.
_PLAN = "SELECT set_config('plan_cache_mode', 'force_custom_plan', true)"
_REACHED = (
    "SELECT e.xid::text FROM audit_leaf l JOIN audit_entry e ON e.controller_id = l.controller_id AND e.id = l.entry_id"
    " WHERE l.controller_id = %s ORDER BY l.leaf_index DESC LIMIT 1"
)
_WAITING = """
FROM audit_entry w
LEFT JOIN LATERAL (
  SELECT x.entry_id FROM audit_leaf x WHERE x.controller_id = w.controller_id AND x.entry_id = w.id LIMIT 1
) leaf ON true
WHERE w.controller_id = %(controller)s AND w.xid >= %(reached)s::xid8 AND leaf.entry_id IS NULL
"""
_HOW_MANY_WAIT = f"SELECT count(*) {_WAITING}"
_WAITING_OF_SUBJECT = f"""
SELECT w.id {_WAITING} AND (w.subjects && %(tokens)s::int8[] OR w.list_digest IS NOT NULL AND EXISTS (
  SELECT FROM audit_list p
  WHERE p.controller_id = w.controller_id AND p.entry_id = w.id AND p.subjects && %(tokens)s::int8[]))
"""  # noqa: S608 - parts of this file
_PIECES = "SELECT number, body FROM audit_list WHERE controller_id = %s AND entry_id = %s ORDER BY number"
_PERIODS = "SELECT period FROM audit_key WHERE controller_id = %s AND wrapped IS NOT NULL"
_STATE = """
SELECT (SELECT size FROM audit_tree WHERE controller_id = %(controller)s),
  c.size, c.signed_at, h.size, h.at, k.size, k.at, k.first_bad
FROM (SELECT 1) one
LEFT JOIN LATERAL (
  SELECT size, signed_at FROM audit_checkpoint WHERE controller_id = %(controller)s ORDER BY size DESC LIMIT 1
) c ON true
LEFT JOIN LATERAL (
  SELECT size, at FROM audit_handout WHERE controller_id = %(controller)s ORDER BY id DESC LIMIT 1
) h ON true
LEFT JOIN LATERAL (
  SELECT size, at, first_bad FROM audit_check WHERE controller_id = %(controller)s ORDER BY id DESC LIMIT 1
) k ON true
"""
_PLACE = (
    "SELECT l.leaf_index, l.hash, c.size, c.note FROM audit_leaf l JOIN audit_checkpoint c USING (controller_id)"
    " WHERE l.controller_id = %s AND l.entry_id = %s AND c.size > l.leaf_index ORDER BY c.size DESC LIMIT 1"
)
_CLEAR = (
    "SELECT controller_id, id, at, kind, key_period, body FROM audit_entry"
    " WHERE controller_id = %s AND id = %s AND kind = 'certificate'"
)
_RANGE = (
    "SELECT hash FROM audit_leaf WHERE controller_id = %s AND leaf_index >= %s AND leaf_index < %s ORDER BY leaf_index"
)
_NODE = "SELECT hash FROM audit_node WHERE controller_id = %s AND level = %s AND node_index = %s"
Row = tuple[Any, ...]


def latest(
    connection: psycopg.Connection, controller_id: int, *, subject: int | None, before: int, limit: int
) -> list[EntryView]:
    """The newest entries first; those about one customer where `subject` is given."""
    values: dict[str, object] = {"controller": controller_id, "before": before, "limit": limit}
    statement = _LATEST
    if subject is not None:
        periods = [period for (period,) in connection.execute(_PERIODS, [controller_id])]
        keys = reading_keys(connection, controller_id, periods)
        values["tokens"] = [token for key in keys.values() for token in key.subject_tokens([subject])]
        values["reached"] = _reached(connection, controller_id)
        values["waiting"] = [one for (one,) in connection.execute(_WAITING_OF_SUBJECT, values)]
        statement = _OF_SUBJECT
    rows = connection.execute(statement, values, binary=True).fetchall()
    keys = reading_keys(connection, controller_id, sorted({row[4] for row in rows}))
    return [_view(connection, controller_id, row, keys) for row in rows]


def _reached(connection: psycopg.Connection, controller_id: int) -> str:
    connection.execute(_PLAN)
    row = connection.execute(_REACHED, [controller_id]).fetchone()
    return row[0] if row else "0"


def state(connection: psycopg.Connection, controller_id: int) -> VerificationState:
    """The connection is inside a transaction."""
    values = {"controller": controller_id, "reached": _reached(connection, controller_id)}
    waiting = (connection.execute(_HOW_MANY_WAIT, values).fetchone() or (0,))[0]
    row = connection.execute(_STATE, values).fetchone() or (None,) * 8
    return VerificationState(
        controller_id=controller_id,
        size=row[0] or 0,
        waiting=waiting,
        signed_size=row[1] or 0,
        signed_at=row[2],
        handed_out_size=row[3] or 0,
        handed_out_at=row[4],
        checked_size=row[5] or 0,
        checked_at=row[6],
        first_bad=row[7],
    )


def proof(connection: psycopg.Connection, controller_id: int, entry_id: int) -> InclusionProof:
    row = connection.execute(_PLACE, [controller_id, entry_id], binary=True).fetchone()
    if row is None:
        raise NotFoundError(
            "No checkpoint covers this entry yet.", place="audit.proof", mend="Wait until the next one is signed."
        )
    index, leaf, size, note = row
    tree = _Stored(connection, controller_id)
    path = inclusion_proof(index, size, tree.subtree)
    return InclusionProof(index=index, size=size, leaf=leaf, path=tuple(path), checkpoint=note)


def line(connection: psycopg.Connection, controller_id: int, entry_id: int) -> bytes:
    """The text of an entry whose body is not sealed. NotFoundError where there is none."""
    row = connection.execute(_CLEAR, [controller_id, entry_id], binary=True).fetchone()
    if row is None:
        raise NotFoundError("The log has no such entry.", place="audit.vouched")
    return Entry(*row).line()


class _Stored:
    """Subtrees from the stored levels; what lies below them from the leaves."""

    def __init__(self, connection: psycopg.Connection, controller_id: int) -> None:
        self.connection = connection
        self.controller_id = controller_id

    def subtree(self, start: int, end: int) -> bytes:
        size = end - start
        level = size.bit_length() - 1
        if size == 1 << level and level and level % TILE == 0:
            row = self.connection.execute(_NODE, [self.controller_id, level, start >> level], binary=True).fetchone()
            if row is not None:
                return bytes(row[0])
        if size <= 1 << TILE:
            rows = self.connection.execute(_RANGE, [self.controller_id, start, end], binary=True).fetchall()
            return root_of([row[0] for row in rows])
        middle = start + split(size)
        return node_hash(self.subtree(start, middle), self.subtree(middle, end))


def _view(connection: psycopg.Connection, controller_id: int, row: Row, keys: Mapping[str, MonthKey]) -> EntryView:
    entry_id, index, at, kind, period, body, listed = row
    if kind == "checkpoint":
        detail = {"note": body.decode()}
        return EntryView(id=entry_id, index=index, at=at, kind=kind, opened=True, what="checkpoint", detail=detail)
    if kind == "certificate":
        detail = {"sha256": body.hex()}
        return EntryView(id=entry_id, index=index, at=at, kind=kind, opened=True, what="certificate", detail=detail)
    key = keys.get(period)
    if key is None:
        return EntryView(id=entry_id, index=index, at=at, kind=kind, opened=False)
    inside = orjson.loads(key.box.open(body, bound=body_bound(controller_id, entry_id, kind)))
    subjects = inside.get("subjects", ())
    if listed:
        pieces = connection.execute(_PIECES, [controller_id, entry_id], binary=True).fetchall()
        subjects = [
            subject
            for number, piece in pieces
            for subject in orjson.loads(key.box.open(piece, bound=piece_bound(controller_id, entry_id, number)))
        ]
    return EntryView(
        id=entry_id,
        index=index,
        at=at,
        kind=kind,
        opened=True,
        what=inside.get("what", ""),
        operator_id=inside.get("operator"),
        mandate_id=inside.get("mandate"),
        purpose=inside.get("purpose", ""),
        subjects=tuple(subjects),
        subject_count=inside.get("subject_count", len(subjects)),
        fields=tuple(inside.get("fields", ())),
        reason=inside.get("reason", ""),
        detail=inside.get("detail"),
    )
