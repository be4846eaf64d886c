"""Which contact points prove who somebody is: those that have stood, so that whoever could change one yesterday is not
let in by it today.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import LiteralString

from trustdesk.kernel.context import AccessContext
from trustdesk.register import wire
from trustdesk.register.contracts import POINT_RESTS, ProvingPoint, ValueKind
from trustdesk.register.selectors.catalog import by_id, covered
from trustdesk.register.selectors.values import together

_POINTS: LiteralString = """
SELECT v.id, v.customer_id, v.attribute_id, v.recorded_at FROM register_value v
JOIN register_attribute a ON a.controller_id = v.controller_id AND a.id = v.attribute_id
WHERE a.kind IN ('email', 'phone') AND v.controller_id = %s AND v.customer_id = ANY(%s) AND v.sealed IS NOT NULL
  AND v.restricted_at IS NULL
"""
_STANDING = _POINTS + " AND v.superseded_at IS NULL AND NOT v.shared_line AND v.recorded_at <= %s ORDER BY v.id"
_FORMER = _POINTS + " AND v.superseded_at > %s AND v.recorded_at <= %s ORDER BY v.superseded_at, v.id"
# Two who are shown as one since a day: neither of them has proved anything of the other yet.
_JOINED = """
SELECT 1 FROM register_merge WHERE controller_id = %s AND into_id = %s AND undone_at IS NULL AND merged_at > %s LIMIT 1
"""


def proving_points(context: AccessContext, customer_id: int, *, now: datetime) -> Sequence[ProvingPoint]:
    """E-mail addresses and phone numbers by which the customer proves who they are (GDPR Art. 12(6)), mail first, the
    oldest first: on file unchanged for `POINT_RESTS`, shared with nobody, and not contested. Opens nothing. Needs
    `customer:open`.

    Of customers who are shown as one since less than that, none proves anything. Who is restricted still proves who
    they are (Art. 18(2)). NotFoundError for a stranger.
    """
    context.check_operation("customer:open")
    since = now - POINT_RESTS
    with wire.within(context):
        ids = together(context, customer_id)
        if wire.fetch(_JOINED, context.controller_id, ids[0], since):
            return []
        found = _points(context, wire.fetch(_STANDING, context.controller_id, ids, since))
    return sorted(found, key=lambda point: point.kind is not ValueKind.EMAIL)


def proves(context: AccessContext, *, customer_id: int, value_id: int, now: datetime) -> bool:
    """Whether this contact point of the customer's proves who they are (see `proving_points`)."""
    return any(point.value_id == value_id for point in proving_points(context, customer_id, now=now))


def former_points(context: AccessContext, customer_id: int, *, now: datetime) -> Sequence[ProvingPoint]:
    """Those that would prove it, had they not been replaced within `POINT_RESTS`: who is written to there learns that
    somebody has changed them. What was replaced last comes last. Opens nothing. Needs `customer:open`.
    """
    context.check_operation("customer:open")
    since = now - POINT_RESTS
    with wire.within(context):
        ids = together(context, customer_id)
        return _points(context, wire.fetch(_FORMER, context.controller_id, ids, since, since))


def _points(context: AccessContext, rows: Sequence[tuple[int, int, int, datetime]]) -> list[ProvingPoint]:
    attributes = by_id(context)
    return [
        ProvingPoint(value_id=row[0], customer_id=row[1], kind=attributes[row[2]].kind, recorded_at=row[3])
        for row in rows
        if covered(context, attributes[row[2]])
    ]
