"""How contact points came to us: what a soft opt-in rests on."""

from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.clearance import wire
from trustdesk.clearance.contracts import Collection
from trustdesk.clearance.subjects import hold
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, NotFoundError
from trustdesk.kernel.ids import new_id

_VALUE = """
SELECT customer_id FROM register_value
WHERE controller_id = %s AND customer_id = ANY(%s) AND id = %s AND superseded_at IS NULL
"""
_INSERT = """
INSERT INTO clearance_collection (controller_id, customer_id, id, value_id, from_sale, told, refused, asked,
  asked_until, at, recorded_at, recorded_by)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


def record_collection(
    context: AccessContext, *, customer_id: int, collection: Collection, at: datetime, now: datetime
) -> int:
    """Record how a number or address was obtained: in a sale, told of the right to object, refused then (Dir.
    2002/58/EC Art. 13(2)); or that the person asked to be contacted. The entry's id. Needs `consent:record`.

    Of several entries the newest that says something counts, for each of the four. BadInputError where it lies in the
    future or says nothing, NotFoundError where the value is none of the customer's current ones.
    """
    context.check_operation("consent:record")
    if at > now:
        raise BadInputError(_("The event lies in the future."), place="at", mend=_("Record it when it has happened."))
    said = (collection.from_sale, collection.told, collection.refused, collection.asked)
    if all(part is None for part in said):
        raise BadInputError(_("There is nothing in it."), place="collection", mend=_("Say at least one."))
    with scoped(context.scope):
        ids = hold(context, customer_id)
        owner = ids[0]
        if collection.value_id is not None:
            found = wire.fetch(_VALUE, [context.controller_id, ids, collection.value_id])
            if not found:
                raise NotFoundError(_("There is no such value."), place="value", mend=_("Open the card again."))
            owner = found[0][0]
        entry = new_id()
        until = collection.asked_until if collection.asked else None
        wire.run(
            _INSERT,
            [
                context.controller_id,
                owner,
                entry,
                collection.value_id,
                *said,
                until,
                at,
                now,
                context.operator_id,
            ],
        )
        context.journal.deed(
            context, "clearance.collection.recorded", subjects=[ids[0]], detail={"value": collection.value_id or 0}
        )
    return entry
