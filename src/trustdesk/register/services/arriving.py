"""What a message that arrived says of the contact point it went to."""

from datetime import datetime, timedelta
from typing import LiteralString

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.register import wire
from trustdesk.register.contracts import ConfirmedBy
from trustdesk.register.selectors import catalog as catalog_of
from trustdesk.register.selectors.fresh import rules
from trustdesk.register.selectors.values import shown_as_one
from trustdesk.register.services.customers import hold_all, note_event

_HELD: LiteralString = """
SELECT v.customer_id, v.attribute_id, v.source_id, v.recorded_at, v.confirmed_at, v.confirmed_by
FROM register_value v JOIN register_customer c ON c.controller_id = v.controller_id AND c.id = v.customer_id
WHERE v.controller_id = %s AND v.customer_id = ANY(%s) AND v.id = %s AND v.superseded_at IS NULL
  AND v.restricted_at IS NULL AND c.restricted_at IS NULL
"""
_CONFIRM = """
UPDATE register_value SET confirmed_at = %s, confirmed_by = %s, confirmed_by_operator = NULL
WHERE controller_id = %s AND customer_id = %s AND id = %s
"""


def confirm_arrival(context: AccessContext, *, customer_id: int, value_id: int, now: datetime) -> bool:
    """A message was proved to have arrived at this contact point: by a receipt, a link that was opened, a code that was
    said. True where it confirms the value.

    That a server took a message says nothing of this kind. Nothing is changed where what is on record counts for
    longer, as a customer's own word may; nor of a value that was replaced or is restricted (GDPR Art. 18). It needs no
    operation of its own: whoever learns of an arrival does so in the course of what they may do.
    """
    by = ConfirmedBy.DELIVERY.value
    with scoped(context.scope):
        ids = shown_as_one(context, customer_id)
        hold_all(context, ids)
        found = wire.fetch(_HELD, context.controller_id, ids, value_id)
        if not found:
            return False
        owner, attribute_id, source_id, recorded_at, confirmed_at, confirmed_by = found[0]
        held, all_rules = catalog_of.by_id(context)[attribute_id], rules(context)
        before = all_rules.days(attribute_id, held.fresh_days, by=confirmed_by, source_id=source_id)
        after = all_rules.days(attribute_id, held.fresh_days, by=by, source_id=source_id)
        if now + timedelta(days=after) <= (confirmed_at or recorded_at) + timedelta(days=before):
            return False
        wire.run(_CONFIRM, now, by, context.controller_id, owner, value_id)
        note_event(context, owner, "confirmed", now=now, value_id=value_id, detail=by)
        context.journal.deed(
            context, "register.value.confirmed", subjects=[owner], detail={"value": value_id, "by": by}
        )
    return True
