"""What a source orders for somebody: their contact data are given to nobody, or nobody contacts them any more.

Contacts with somebody who has died are stopped like contacts with somebody who objected to all: at once, on every
channel, whoever shares the number. It is the source's word and not the person's, and is recorded as that.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from trustdesk.clearance.api import lift_objection, record_objection
from trustdesk.clearance.contracts import EVERYTHING, By, Method
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import to_public
from trustdesk.register.contracts import Held
from trustdesk.updates import wire
from trustdesk.updates.contracts import ChangeKind, OrderKind, Terms
from trustdesk.updates.services.cases import Case

ORDERS: Mapping[ChangeKind, OrderKind] = {
    ChangeKind.NON_DISCLOSURE: OrderKind.NON_DISCLOSURE,
    ChangeKind.DEATH: OrderKind.DECEASED,
}
_UNDISCLOSED = """
SELECT customer_id FROM updates_order
WHERE controller_id = %s AND customer_id = ANY(%b::bigint[]) AND kind = 'non_disclosure' AND ended_at IS NULL
"""
_STANDING = """
SELECT customer_id, kind FROM updates_order
WHERE controller_id = %s AND customer_id = ANY(%b::bigint[]) AND ended_at IS NULL
"""
# The later word counts, in whatever order the two come.
_ORDER = """
INSERT INTO updates_order AS held (controller_id, customer_id, kind, change_id, feed_id, since)
SELECT %s, customer_id, kind, change_id, %s, since
FROM json_to_recordset(%s) AS fresh (customer_id bigint, kind text, change_id bigint, since timestamptz)
ORDER BY customer_id, kind
ON CONFLICT (controller_id, customer_id, kind) DO UPDATE
SET change_id = excluded.change_id, feed_id = excluded.feed_id, since = excluded.since, ended_at = NULL
WHERE coalesce(held.ended_at, held.since) < excluded.since
"""
_LIFT = """
UPDATE updates_order SET ended_at = %s
WHERE controller_id = %s AND customer_id = %s AND kind = %s AND ended_at IS NULL AND since <= %s
"""
_UNDO = """
DELETE FROM updates_order WHERE controller_id = %s AND change_id = ANY(%b::bigint[])
RETURNING customer_id, kind, change_id
"""


def standing(context: AccessContext, people: Sequence[Held]) -> Mapping[int, frozenset[OrderKind]]:
    """The orders that stand for these, by the customer as which each is shown."""
    whose = {record: person.shown_as for person in people for record in person.records}
    found: dict[int, frozenset[OrderKind]] = {}
    for customer_id, kind in wire.fetch(_STANDING, context.controller_id, list(whose)):
        root = whose[customer_id]
        found[root] = found.get(root, frozenset()) | {OrderKind(kind)}
    return found


def order(context: AccessContext, cases: Sequence[Case], terms: Terms, *, now: datetime) -> None:
    """Set down what these changes order or lift, and stop contacts with those who died."""
    ordered = [case for case in cases if case.change.kind in ORDERS and not lifts(case)]
    rows = [
        {
            "customer_id": case.customer_id,
            "kind": ORDERS[case.change.kind].value,
            "change_id": case.change_id,
            "since": case.change.as_of,
        }
        for case in ordered
    ]
    if rows:
        wire.run(_ORDER, context.controller_id, terms.feed_id, wire.packed(rows))
    for case in cases:
        if lifts(case):
            as_of = case.change.as_of
            kind = OrderKind.NON_DISCLOSURE.value
            wire.run(_LIFT, as_of, context.controller_id, case.customer_id, kind, as_of)
        elif case.change.kind is ChangeKind.DEATH and case.customer_id is not None:
            record_objection(
                context,
                customer_id=case.customer_id,
                scope=EVERYTHING,
                method=Method.IMPORT,
                by=By.SOURCE,
                reference=_reference(case.change_id),
                now=now,
            )


def withdrawn(context: AccessContext, cases: Sequence[Case]) -> Mapping[int, datetime]:
    """Of whom these changes order, with effect, that nothing be disclosed, and as of when: an order that is older than
    what lifted it has none.
    """
    ordered = {
        case.customer_id: case.change.as_of
        for case in cases
        if case.customer_id is not None and case.change.kind is ChangeKind.NON_DISCLOSURE and not lifts(case)
    }
    if not ordered:
        return {}
    secret = Secrecy().secret(context, list(ordered))
    return {each: as_of for each, as_of in ordered.items() if each in secret}


class Secrecy:
    """Registered in `kernel.registries.secrecy`."""

    name = "updates.orders"

    def secret(self, context: AccessContext, customer_ids: Sequence[int]) -> frozenset[int]:
        return frozenset(row[0] for row in wire.fetch(_UNDISCLOSED, context.controller_id, list(customer_ids)))


def lifts(case: Case) -> bool:
    """An order that ends: the source says so by naming it among what holds no more."""
    ends = {said.attribute for said in case.change.ends}
    return case.change.kind is ChangeKind.NON_DISCLOSURE and ChangeKind.NON_DISCLOSURE.value in ends


def undo_orders(context: AccessContext, change_ids: Sequence[int], *, now: datetime) -> None:
    """Take back what wrong changes ordered; who is alive can be contacted as before."""
    for customer_id, kind, change_id in wire.fetch(_UNDO, context.controller_id, list(change_ids)):
        if kind == OrderKind.DECEASED:
            lift_objection(
                context,
                customer_id=customer_id,
                scope=EVERYTHING,
                method=Method.IMPORT,
                reference=_reference(change_id),
                now=now,
            )


def _reference(change_id: int) -> str:
    return f"update {to_public(change_id)}"
