"""What of the register grows old: former values, notes, what only a law keeps, and customers of whom nobody hears."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from trustdesk.kernel.ageing import Aged, Look
from trustdesk.kernel.context import AccessContext
from trustdesk.register import wire
from trustdesk.register.services.dropping import drop_values
from trustdesk.register.services.outliving import drop_kept
from trustdesk.register.services.reindexing import reindex

# Whoever asked that something is kept for a claim, or contests it, keeps it (GDPR Art. 18(1)): it is restricted.
_FORMER = """
SELECT v.customer_id, v.id, v.superseded_at, a.purposes, c.country
FROM register_value v
JOIN register_attribute a ON a.controller_id = v.controller_id AND a.id = v.attribute_id
JOIN register_customer c ON c.controller_id = v.controller_id AND c.id = v.customer_id
WHERE v.controller_id = %s AND (v.customer_id, v.id) > (%s, %s) AND v.superseded_at < %s
  AND v.restricted_at IS NULL AND c.restricted_at IS NULL AND a.retention_class = 'service'
ORDER BY v.customer_id, v.id LIMIT %s
"""
_NOTES = """
SELECT n.customer_id, n.id, n.written_at, '{}'::text[], c.country
FROM register_note n JOIN register_customer c ON c.controller_id = n.controller_id AND c.id = n.customer_id
WHERE n.controller_id = %s AND (n.customer_id, n.id) > (%s, %s) AND n.written_at < %s AND c.restricted_at IS NULL
ORDER BY n.customer_id, n.id LIMIT %s
"""
_KEPT = """
SELECT v.customer_id, v.id, v.recorded_at, a.purposes, c.country
FROM register_value v
JOIN register_attribute a ON a.controller_id = v.controller_id AND a.id = v.attribute_id
JOIN register_customer c ON c.controller_id = v.controller_id AND c.id = v.customer_id
WHERE v.controller_id = %s AND (v.customer_id, v.id) > (%s, %s) AND v.recorded_at < %s
  AND v.restricted_at IS NULL AND (c.restricted_at IS NULL OR c.restriction_ground = 'law')
  AND a.retention_class LIKE 'statutory:%%'
ORDER BY v.customer_id, v.id LIMIT %s
"""
# Of customers shown as one the root stands for all: its time begins with the last sign of any of them.
_IDLE = """
SELECT c.id, 0, greatest(
  c.created_at, c.customer_since::timestamptz, c.last_sale_date::timestamptz,
  (SELECT max(greatest(m.created_at, m.customer_since::timestamptz, m.last_sale_date::timestamptz))
   FROM register_customer m WHERE m.controller_id = c.controller_id AND m.merged_into = c.id),
  (SELECT max(greatest(v.recorded_at, v.confirmed_at)) FROM register_value v
   WHERE v.controller_id = c.controller_id AND v.customer_id = c.id),
  (SELECT max(n.written_at) FROM register_note n WHERE n.controller_id = c.controller_id AND n.customer_id = c.id)
) AS since, '{}'::text[], c.country
FROM register_customer c
WHERE c.controller_id = %s AND (c.id, 0) > (%s, %s) AND c.created_at < %s
  AND c.merged_into IS NULL AND c.restricted_at IS NULL
ORDER BY c.id LIMIT %s
"""
_RECORDS = """
SELECT id, id FROM register_customer WHERE controller_id = %s AND id = ANY(%s)
UNION ALL SELECT id, merged_into FROM register_customer WHERE controller_id = %s AND merged_into = ANY(%s)
"""
_LOCK = "SELECT FROM register_customer WHERE controller_id = %s AND id = ANY(%s) ORDER BY id FOR UPDATE"
_DROP_NOTES = """
DELETE FROM register_note n USING unnest(%s::bigint[], %s::bigint[]) AS old (customer_id, note_id)
WHERE n.controller_id = %s AND n.customer_id = old.customer_id AND n.id = old.note_id
RETURNING n.customer_id, n.id
"""


class FormerValues:
    """What was true once: kept as history for as long as somebody may have to be told of it, and no longer."""

    category = "dpv:PersonalData"

    def aged(self, context: AccessContext, look: Look) -> Sequence[Aged]:
        return _aged(wire.fetch(_FORMER, context.controller_id, *look.after, look.before, look.limit))

    def drop(
        self,
        context: AccessContext,
        things: Sequence[Aged],
        *,
        now: datetime,  # noqa: ARG002 -- the protocol gives it
    ) -> Sequence[Aged]:
        owners, values = _locked(context, things)
        return _those(things, drop_values(context, owners, values))


class Notes:
    """What operators wrote. Its words are not found any more once it is gone."""

    category = "pd:Communication"

    def aged(self, context: AccessContext, look: Look) -> Sequence[Aged]:
        return _aged(wire.fetch(_NOTES, context.controller_id, *look.after, look.before, look.limit))

    def drop(
        self,
        context: AccessContext,
        things: Sequence[Aged],
        *,
        now: datetime,  # noqa: ARG002 -- the protocol gives it
    ) -> Sequence[Aged]:
        owners, notes = _locked(context, things)
        went = _those(things, wire.fetch(_DROP_NOTES, owners, notes, context.controller_id))
        for customer_id in sorted({thing.customer_id for thing in went}):
            reindex(context, customer_id)
        return went


class KeptByLaw:
    """What stands under a key of its own because a law wants it: with the last of a class the key dies, and with the
    last of all the row of a customer who was erased before.
    """

    category = "dpv:LegalCompliance"

    def aged(self, context: AccessContext, look: Look) -> Sequence[Aged]:
        return _aged(wire.fetch(_KEPT, context.controller_id, *look.after, look.before, look.limit))

    def drop(self, context: AccessContext, things: Sequence[Aged], *, now: datetime) -> Sequence[Aged]:
        owners, values = _locked(context, things)
        return _those(things, drop_kept(context, owners, values, now=now))


def idle_customers(context: AccessContext, look: Look) -> Sequence[Aged]:
    """Customers who exist since before an instant, behind a key, each with the last sign the register has of them: a
    sale, a value recorded or confirmed, a note. Restricted ones are not among them. Inside the scope.
    """
    return _aged(wire.fetch(_IDLE, context.controller_id, *look.after, look.before, look.limit))


def records_of(context: AccessContext, customer_ids: Sequence[int]) -> Mapping[int, int]:
    """All records that are shown as these customers, each with the one it is shown as. Inside the scope."""
    return dict(
        wire.fetch(_RECORDS, context.controller_id, list(customer_ids), context.controller_id, list(customer_ids))
    )


def _aged(rows: Sequence[tuple[int, int, datetime, list[str], str]]) -> Sequence[Aged]:
    return [
        Aged((customer_id, thing_id), customer_id, since, tuple(purposes), country)
        for customer_id, thing_id, since, purposes, country in rows
    ]


def _locked(context: AccessContext, things: Sequence[Aged]) -> tuple[list[int], list[int]]:
    owners = [thing.key[0] for thing in things]
    wire.fetch(_LOCK, context.controller_id, sorted(set(owners)))
    return owners, [thing.key[1] for thing in things]


def _those(things: Sequence[Aged], gone: Sequence[tuple[int, int]]) -> Sequence[Aged]:
    keys = {(row[0], row[1]) for row in gone}
    return [thing for thing in things if thing.key in keys]
