"""What of campaigns grows old: who was in one, once it is over."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from trustdesk.kernel.ageing import Aged, Look
from trustdesk.kernel.context import AccessContext

_TARGETS = """
SELECT t.campaign_id, t.customer_id, t.changed_at, ARRAY[g.purpose], c.country
FROM campaigns_target t
JOIN campaigns_campaign g ON g.controller_id = t.controller_id AND g.id = t.campaign_id
JOIN register_customer c ON c.controller_id = t.controller_id AND c.id = t.customer_id
WHERE t.controller_id = %s AND (t.campaign_id, t.customer_id) > (%s, %s) AND t.changed_at < %s
  AND g.state IN ('ended', 'cancelled') AND c.restricted_at IS NULL
ORDER BY t.campaign_id, t.customer_id LIMIT %s
"""
_DROP = """
DELETE FROM campaigns_target t USING unnest(%s::bigint[], %s::bigint[]) AS old (campaign_id, customer_id)
WHERE t.controller_id = %s AND t.campaign_id = old.campaign_id AND t.customer_id = old.customer_id
RETURNING t.campaign_id, t.customer_id
"""


class Targets:
    """One person in a campaign that has ended, with each attempt. The campaign's own counts stay."""

    category = "pd:CommunicationsMetadata"

    def aged(self, context: AccessContext, look: Look) -> Sequence[Aged]:
        with connection.cursor() as cursor:
            cursor.execute(_TARGETS, [context.controller_id, *look.after, look.before, look.limit])
            return [Aged((row[0], row[1]), row[1], row[2], tuple(row[3]), row[4]) for row in cursor.fetchall()]

    def drop(
        self,
        context: AccessContext,
        things: Sequence[Aged],
        *,
        now: datetime,  # noqa: ARG002 -- the protocol gives it
    ) -> Sequence[Aged]:
        campaigns, customers = [thing.key[0] for thing in things], [thing.key[1] for thing in things]
        with connection.cursor() as cursor:
            cursor.execute(_DROP, [campaigns, customers, context.controller_id])
            gone = {(row[0], row[1]) for row in cursor.fetchall()}
        return [thing for thing in things if thing.key in gone]
