"""When customers were last spoken with."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import connection

from trustdesk.kernel.context import AccessContext

_LAST = """
SELECT customer_id, max(changed_at) FROM conversations_conversation
WHERE controller_id = %s AND customer_id = ANY(%s) GROUP BY customer_id
"""


def last_spoken_with(context: AccessContext, customer_ids: Sequence[int]) -> Mapping[int, datetime]:
    """Of those with whom there ever was a conversation that is still kept."""
    with connection.cursor() as cursor:
        cursor.execute(_LAST, [context.controller_id, list(customer_ids)])
        return dict(cursor.fetchall())
