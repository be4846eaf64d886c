"""What every change of one customer shares: hold the row, find the value, note the event."""

from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import ConflictError, NotFoundError
from trustdesk.kernel.ids import new_id
from trustdesk.register import wire
from trustdesk.register.selectors.values import together

_HOLD = "SELECT id FROM register_customer WHERE controller_id = %s AND id = ANY(%s) ORDER BY id FOR UPDATE"
_TOUCH = "UPDATE register_customer SET updated_at = %s WHERE controller_id = %s AND id = ANY(%s)"
_VALUE = """
SELECT customer_id, attribute_id, superseded_at IS NOT NULL FROM register_value
WHERE controller_id = %s AND customer_id = ANY(%s) AND id = %s
"""
_EVENT = """
INSERT INTO register_event (controller_id, customer_id, id, at, kind, operator_id, value_id, detail)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
"""


def hold(context: AccessContext, customer_id: int, *, now: datetime) -> list[int]:
    """The customer's rows, locked until the transaction ends: the one it is shown as first, then the merged ones."""
    ids = together(context, customer_id)
    wire.fetch(_HOLD, context.controller_id, ids)
    wire.run(_TOUCH, now, context.controller_id, ids)
    return ids


def hold_all(context: AccessContext, ids: list[int]) -> list[int]:
    """Those of these customers who are there, their rows locked one after the other until the transaction ends."""
    return [row[0] for row in wire.fetch(_HOLD, context.controller_id, ids)]


def current_value(context: AccessContext, ids: list[int], value_id: int) -> tuple[int, int]:
    """The customer and attribute of a value that still counts. NotFoundError, ConflictError where it was superseded."""
    rows = wire.fetch(_VALUE, context.controller_id, ids, value_id)
    if not rows:
        raise NotFoundError(_("There is no such value."), place="value", mend=_("Open the card again."))
    customer_id, attribute_id, superseded = rows[0]
    if superseded:
        raise ConflictError(_("Somebody changed this value meanwhile."), place="value", mend=_("Open the card again."))
    return customer_id, attribute_id


def note_event(
    context: AccessContext, customer_id: int, kind: str, *, now: datetime, value_id: int | None = None, detail: str = ""
) -> None:
    """One line of the timeline: codes and ids only."""
    wire.run(_EVENT, context.controller_id, customer_id, new_id(), now, kind, context.operator_id, value_id, detail)
