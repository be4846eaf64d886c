"""What outlives an erasure because a law keeps it, and goes on its own day."""

from datetime import datetime

from trustdesk.kernel.context import AccessContext
from trustdesk.register import wire
from trustdesk.register.services.farewell import delete_rows
from trustdesk.vault.api import destroy

_CLASSES = """
SELECT DISTINCT v.customer_id, a.retention_class
FROM unnest(%s::bigint[], %s::bigint[]) AS old (customer_id, value_id)
JOIN register_value v ON v.controller_id = %s AND v.customer_id = old.customer_id AND v.id = old.value_id
JOIN register_attribute a ON a.controller_id = v.controller_id AND a.id = v.attribute_id
WHERE a.retention_class LIKE 'statutory:%%'
"""
_DROP_KEPT = """
DELETE FROM register_value v
USING unnest(%s::bigint[], %s::bigint[]) AS old (customer_id, value_id), register_attribute a
WHERE v.controller_id = %s AND v.customer_id = old.customer_id AND v.id = old.value_id AND v.restricted_at IS NULL
  AND a.controller_id = v.controller_id AND a.id = v.attribute_id AND a.retention_class LIKE 'statutory:%%'
RETURNING v.customer_id, v.id
"""
_DROP_THEIR_DISCLOSURES = """
DELETE FROM register_disclosure d USING unnest(%s::bigint[], %s::bigint[]) AS old (customer_id, value_id)
WHERE d.controller_id = %s AND d.customer_id = old.customer_id AND d.value_id = old.value_id
"""
_LEFT = """
SELECT v.customer_id, a.retention_class FROM register_value v
JOIN register_attribute a ON a.controller_id = v.controller_id AND a.id = v.attribute_id
WHERE v.controller_id = %s AND v.customer_id = ANY(%s)
"""
_ERASED = """
SELECT id FROM register_customer WHERE controller_id = %s AND id = ANY(%s) AND restriction_ground = 'law'
"""


def drop_kept(context: AccessContext, owners: list[int], values: list[int], *, now: datetime) -> list[tuple[int, int]]:
    """Delete values that only a law kept, and give those that went. A class of which nothing is left loses its key,
    and an erased customer of whom nothing is left the row. Inside the scope, the customers locked.
    """
    controller, people = context.controller_id, sorted(set(owners))
    classes = wire.fetch(_CLASSES, owners, values, controller)
    wire.run(_DROP_THEIR_DISCLOSURES, owners, values, controller)
    gone = [(row[0], row[1]) for row in wire.fetch(_DROP_KEPT, owners, values, controller)]
    left = {(row[0], row[1]) for row in wire.fetch(_LEFT, controller, people)}
    for customer_id, retention_class in classes:
        if (customer_id, retention_class) not in left:
            destroy(context, customer_id, retention_class, now=now)
    with_something = {customer_id for customer_id, _class in left}
    empty = [row[0] for row in wire.fetch(_ERASED, controller, people) if row[0] not in with_something]
    if empty:
        delete_rows(context, empty)
    return gone
