"""The customers whose recordings they are: all who are shown as one, and whether their data may only be stored."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext

_TOGETHER = """
SELECT other.id, other.restricted_at IS NOT NULL FROM register_customer AS asked
JOIN register_customer AS other ON other.controller_id = asked.controller_id
  AND (other.id = coalesce(asked.merged_into, asked.id) OR other.merged_into = coalesce(asked.merged_into, asked.id))
WHERE asked.controller_id = %s AND asked.id = ANY(%s)
"""


@dataclass(frozen=True, slots=True)
class Together:
    """`restricted`: at least one of them is (GDPR Art. 18(2)), or is not in the register any more: what is left of who
    was erased is only stored.
    """

    ids: frozenset[int]
    restricted: bool


def together(context: AccessContext, customer_ids: Iterable[int]) -> Together:
    """The customers and all who are shown as one with them."""
    asked = frozenset(customer_ids)
    with scoped(context.scope), connection.cursor() as cursor:
        cursor.execute(_TOGETHER, [context.controller_id, list(asked)])
        rows = cursor.fetchall()
    there = frozenset(row[0] for row in rows)
    return Together(asked | there, not asked <= there or any(row[1] for row in rows))
