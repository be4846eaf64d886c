"""Words that stand in several records of one customer: the tokens of all who are shown as one, kept together.

Derived from `register_token` alone, without opening anything: whoever changes the tokens of a record, or what is shown
as one, calls `rejoin` in the same transaction.
"""

from collections.abc import Sequence

from trustdesk.kernel.context import AccessContext
from trustdesk.register import wire

_SHOWN = """
SELECT id FROM register_customer WHERE controller_id = %s AND id = ANY(%s)
UNION SELECT merged_into FROM register_customer
WHERE controller_id = %s AND id = ANY(%s) AND merged_into IS NOT NULL
"""
_DROP = "DELETE FROM register_joint_token WHERE controller_id = %s AND customer_id = ANY(%s)"
# Of those who are shown with nobody nothing is written: their own tokens say all.
_JOIN = """
INSERT INTO register_joint_token (controller_id, token, customer_id)
SELECT t.controller_id, t.token, record.shown FROM (
  SELECT id, merged_into AS shown FROM register_customer WHERE controller_id = %s AND merged_into = ANY(%s)
  UNION SELECT merged_into, merged_into FROM register_customer WHERE controller_id = %s AND merged_into = ANY(%s)
) AS record
JOIN register_token t ON t.controller_id = %s AND t.customer_id = record.id
GROUP BY t.controller_id, t.token, record.shown
"""


def rejoin(context: AccessContext, customer_ids: Sequence[int]) -> None:
    """Make the joint tokens anew of these customers and of those as whom they are shown. Call inside `scoped`."""
    controller, ids = context.controller_id, list(customer_ids)
    shown = [row[0] for row in wire.fetch(_SHOWN, controller, ids, controller, ids)]
    wire.run(_DROP, controller, shown)
    wire.run(_JOIN, controller, shown, controller, shown, controller)
