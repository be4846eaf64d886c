"""The customer a request is of: all who are shown as one."""

from collections.abc import Sequence

from django.db import connection

from trustdesk.kernel.context import AccessContext

# Two look-ups by index: a join on one of two columns would read the whole register.
_TOGETHER = """
WITH root AS (
  SELECT coalesce(merged_into, id) AS id FROM register_customer
  WHERE controller_id = %(controller)s AND id = %(customer)s
)
SELECT id FROM root
UNION ALL
SELECT merged.id FROM root JOIN register_customer merged ON merged.merged_into = root.id
WHERE merged.controller_id = %(controller)s
"""


def together(context: AccessContext, customer_id: int) -> Sequence[int]:
    """Inside the scope. Whom the register does not know any more may still have a request here."""
    with connection.cursor() as cursor:
        cursor.execute(_TOGETHER, {"controller": context.controller_id, "customer": customer_id})
        return [row[0] for row in cursor.fetchall()] or [customer_id]
