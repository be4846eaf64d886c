"""The customer a conversation is with: all who are shown as one, whether restricted, and whose law counts."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _

from trustdesk.isolation.api import joined
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError

# Two look-ups by index: a join on one of two columns would read the whole register.
_TOGETHER = """
WITH root AS (
  SELECT coalesce(merged_into, id) AS id FROM register_customer
  WHERE controller_id = %(controller)s AND id = %(customer)s
)
SELECT other.id, other.country, other.restricted_at IS NOT NULL FROM register_customer other
WHERE other.controller_id = %(controller)s AND other.id = ANY (ARRAY(
  SELECT id FROM root
  UNION ALL
  SELECT merged.id FROM root JOIN register_customer merged ON merged.merged_into = root.id
  WHERE merged.controller_id = %(controller)s
))
ORDER BY other.merged_into IS NOT NULL, other.id
"""
_HOLD = " FOR KEY SHARE OF other"
_TOKENS = "SELECT token FROM register_token WHERE controller_id = %s AND customer_id = ANY(%s)"


@dataclass(frozen=True, slots=True)
class Person:
    """`ids`: the one as which the customer is shown first, then all who are merged into it."""

    ids: tuple[int, ...]
    country: str
    restricted: bool


def person(context: AccessContext, customer_id: int, *, held: bool = False) -> Person:
    """NotFoundError for a stranger. `held`: whoever erases the customer waits for this transaction."""
    with joined(context.scope), connection.cursor() as cursor:
        given = {"controller": context.controller_id, "customer": customer_id}
        cursor.execute(_TOGETHER + (_HOLD if held else ""), given)
        rows = cursor.fetchall()
    if not rows:
        raise NotFoundError(_("There is no such customer."), place="customer", mend=_("Search again."))
    country = next((row[1] for row in rows if row[1]), "")
    return Person(tuple(row[0] for row in rows), country, any(row[2] for row in rows))


def hidden(context: AccessContext, customer_id: int | None) -> bool:
    """Whether texts of this customer are not for these eyes (GDPR Art. 18). Nobody known: nothing is restricted."""
    if customer_id is None or context.allows("customer:lock"):
        return False
    try:
        return person(context, customer_id).restricted
    except NotFoundError:
        return True


def tokens_of(context: AccessContext, ids: Sequence[int]) -> list[int]:
    """The blind tokens by which these customers are found."""
    with connection.cursor() as cursor:
        cursor.execute(_TOKENS, [context.controller_id, list(ids)])
        return [row[0] for row in cursor.fetchall()]
