"""Which purposes still carry what is held of a customer (GDPR Art. 6(1), 17(1)(b), (c))."""

from collections.abc import Sequence
from datetime import datetime

from trustdesk.clearance import wire
from trustdesk.clearance.selectors.setup import current
from trustdesk.clearance.subjects import together
from trustdesk.kernel.context import AccessContext

# The newest event of a purpose and channel counts; one that speaks of every channel ends them all.
_GIVEN = """
SELECT DISTINCT given.purpose_id FROM clearance_consent_event given
WHERE given.controller_id = %(controller)s AND given.customer_id = ANY(%(ids)s) AND given.state = 'given'
  AND given.at <= %(now)s AND (given.until IS NULL OR given.until > %(now)s) AND NOT EXISTS (
    SELECT FROM clearance_consent_event ended
    WHERE ended.controller_id = given.controller_id AND ended.customer_id = ANY(%(ids)s)
      AND ended.purpose_id = given.purpose_id AND ended.channel IN ('', given.channel)
      AND ended.state IN ('refused', 'withdrawn', 'expired') AND ended.at >= given.at AND ended.at <= %(now)s)
"""
_OBJECTED = """
SELECT EXISTS (SELECT FROM clearance_objection o
WHERE o.controller_id = %(controller)s AND o.customer_id = ANY(%(ids)s) AND o.act = 'objected' AND o.channel = ''
  AND o.purpose_id IS NULL AND o.at <= %(now)s AND NOT EXISTS (
    SELECT FROM clearance_objection l WHERE l.controller_id = o.controller_id AND l.customer_id = ANY(%(ids)s)
      AND l.act = 'lifted' AND l.at > o.at AND l.purpose_id IS NULL AND l.purpose_kind IN ('', o.purpose_kind)
      AND l.channel = ''))
"""
_RELYING = """
SELECT DISTINCT customer_id FROM clearance_consent_event
WHERE controller_id = %s AND purpose_id = %s AND state = 'given' AND customer_id > %s ORDER BY customer_id LIMIT %s
"""


def consented(context: AccessContext, customer_id: int, *, now: datetime) -> Sequence[str]:
    """The codes of the living purposes to which the customer, or anybody shown as one, has a consent that stands.

    Needs `customer:open`. NotFoundError for a stranger.
    """
    context.check_operation("customer:open")
    with wire.within(context):
        named = {"controller": context.controller_id, "ids": together(context, customer_id), "now": now}
        given = {row[0] for row in wire.fetch(_GIVEN, named)}
        living = current(context).purposes.values()
    return sorted(each.code for each in living if each.purpose_id in given and each.retired_at is None)


def objected_to_all(context: AccessContext, customer_id: int, *, now: datetime) -> bool:
    """Whether an objection of the customer to everything, or to all marketing, stands. Needs `customer:open`."""
    context.check_operation("customer:open")
    with wire.within(context):
        named = {"controller": context.controller_id, "ids": together(context, customer_id), "now": now}
        return bool(wire.fetch(_OBJECTED, named)[0][0])


def relying_on(context: AccessContext, *, purpose: str, after: int, limit: int) -> Sequence[int]:
    """Customers who ever consented to a purpose, in the order of their ids, those after the given one. Needs
    `customer:open`. NotFoundError for a purpose that was never declared.
    """
    context.check_operation("customer:open")
    with wire.within(context):
        held = current(context).purpose(purpose)
        return [row[0] for row in wire.fetch(_RELYING, [context.controller_id, held.purpose_id, after, limit])]
