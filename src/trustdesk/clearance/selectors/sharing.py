"""Which contact points several customers have: by equality of tokens, opening nothing."""

from collections.abc import Sequence

from trustdesk.clearance import wire
from trustdesk.clearance.subjects import together
from trustdesk.kernel.context import AccessContext

_SHARED = """
SELECT DISTINCT mine.value_id FROM clearance_point mine
JOIN clearance_point other ON other.controller_id = mine.controller_id AND other.token = mine.token
WHERE mine.controller_id = %s AND mine.customer_id = ANY(%s) AND mine.value_id = ANY(%s)
  AND other.customer_id <> ALL(%s)
"""


def shared_points(context: AccessContext, *, customer_id: int, value_ids: Sequence[int]) -> frozenset[int]:
    """Those of the customer's contact points that another customer of the company has too: whoever reads what is sent
    there may be either. Opens nothing. Needs `customer:open`; NotFoundError for a stranger.
    """
    context.check_operation("customer:open")
    with wire.within(context):
        ids = together(context, customer_id)
        rows = wire.fetch(_SHARED, [context.controller_id, ids, list(value_ids), ids])
    return frozenset(row[0] for row in rows)
