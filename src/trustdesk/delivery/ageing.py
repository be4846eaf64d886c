"""What of delivery grows old: messages that came to their end, and what other systems were told."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from trustdesk.kernel.ageing import Aged, Look
from trustdesk.kernel.context import AccessContext

# Their time begins when nothing more can become of them.
_MESSAGES = """
SELECT m.id, m.customer_id, m.changed_at, ARRAY[m.purpose], c.country
FROM delivery_message m JOIN register_customer c ON c.controller_id = m.controller_id AND c.id = m.customer_id
WHERE m.controller_id = %s AND m.id > %s AND m.changed_at < %s
  AND m.state IN ('refused', 'sent', 'bounced', 'failed') AND c.restricted_at IS NULL
ORDER BY m.id LIMIT %s
"""
_CALLS = """
SELECT t.id, t.customer_id, t.changed_at, ARRAY[e.purpose], c.country
FROM delivery_call t
JOIN delivery_endpoint e ON e.controller_id = t.controller_id AND e.id = t.endpoint_id
JOIN register_customer c ON c.controller_id = t.controller_id AND c.id = t.customer_id
WHERE t.controller_id = %s AND t.id > %s AND t.changed_at < %s
  AND t.state IN ('refused', 'sent', 'bounced', 'failed') AND c.restricted_at IS NULL
ORDER BY t.id LIMIT %s
"""
_DROP_MESSAGES = """
DELETE FROM delivery_message WHERE controller_id = %s AND id = ANY(%s)
  AND state IN ('refused', 'sent', 'bounced', 'failed') RETURNING id
"""
_DROP_CALLS = """
DELETE FROM delivery_call WHERE controller_id = %s AND id = ANY(%s)
  AND state IN ('refused', 'sent', 'bounced', 'failed') RETURNING id
"""


class Messages:
    """What was sent, with its words and its history."""

    category = "pd:Communication"

    def aged(self, context: AccessContext, look: Look) -> Sequence[Aged]:
        return _aged(_MESSAGES, context, look)

    def drop(
        self,
        context: AccessContext,
        things: Sequence[Aged],
        *,
        now: datetime,  # noqa: ARG002 -- the protocol gives it
    ) -> Sequence[Aged]:
        return _dropped(_DROP_MESSAGES, context, things)


class Calls:
    """What another system was told of a customer."""

    category = "pd:CommunicationsMetadata"

    def aged(self, context: AccessContext, look: Look) -> Sequence[Aged]:
        return _aged(_CALLS, context, look)

    def drop(
        self,
        context: AccessContext,
        things: Sequence[Aged],
        *,
        now: datetime,  # noqa: ARG002 -- the protocol gives it
    ) -> Sequence[Aged]:
        return _dropped(_DROP_CALLS, context, things)


def _aged(statement: str, context: AccessContext, look: Look) -> Sequence[Aged]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [context.controller_id, look.after[0], look.before, look.limit])
        return [Aged((row[0], 0), row[1], row[2], tuple(row[3]), row[4]) for row in cursor.fetchall()]


def _dropped(statement: str, context: AccessContext, things: Sequence[Aged]) -> Sequence[Aged]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [context.controller_id, [thing.key[0] for thing in things]])
        gone = {row[0] for row in cursor.fetchall()}
    return [thing for thing in things if thing.key[0] in gone]
