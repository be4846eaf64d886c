"""The customers who are shown as one with another, locked so that one plan is made of them at a time."""

from django.db import connection
from django.utils.translation import gettext as _

from trustdesk.isolation.api import joined
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError

# Look-ups by index: a join on one of two columns would read the whole register.
_TOGETHER = """
WITH root AS (
  SELECT coalesce(merged_into, id) AS id FROM register_customer
  WHERE controller_id = %(controller)s AND id = %(asked)s
)
SELECT other.id FROM register_customer AS other
WHERE other.controller_id = %(controller)s AND other.id = ANY (ARRAY(
  SELECT id FROM root
  UNION ALL
  SELECT merged.id FROM root JOIN register_customer AS merged ON merged.merged_into = root.id
  WHERE merged.controller_id = %(controller)s
))
ORDER BY other.merged_into IS NOT NULL, other.id
"""
_LOCKED = """
SELECT id FROM register_customer WHERE controller_id = %(controller)s AND id = ANY(%(ids)s) ORDER BY id
FOR NO KEY UPDATE
"""


def together(context: AccessContext, customer_id: int) -> tuple[int, ...]:
    """The customer as which this one is shown, first, and all who are merged into it; none for a stranger."""
    with joined(context.scope), connection.cursor() as cursor:
        cursor.execute(_TOGETHER, {"controller": context.controller_id, "asked": customer_id})
        return tuple(row[0] for row in cursor.fetchall())


def hold(context: AccessContext, customer_id: int) -> tuple[int, ...]:
    """As `together`, locked until the transaction ends: nobody merges, changes or plans them meanwhile.

    NotFoundError for a stranger.
    """
    with joined(context.scope), connection.cursor() as cursor:
        found = together(context, customer_id)
        if not found:
            raise NotFoundError(_("There is no such customer."), place="customer", mend=_("Search again."))
        cursor.execute(_LOCKED, {"controller": context.controller_id, "ids": list(found)})
        # Somebody may have merged them while we waited; what was found before is locked now, so once more is enough.
        return together(context, customer_id)
