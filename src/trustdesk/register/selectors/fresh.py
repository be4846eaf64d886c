"""Reading how long confirmations count, how fresh the register was found, and what needed no asking."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import LiteralString

from django.utils.translation import gettext as _

from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError
from trustdesk.register import wire
from trustdesk.register.contracts import (
    ConfirmedBy,
    DuePoint,
    FreshnessRule,
    Share,
    SourceKind,
    SparedOfDay,
)
from trustdesk.register.fresh import Rules
from trustdesk.register.selectors import catalog as catalog_of

_RULES = "SELECT attribute_id, confirmed_by, source_id, days FROM register_freshness WHERE controller_id = %s"
_SET = """
SELECT f.attribute_id, f.confirmed_by, f.source_id, s.name, f.days, f.set_at, f.set_by
FROM register_freshness f LEFT JOIN register_source s ON s.controller_id = f.controller_id AND s.id = f.source_id
WHERE f.controller_id = %s ORDER BY f.attribute_id, f.source_id, f.confirmed_by
"""
_SHARES = """
SELECT c.attribute_id, c.source_id, s.kind, s.name, c.confirmed_by, c.held, c.fresh, c.counted_at
FROM register_fresh_count c JOIN register_source s ON s.controller_id = c.controller_id AND s.id = c.source_id
WHERE c.controller_id = %s
  AND c.day = (SELECT max(day) FROM register_fresh_count WHERE controller_id = %s)
ORDER BY c.attribute_id, c.held DESC, c.source_id, c.confirmed_by
"""
_SPARED = """
SELECT day, attribute_id, count FROM register_spared
WHERE controller_id = %s AND day >= %s AND day < %s ORDER BY day DESC, attribute_id
"""
# Days as the rules say them: a named source's own, else those of the confirmation, else the attribute's.
DAYS: LiteralString = """
CASE WHEN named.days IS NOT NULL AND (v.confirmed_by IS NULL OR v.confirmed_by = 'feed') THEN named.days
  WHEN said.days IS NOT NULL THEN said.days ELSE a.fresh_days END
"""
VALUES: LiteralString = """
FROM register_value v
JOIN register_attribute a ON a.controller_id = v.controller_id AND a.id = v.attribute_id
LEFT JOIN register_freshness named ON named.controller_id = v.controller_id AND named.attribute_id = v.attribute_id
  AND named.confirmed_by = '' AND named.source_id = v.source_id
LEFT JOIN register_freshness said ON said.controller_id = v.controller_id AND said.attribute_id = v.attribute_id
  AND said.source_id = 0 AND said.confirmed_by = v.confirmed_by
"""
FROM_WHEN: LiteralString = "CASE WHEN v.confirmed_at IS NULL THEN v.recorded_at ELSE v.confirmed_at END"
_DUE: LiteralString = (
    "SELECT v.customer_id, v.id, s.name, "
    + FROM_WHEN
    + ", v.confirmed_by "
    + VALUES
    + " JOIN register_source s ON s.controller_id = v.controller_id AND s.id = v.source_id"
    + " WHERE v.controller_id = %s AND v.attribute_id = %s AND v.superseded_at IS NULL AND v.restricted_at IS NULL"
    + " AND %s - "
    + FROM_WHEN
    + " > make_interval(days => "
    + DAYS
    + ") LIMIT %s"
)


def rules(context: AccessContext) -> Rules:
    """The company's rules, all of them. Inside the scope or with one of its own."""
    with wire.within(context):
        rows = wire.fetch(_RULES, context.controller_id)
    return Rules(
        {(row[0], row[1]): row[3] for row in rows if row[1]},
        {(row[0], row[2]): row[3] for row in rows if not row[1]},
    )


def freshness(context: AccessContext) -> Sequence[FreshnessRule]:
    """For how long which confirmation counts, where it is not what the attribute says. Needs `inventory:read`."""
    context.check_operation("inventory:read")
    with wire.within(context):
        attributes = catalog_of.by_id(context)
        return [
            FreshnessRule(
                attribute=attributes[row[0]].code,
                by=ConfirmedBy(row[1]) if row[1] else None,
                source_id=row[2] or None,
                source_name=row[3] or "",
                days=row[4],
                set_at=row[5],
                set_by=row[6],
            )
            for row in wire.fetch(_SET, context.controller_id)
        ]


def shares(context: AccessContext) -> Sequence[Share]:
    """How fresh the register was found when it was counted last; empty where it never was. Opens nothing. Needs
    `inventory:read`.
    """
    context.check_operation("inventory:read")
    with wire.within(context):
        attributes = catalog_of.by_id(context)
        rows = wire.fetch(_SHARES, context.controller_id, context.controller_id)
    return [
        Share(
            attribute=attributes[row[0]].code,
            attribute_label=attributes[row[0]].label,
            kind=attributes[row[0]].kind,
            source_id=row[1],
            source_kind=SourceKind(row[2]),
            source_name=row[3],
            by=ConfirmedBy(row[4]) if row[4] else None,
            held=row[5],
            fresh=row[6],
            counted_at=row[7],
        )
        for row in rows
    ]


def spared(context: AccessContext, *, since: date, until: date) -> Sequence[SparedOfDay]:
    """Questions that a feed spared, by day and attribute, newest first; `until` is the first day that is not counted.
    Needs `inventory:read`.
    """
    context.check_operation("inventory:read")
    with wire.within(context):
        attributes = catalog_of.by_id(context)
        rows = wire.fetch(_SPARED, context.controller_id, since, until)
    return [SparedOfDay(day, attributes[which].code, attributes[which].label, count) for day, which, count in rows]


def due(context: AccessContext, *, attribute: str, limit: int = 100, now: datetime) -> Sequence[DuePoint]:
    """Values of an attribute that are due, as many as `limit`, in no order; opens nothing. Needs `inventory:read`.

    NotFoundError where the attribute is not declared.
    """
    context.check_operation("inventory:read")
    with wire.within(context):
        declared = catalog_of.by_code(context).get(attribute)
        if declared is None:
            raise NotFoundError(
                _("This attribute is not declared."), place="attribute", mend=_("Choose one from the list.")
            )
        rows = wire.fetch(_DUE, context.controller_id, declared.attribute_id, now, limit)
    return [DuePoint(row[0], row[1], row[2], row[3], ConfirmedBy(row[4]) if row[4] else None) for row in rows]
