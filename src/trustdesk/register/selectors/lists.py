"""Lists over customers that open nothing: the ledger, notices that are due, the inventory, who is known already."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from trustdesk.kernel.context import AccessContext
from trustdesk.register import wire
from trustdesk.register.contracts import Disclosure, InventoryRow, NoticeDue, SourceKind
from trustdesk.register.selectors.values import together

_DISCLOSURES = """
SELECT d.id, d.customer_id, d.value_id, a.code, d.recipient, d.purpose, d.legal_basis, d.disclosed_at, d.disclosed_by
FROM register_disclosure d
JOIN register_value v ON v.controller_id = d.controller_id AND v.customer_id = d.customer_id AND v.id = d.value_id
JOIN register_attribute a ON a.controller_id = v.controller_id AND a.id = v.attribute_id
WHERE d.controller_id = %s AND d.customer_id = ANY(%s) ORDER BY d.id DESC
"""
_OF_VALUES = """
SELECT d.id, d.customer_id, d.value_id, a.code, d.recipient, d.purpose, d.legal_basis, d.disclosed_at, d.disclosed_by
FROM unnest(%s, %s) AS asked (customer_id, value_id)
JOIN register_disclosure d ON d.controller_id = %s AND d.customer_id = asked.customer_id AND d.value_id = asked.value_id
JOIN register_value v ON v.controller_id = d.controller_id AND v.customer_id = d.customer_id AND v.id = d.value_id
JOIN register_attribute a ON a.controller_id = v.controller_id AND a.id = v.attribute_id ORDER BY d.id DESC
"""
_DUE = """
SELECT id, source_id, art14_due_at FROM register_customer
WHERE controller_id = %s AND art14_due_at < %s
  AND (%s::timestamptz IS NULL OR (art14_due_at, id) > (%s::timestamptz, %s::int8)) ORDER BY art14_due_at, id LIMIT %s
"""
_HOW_MANY = "SELECT count(*) FROM register_customer WHERE controller_id = %s"
_INVENTORY = """
SELECT a.code, a.label, a.category, a.purposes, a.legal_basis, a.retention_class, a.retention_period, a.sealed,
  s.id, s.kind, s.name, held.number, held.customers, held.unconfirmed, held.oldest
FROM (
  SELECT attribute_id, source_id, count(*) AS number, count(DISTINCT customer_id) AS customers,
    count(*) FILTER (WHERE confirmed_at IS NULL) AS unconfirmed, min(recorded_at) AS oldest
  FROM register_value WHERE controller_id = %s GROUP BY attribute_id, source_id
) AS held
JOIN register_attribute a ON a.controller_id = %s AND a.id = held.attribute_id
JOIN register_source s ON s.controller_id = %s AND s.id = held.source_id
ORDER BY a.id, s.id
"""


def disclosures(context: AccessContext, customer_id: int) -> Sequence[Disclosure]:
    """The customer's disclosure ledger, newest first. Needs `customer:open`."""
    context.check_operation("customer:open")
    with wire.within(context):
        rows = wire.fetch(_DISCLOSURES, context.controller_id, together(context, customer_id))
    return [_disclosure(row) for row in rows]


def disclosures_of(context: AccessContext, values: Sequence[tuple[int, int]]) -> Sequence[Disclosure]:
    """To whom any of these values was given, each named with the customer it was recorded for, newest first. Needs
    `customer:open`.
    """
    context.check_operation("customer:open")
    customers, numbers = [customer_id for customer_id, _number in values], [number for _customer, number in values]
    with wire.within(context):
        rows = wire.fetch(_OF_VALUES, wire.Int8Column(customers), wire.Int8Column(numbers), context.controller_id)
    return [_disclosure(row) for row in rows]


def _disclosure(row: tuple[Any, ...]) -> Disclosure:
    return Disclosure(
        disclosure_id=row[0],
        customer_id=row[1],
        value_id=row[2],
        attribute=row[3],
        recipient=row[4],
        purpose=row[5],
        legal_basis=row[6],
        disclosed_at=row[7],
        disclosed_by=row[8],
    )


def notices_due(
    context: AccessContext, *, before: datetime, after: tuple[datetime, int] | None = None, limit: int = 1000
) -> Sequence[NoticeDue]:
    """Customers to whom the Art. 14 information is due before the instant, the most urgent first; those after the
    given one (its `due_at` and id). Needs `inventory:read`.
    """
    context.check_operation("inventory:read")
    since, last = after or (None, None)
    with wire.within(context):
        rows = wire.fetch(_DUE, context.controller_id, before, since, since, last, limit)
    return [NoticeDue(customer_id=row[0], source_id=row[1], due_at=row[2]) for row in rows]


def inventory(context: AccessContext) -> Sequence[InventoryRow]:
    """What is held, why, until when, from where: counts by attribute and source. Needs `inventory:read`."""
    context.check_operation("inventory:read")
    controller = context.controller_id
    with wire.within(context):
        rows = wire.fetch(_INVENTORY, controller, controller, controller)
    return [
        InventoryRow(
            attribute=row[0],
            attribute_label=_(row[1]) if row[1] else row[0],
            category=row[2],
            purposes=tuple(row[3]),
            legal_basis=row[4],
            retention_class=row[5],
            retention_period=row[6],
            sealed=row[7],
            source_id=row[8],
            source_kind=SourceKind(row[9]),
            source_name=row[10],
            values=row[11],
            customers=row[12],
            never_confirmed=row[13],
            oldest_recorded_at=row[14],
        )
        for row in rows
    ]


def how_many(context: AccessContext) -> int:
    """How many records the register holds, those shown as one with another included. Counts only."""
    with wire.within(context):
        return int(wire.fetch(_HOW_MANY, context.controller_id)[0][0])
