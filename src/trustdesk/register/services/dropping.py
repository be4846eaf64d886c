"""Values that are not kept any more, deleted: with a value go its lines in the ledger, which name it."""

from collections.abc import Sequence

from trustdesk.kernel.context import AccessContext
from trustdesk.register import wire

_DISCLOSURES = """
DELETE FROM register_disclosure d USING unnest(%s::bigint[], %s::bigint[]) AS old (customer_id, value_id)
WHERE d.controller_id = %s AND d.customer_id = old.customer_id AND d.value_id = old.value_id
"""
_VALUES = """
DELETE FROM register_value v USING unnest(%s::bigint[], %s::bigint[]) AS old (customer_id, value_id)
WHERE v.controller_id = %s AND v.customer_id = old.customer_id AND v.id = old.value_id
  AND v.superseded_at IS NOT NULL AND v.restricted_at IS NULL
RETURNING v.customer_id, v.id
"""


def drop_values(context: AccessContext, owners: Sequence[int], values: Sequence[int]) -> list[tuple[int, int]]:
    """Delete these values, each of its owner, that count no more and are not restricted; those that went. Call inside
    `scoped`, the owners locked.
    """
    wire.run(_DISCLOSURES, list(owners), list(values), context.controller_id)
    return [(row[0], row[1]) for row in wire.fetch(_VALUES, list(owners), list(values), context.controller_id)]
