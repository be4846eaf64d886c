"""What the company sells, as its relationships name it."""

from collections.abc import Sequence

from trustdesk.kernel.context import AccessContext
from trustdesk.register import wire

MOST = 200
_GROUPS = "SELECT name FROM register_product_group WHERE controller_id = %s ORDER BY name LIMIT %s"


def product_groups(context: AccessContext) -> Sequence[str]:
    """The product groups that relationships of the company name, or once named; the first 200."""
    with wire.within(context):
        return [row[0] for row in wire.fetch(_GROUPS, context.controller_id, MOST)]
