"""When customers last acted on their own consents and objections."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import connection

from trustdesk.kernel.context import AccessContext

_LAST = """
SELECT customer_id, max(at) FROM (
  SELECT customer_id, recorded_at AS at FROM clearance_consent_event
  WHERE controller_id = %(company)s AND customer_id = ANY(%(ids)s)
  UNION ALL
  SELECT customer_id, recorded_at FROM clearance_objection
  WHERE controller_id = %(company)s AND customer_id = ANY(%(ids)s)
) AS acts GROUP BY customer_id
"""


def last_act(context: AccessContext, customer_ids: Sequence[int]) -> Mapping[int, datetime]:
    """Of those who ever said anything."""
    with connection.cursor() as cursor:
        cursor.execute(_LAST, {"company": context.controller_id, "ids": list(customer_ids)})
        return dict(cursor.fetchall())
