"""Carrying stored tokens to a new suppression key, a chunk a transaction; whoever looks up meanwhile finds them.

The order is what makes that true. First every contact point gets its token at the new level beside the old one. Then
suppressions and list entries move over, and each meets a point at either level. At last the floor is raised, and the
points' old tokens go. What is written meanwhile stands at all levels from the floor up (`tokens.TokenMaker`).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, LiteralString

from trustdesk.clearance import wire
from trustdesk.clearance.contracts import Progress
from trustdesk.clearance.selectors.setup import changed, token_floor
from trustdesk.clearance.tokens import hold_keys
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.vault.api import SuppressionToken, Suppressor, nest_suppression_key

_ALONE = """
SELECT p.customer_id, p.value_id, p.version, p.level, p.kind, p.country, p.token, p.hashed, p.domain
FROM clearance_point p
WHERE p.controller_id = %b AND p.level = %b AND NOT EXISTS (
  SELECT FROM clearance_point q WHERE q.controller_id = p.controller_id AND q.customer_id = p.customer_id
    AND q.value_id = p.value_id AND q.version = p.version AND q.level = %b)
LIMIT %b
"""
_ADD_POINTS = """
INSERT INTO clearance_point (controller_id, customer_id, value_id, version, level, kind, country, token, hashed, domain)
SELECT %b, fresh.customer_id, fresh.value_id, fresh.version, %b, fresh.kind, fresh.country, fresh.token, fresh.hashed,
  fresh.domain
FROM unnest(%b::bigint[], %b::bigint[], %b::smallint[], %b::text[], %b::text[], %b::bytea[], %b::bytea[], %b::bytea[])
  AS fresh (customer_id, value_id, version, kind, country, token, hashed, domain)
ON CONFLICT DO NOTHING
"""
_LOW_SUPPRESSIONS = """
SELECT token, id, version, level FROM clearance_suppression WHERE controller_id = %b AND level < %b LIMIT %b
"""
_ADD_SUPPRESSIONS = """
INSERT INTO clearance_suppression (controller_id, token, id, version, level, kind, act, purpose_id, purpose_kind,
  channel, reason, at, recorded_at, recorded_by)
SELECT s.controller_id, moved.fresh, s.id, s.version, %b, s.kind, s.act, s.purpose_id, s.purpose_kind, s.channel,
  s.reason, s.at, s.recorded_at, s.recorded_by
FROM unnest(%b::bytea[], %b::bigint[], %b::bytea[]) AS moved (token, id, fresh)
JOIN clearance_suppression s ON s.controller_id = %b AND s.token = moved.token AND s.id = moved.id
ON CONFLICT DO NOTHING
"""
_DROP_SUPPRESSIONS = """
DELETE FROM clearance_suppression s USING unnest(%b::bytea[], %b::bigint[]) AS moved (token, id)
WHERE s.controller_id = %b AND s.token = moved.token AND s.id = moved.id
"""
_LOW_ENTRIES = """
SELECT load_id, token, version, level FROM clearance_outside_entry WHERE controller_id = %b AND level < %b LIMIT %b
"""
_ADD_ENTRIES = """
INSERT INTO clearance_outside_entry (controller_id, load_id, token, version, level)
SELECT %b, moved.load_id, moved.fresh, moved.version, %b
FROM unnest(%b::bigint[], %b::bytea[], %b::smallint[]) AS moved (load_id, fresh, version)
ON CONFLICT DO NOTHING
"""
_DROP_ENTRIES = """
DELETE FROM clearance_outside_entry e USING unnest(%b::bigint[], %b::bytea[]) AS moved (load_id, token)
WHERE e.controller_id = %b AND e.load_id = moved.load_id AND e.token = moved.token
"""
_RAISE = "UPDATE clearance_setup SET token_floor = %b WHERE controller_id = %b"
_DROP_POINTS = """
DELETE FROM clearance_point WHERE ctid = ANY(ARRAY(
  SELECT p.ctid FROM clearance_point p WHERE p.controller_id = %b AND p.level < %b LIMIT %b))
  AND controller_id = %b
