"""Which customers are shown as one, and since when: what one needs to know to undo it."""

from collections.abc import Sequence

from trustdesk.kernel.context import AccessContext
from trustdesk.register import wire
from trustdesk.register.contracts import MergeRecord
from trustdesk.register.selectors.values import together

_MERGES = """
SELECT id, into_id, customer_id, reason, merged_at, merged_by, undone_at, undone_by FROM register_merge
WHERE controller_id = %s AND (into_id = ANY(%s) OR customer_id = ANY(%s)) ORDER BY id DESC
"""


def merges(context: AccessContext, customer_id: int) -> Sequence[MergeRecord]:
    """The customer's merges, newest first, the undone ones too; opens nothing. Needs `customer:open`."""
    context.check_operation("customer:open")
    with wire.within(context):
        ids = together(context, customer_id)
        rows = wire.fetch(_MERGES, context.controller_id, ids, ids)
    return [MergeRecord(*row) for row in rows]
