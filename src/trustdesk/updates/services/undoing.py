"""Taking back what feeds changed: one change, a delivery, a whole feed. In parts, so that a feed of a year holds up
nobody; whoever is interrupted goes on where it ended, because what is taken back already is not taken back again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString, Self

from django.utils.translation import gettext as _
from procrastinate.contrib.django import app
from procrastinate.types import JSONValue

from trustdesk.isolation.api import scoped
from trustdesk.kernel import registries
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, NotFoundError
from trustdesk.mandates.api import system_context
from trustdesk.register.api import take_back
from trustdesk.register.contracts import Confirmation, ConfirmedBy, TakeBack
from trustdesk.updates import wire
from trustdesk.updates.services.ordering import undo_orders

TASK = "updates.undo"
QUEUE = "updates"
PART = 500
CAUSE = "wrong-update"
_SCOPES: Mapping[str, LiteralString] = {"change": "id", "delivery": "delivery_id", "feed": "feed_id"}
_MADE: LiteralString = """
FROM updates_change WHERE controller_id = %s AND {column} = %s AND fate IN ('updated', 'confirmed')
  AND undone_at IS NULL
"""
# The newest first: what one change put on top of another comes off before it.
_NEXT: LiteralString = "SELECT id, customer_id " + _MADE + " ORDER BY id DESC LIMIT %s FOR UPDATE"
_ALL: LiteralString = "SELECT DISTINCT customer_id, min(decided_at) OVER () " + _MADE
_FIELDS = """
SELECT id, customer_id, new_value_id, old_value_id, confirmed_at, before_at, before_by FROM updates_applied
WHERE controller_id = %s AND change_id = ANY(%b::bigint[]) AND what <> 'kept' AND undone_at IS NULL
ORDER BY id DESC
"""
_UNDONE = """
UPDATE updates_applied SET undone_at = %s, undone_by = %s WHERE controller_id = %s AND id = ANY(%b::bigint[])
"""
_UNMADE = """
UPDATE updates_change SET undone_at = %s, undone_by = %s WHERE controller_id = %s AND id = ANY(%b::bigint[])
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is taken back: of one change, one delivery or one feed, and why."""

    what: str
    number: int
    reason: str

    @classmethod
    def read(cls, held: Mapping[str, Any]) -> Self:
        return cls(what=held["what"], number=held["number"], reason=held["reason"])

    def statement(self, statement: LiteralString) -> LiteralString:
        return statement.format(column=_SCOPES[self.what])


def undo(
    context: AccessContext,
    *,
    change_id: int | None = None,
    delivery_id: int | None = None,
    feed_id: int | None = None,
    wrong: bool = False,
    reason: str,
    now: datetime,
) -> int:
    """See `updates.api.undo`."""
    context.check_operation("update:undo")
    order = _order(change_id=change_id, delivery_id=delivery_id, feed_id=feed_id, reason=reason)
    with scoped(context.scope):
        whose = wire.fetch(order.statement(_ALL), context.controller_id, order.number)
        if not whose and order.what == "change":
            raise NotFoundError(
                _("Nothing of this change is left to undo."), place="change", mend=_("Look at the list again.")
            )
        if wrong and whose:
            _open_breach(context, order, [row[0] for row in whose], happened_at=whose[0][1], now=now)
        done = _part(context, order, now=now)
        if done == PART:
            _order_rest(context, order)
    return done


def go_on(controller_id: int, operator_id: int, held: Mapping[str, Any], *, now: datetime) -> int:
    """The next part of an undoing, in the name of whoever ordered it; how many changes."""
    order = Order.read(held)
    context = system_context(controller_id, purpose="records", now=now, on_behalf_of=operator_id)
    with scoped(context.scope):
        done = _part(context, order, now=now)
        if done == PART:
            _order_rest(context, order)
    return done


def _order(*, change_id: int | None, delivery_id: int | None, feed_id: int | None, reason: str) -> Order:
    named = {"change": change_id, "delivery": delivery_id, "feed": feed_id}
    given = [(what, number) for what, number in named.items() if number is not None]
    if len(given) != 1:
        raise ValueError("name one change, one delivery or one feed")
    if not reason.strip():
        raise BadInputError(_("Say why it is undone."), place="reason", mend=_("Whoever reads the log wants to know."))
    return Order(what=given[0][0], number=given[0][1], reason=reason.strip())


def _part(context: AccessContext, order: Order, *, now: datetime) -> int:
    rows = wire.fetch(order.statement(_NEXT), context.controller_id, order.number, PART)
    if not rows:
        return 0
    change_ids = [row[0] for row in rows]
    fields = wire.fetch(_FIELDS, context.controller_id, change_ids)
    taken = take_back(context, [_taken(row) for row in fields], now=now)
    undone = [row[0] for row, back in zip(fields, taken, strict=True) if back]
    undo_orders(context, change_ids, now=now)
    for statement, ids in ((_UNDONE, undone), (_UNMADE, change_ids)):
        wire.run(statement, now, context.operator_id, context.controller_id, ids)
    context.journal.deed(
        context,
        "updates.undone",
        subjects=sorted({row[1] for row in rows}),
        detail={order.what: order.number, "changes": len(rows), "fields": len(undone), "reason": order.reason},
    )
    return len(rows)


def _taken(row: wire.Row) -> TakeBack:
    _id, customer_id, new, old, confirmed_at, at, by = row
    return TakeBack(customer_id, new, old, confirmed_at, Confirmation(at, ConfirmedBy(by)) if at else None)


def _order_rest(context: AccessContext, order: Order) -> None:
    held: dict[str, JSONValue] = {"what": order.what, "number": order.number, "reason": order.reason}
    app.configure_task(TASK, queue=QUEUE).defer(
        controller_id=context.controller_id, operator_id=context.operator_id, order=held
    )


def _open_breach(
    context: AccessContext, order: Order, customer_ids: Sequence[int], *, happened_at: datetime, now: datetime
) -> None:
    """One case, which names all whose data were wrong, also those who are still to be put right."""
    for _name, register in registries.breaches:
        register.open(
            context,
            kind="integrity",
            cause=CAUSE,
            about=f"{order.what} {order.number}",
            customer_ids=sorted(customer_ids),
            happened_at=happened_at,
            now=now,
        )