"""
_LEFT: LiteralString = """
SELECT (SELECT count(*) FROM clearance_point WHERE controller_id = %b AND level < %b)
  + (SELECT count(*) FROM clearance_suppression WHERE controller_id = %b AND level < %b)
  + (SELECT count(*) FROM clearance_outside_entry WHERE controller_id = %b AND level < %b)
"""


def begin_renesting(context: AccessContext, *, now: datetime) -> int:
    """Nest a new key around those of the suppression tokens; the new level. Needs `clearance:manage`.

    Then call `renest_suppressions` until it has finished: only then is a leaked old key worth nothing.
    """
    context.check_operation("clearance:manage")
    with scoped(context.scope):
        hold_keys(context, exclusive=True)
        changed(context)
        return nest_suppression_key(context, now=now)


def renest_suppressions(context: AccessContext, *, chunk: int) -> Progress:
    """Carry up to `chunk` tokens to the newest key, in one transaction. Needs `clearance:manage`.

    A call after a crash goes on where the last one ended. Look-ups find every token all the while.
    """
    context.check_operation("clearance:manage")
    if chunk < 1:
        raise ValueError("a chunk holds at least one token")
    with scoped(context.scope):
        # Alone: nobody is writing who may not know of the newest key.
        hold_keys(context, exclusive=True)
        suppressor = Suppressor(context)
        floor = token_floor(context)
        done = _points(context, suppressor, floor, chunk)
        done = done or _suppressions(context, suppressor, chunk) or _entries(context, suppressor, chunk)
        if not done:
            if floor < suppressor.level:
                changed(context)
                wire.run(_RAISE, [suppressor.level, context.controller_id])
                context.journal.deed(context, "clearance.suppression.renested", detail={"level": suppressor.level})
            done = wire.run(_DROP_POINTS, [context.controller_id, suppressor.level, chunk, context.controller_id])
        left = wire.fetch(_LEFT, [context.controller_id, suppressor.level] * 3)[0][0]
    return Progress(done, left, finished=not done and not left)


def _points(context: AccessContext, suppressor: Suppressor, floor: int, chunk: int) -> int:
    """Every point also at the newest level."""
    newest = suppressor.level
    for level in range(floor, newest):
        rows = wire.fetch(_ALONE, [context.controller_id, level, newest, chunk])
        if not rows:
            continue

        def carried(row: Sequence[Any], token: bytes | None) -> bytes | None:
            return None if token is None else _carried(suppressor, row[2], row[3], token)

        wire.run(
            _ADD_POINTS,
            [
                context.controller_id,
                newest,
                [row[0] for row in rows],
                [row[1] for row in rows],
                [row[2] for row in rows],
                [row[4] for row in rows],
                [row[5] for row in rows],
                *([carried(row, row[column]) for row in rows] for column in (6, 7, 8)),
            ],
        )
        return len(rows)
    return 0


def _suppressions(context: AccessContext, suppressor: Suppressor, chunk: int) -> int:
    rows = wire.fetch(_LOW_SUPPRESSIONS, [context.controller_id, suppressor.level, chunk])
    if not rows:
        return 0
    tokens, ids = [bytes(row[0]) for row in rows], [row[1] for row in rows]
    fresh = [_carried(suppressor, row[2], row[3], bytes(row[0])) for row in rows]
    wire.run(_ADD_SUPPRESSIONS, [suppressor.level, tokens, ids, fresh, context.controller_id])
    wire.run(_DROP_SUPPRESSIONS, [tokens, ids, context.controller_id])
    return len(rows)


def _entries(context: AccessContext, suppressor: Suppressor, chunk: int) -> int:
    rows = wire.fetch(_LOW_ENTRIES, [context.controller_id, suppressor.level, chunk])
    if not rows:
        return 0
    loads, tokens, versions = [row[0] for row in rows], [bytes(row[1]) for row in rows], [row[2] for row in rows]
    fresh = [_carried(suppressor, row[2], row[3], bytes(row[1])) for row in rows]
    wire.run(_ADD_ENTRIES, [context.controller_id, suppressor.level, loads, fresh, versions])
    wire.run(_DROP_ENTRIES, [loads, tokens, context.controller_id])
    return len(rows)


def _carried(suppressor: Suppressor, version: int, level: int, token: bytes) -> bytes:
    return suppressor.renest(SuppressionToken(version, level, bytes(token))).token
