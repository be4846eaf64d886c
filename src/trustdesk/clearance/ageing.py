"""What of clearance grows old: verdicts, and the proof of what erased customers agreed to. Suppression never does."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from trustdesk.clearance.services.farewell import forget_proof, proved_until
from trustdesk.kernel.ageing import Aged, Look
from trustdesk.kernel.context import AccessContext

_DECISIONS = """
SELECT d.customer_id, d.id, d.at, ARRAY[p.code], coalesce(c.country, '')
FROM clearance_decision d
JOIN clearance_purpose p ON p.controller_id = d.controller_id AND p.id = d.purpose_id
LEFT JOIN register_customer c ON c.controller_id = d.controller_id AND c.id = d.customer_id
WHERE d.controller_id = %s AND (d.customer_id, d.id) > (%s, %s) AND d.at < %s AND c.restricted_at IS NULL
ORDER BY d.customer_id, d.id LIMIT %s
"""
_DROP = """
DELETE FROM clearance_decision d USING unnest(%s::bigint[], %s::bigint[]) AS old (customer_id, id)
WHERE d.controller_id = %s AND d.customer_id = old.customer_id AND d.id = old.id RETURNING d.customer_id, d.id
"""

# Of somebody in the register the history stays: it says what counts. For the others time began with the farewell.
_PROOFS = """
SELECT h.customer_id, greatest(max(h.at), (
  SELECT max(k.destroyed_at) FROM vault_data_key k
  WHERE k.controller_id = %(company)s AND k.customer_id = h.customer_id AND k.retention_class = 'service'
)) FROM (
  SELECT customer_id, recorded_at AS at FROM clearance_consent_event WHERE controller_id = %(company)s
  UNION ALL SELECT customer_id, used_at FROM clearance_consent_use WHERE controller_id = %(company)s
  UNION ALL SELECT customer_id, recorded_at FROM clearance_objection WHERE controller_id = %(company)s
) AS h
WHERE h.customer_id > %(after)s AND NOT EXISTS (
  SELECT FROM register_customer c WHERE c.controller_id = %(company)s AND c.id = h.customer_id
    AND c.restriction_ground IS DISTINCT FROM 'law')
GROUP BY h.customer_id ORDER BY h.customer_id LIMIT %(limit)s
"""


class Decisions:
    """Whether somebody might be contacted at a moment, and why."""

    category = "dpv:LegalCompliance"

    def aged(self, context: AccessContext, look: Look) -> Sequence[Aged]:
        with connection.cursor() as cursor:
            cursor.execute(_DECISIONS, [context.controller_id, *look.after, look.before, look.limit])
            return [Aged((row[0], row[1]), row[0], row[2], tuple(row[3]), row[4]) for row in cursor.fetchall()]

    def drop(
        self,
        context: AccessContext,
        things: Sequence[Aged],
        *,
        now: datetime,  # noqa: ARG002 -- the protocol gives it
    ) -> Sequence[Aged]:
        customers, decisions = [thing.key[0] for thing in things], [thing.key[1] for thing in things]
        with connection.cursor() as cursor:
            cursor.execute(_DROP, [customers, decisions, context.controller_id])
            gone = {(row[0], row[1]) for row in cursor.fetchall()}
        return [thing for thing in things if thing.key in gone]


class Proofs:
    """What somebody who was erased had agreed and objected to (UWG § 7a; GDPR Art. 7(1)), from the farewell on."""

    category = "dpv:ConsentRecord"

    def aged(self, context: AccessContext, look: Look) -> Sequence[Aged]:
        company, after = context.controller_id, look.after[0]
        with connection.cursor() as cursor:
            cursor.execute(_PROOFS, {"company": company, "after": after, "limit": look.limit})
            found = cursor.fetchall()
        return [Aged((customer, 0), customer, _since(context, customer, ended, look)) for customer, ended in found]

    def drop(self, context: AccessContext, things: Sequence[Aged], *, now: datetime) -> Sequence[Aged]:
        for thing in things:
            forget_proof(context, thing.customer_id, now=now)
        return things


def _since(context: AccessContext, customer_id: int, ended_at: datetime, look: Look) -> datetime:
    """What a law fixes a later day for is of no time yet."""
    until = proved_until(context, customer_id, ended_at=ended_at)
    return look.before if until is not None and until > look.now else ended_at
