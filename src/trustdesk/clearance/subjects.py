"""The customer an act is about, with those merged into it, under the customer's lock."""

from django.utils.translation import gettext as _

from trustdesk.clearance import wire
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError

TOGETHER = """
SELECT other.id, other.country FROM register_customer asked
JOIN register_customer other ON other.controller_id = asked.controller_id
  AND (other.id = coalesce(asked.merged_into, asked.id) OR other.merged_into = coalesce(asked.merged_into, asked.id))
WHERE asked.controller_id = %s AND asked.id = %s
ORDER BY other.id <> coalesce(asked.merged_into, asked.id), other.id
"""


def together(context: AccessContext, customer_id: int) -> list[int]:
    """The customer as which this one is shown, first, and all who are merged into it. NotFoundError for a stranger."""
    found = wire.fetch(TOGETHER, [context.controller_id, customer_id])
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


def country_of(context: AccessContext, customer_id: int) -> str:
    """Whose law counts for the customer; empty where it is not known."""
    found = wire.fetch(TOGETHER, [context.controller_id, customer_id])
    return next((row[1] for row in found if row[1]), "")
