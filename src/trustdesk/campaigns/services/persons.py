"""Who is one person by now: customers may be shown as one after they became targets, and a person is contacted once."""

from dataclasses import dataclass

from django.db import connection

from trustdesk.campaigns.models import Target
from trustdesk.kernel.context import AccessContext

# Whom an attempt was begun at goes on, so that nothing begins anew by a merge; else the one as which all are shown.
_SHOWN_AS = """
WITH root AS (
  SELECT coalesce(c.merged_into, c.id) AS id FROM register_customer c
  WHERE c.controller_id = %(controller)s AND c.id = %(customer)s
), person AS (
  SELECT id FROM root
  UNION SELECT c.id FROM register_customer c JOIN root r ON c.merged_into = r.id WHERE c.controller_id = %(controller)s
)
SELECT r.id, (
  SELECT t.customer_id FROM campaigns_target t JOIN person p ON p.id = t.customer_id
  WHERE t.controller_id = %(controller)s AND t.campaign_id = %(campaign)s
  ORDER BY t.number DESC, t.customer_id <> r.id, t.customer_id LIMIT 1)
FROM root r
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """`customer_id`: the customer as whom the target is shown. `leads`: whether of all targets that are this person it
    is the one that goes on.
    """

    customer_id: int
    leads: bool


def shown_as(context: AccessContext, target: Target) -> Shown:
    """The person of the target as it is now. Inside `scoped`."""
    named = {
        "controller": context.controller_id,
        "campaign": target.campaign_id,
        "customer": target.customer_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SHOWN_AS, named)
        root, leader = cursor.fetchone() or (target.customer_id, target.customer_id)
    return Shown(root, leader == target.customer_id)
