"""The product groups that the company's relationships name: kept apart, because to ask all customers takes seconds."""

from collections.abc import Iterable

from trustdesk.kernel.context import AccessContext
from trustdesk.register import wire

# In the index's order: two that name the same new ones can't wait for each other in a circle.
_KEEP = """
INSERT INTO register_product_group (controller_id, name) SELECT %s, name FROM unnest(%s) AS fresh (name)
ORDER BY name ON CONFLICT DO NOTHING
"""


def keep_groups(context: AccessContext, named: Iterable[str]) -> None:
    """Know them from now on. Call inside `scoped`, with whatever names them."""
    if fresh := set(named):
        wire.run(_KEEP, context.controller_id, wire.TextColumn(fresh))
