"""The customer an act is about, with those merged into it, under the customer's lock."""

from django.utils.translation import gettext as _

from trustdesk.clearance import wire
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError

# Two look-ups by index: a join on one of two columns would read the whole register.
_TOGETHER = """
WITH root AS (
  SELECT coalesce(merged_into, id) AS id FROM register_customer
  WHERE controller_id = %(controller)s AND id = %(customer)s
)
SELECT other.id, other.country FROM register_customer other
WHERE other.controller_id = %(controller)s AND other.id = ANY (ARRAY(
  SELECT id FROM root
  UNION ALL
  SELECT merged.id FROM root JOIN register_customer merged ON merged.merged_into = root.id
  WHERE merged.controller_id = %(controller)s
))
ORDER BY other.merged_into IS NOT NULL, other.id
"""


def together(context: AccessContext, customer_id: int) -> list[int]:
    """The customer as which this one is shown, first, and all who are merged into it. NotFoundError for a stranger."""
    found = _found(context, customer_id)
    if not found:
        raise NotFoundError(_("There is no such customer."), place="customer", mend=_("Search again."))
    return [row[0] for row in found]


def hold(context: AccessContext, customer_id: int) -> list[int]:
    """As `together`, with every one's lock taken: whoever contacts one of them is waited for, or waits."""
    ids = together(context, customer_id)
    wire.lock(wire.customer_lock(each) for each in ids)
    # Somebody may have merged them meanwhile; who was merged first is locked now, so once more is enough.
    again = together(context, customer_id)
    if set(again) - set(ids):
        wire.lock(wire.customer_lock(each) for each in again)
    return again


def _found(context: AccessContext, customer_id: int) -> wire.Rows:
    return wire.fetch(_TOGETHER, {"controller": context.controller_id, "customer": customer_id})


def country_of(context: AccessContext, customer_id: int) -> str:
    """Whose law counts for the customer; empty where it is not known."""
    found = _found(context, customer_id)
    return next((row[1] for row in found if row[1]), "")
