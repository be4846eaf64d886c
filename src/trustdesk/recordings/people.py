"""The customers whose recordings they are: all who are shown as one, and whether their data may only be stored."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from trustdesk.isolation.api import joined
from trustdesk.kernel.context import AccessContext

# Look-ups by index: a join on one of two columns would read the whole register.
_TOGETHER = """
WITH root AS (
  SELECT DISTINCT coalesce(merged_into, id) AS id FROM register_customer
  WHERE controller_id = %(controller)s AND id = ANY(%(asked)s)
)
SELECT other.id, other.restricted_at IS NOT NULL FROM register_customer AS other
WHERE other.controller_id = %(controller)s AND other.id = ANY (ARRAY(
  SELECT id FROM root
  UNION ALL
  SELECT merged.id FROM root JOIN register_customer AS merged ON merged.merged_into = root.id
  WHERE merged.controller_id = %(controller)s
))
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
    with joined(context.scope), connection.cursor() as cursor:
        cursor.execute(_TOGETHER, {"controller": context.controller_id, "asked": list(asked)})
        rows = cursor.fetchall()
    there = frozenset(row[0] for row in rows)
    return Together(asked | there, not asked <= there or any(row[1] for row in rows))
