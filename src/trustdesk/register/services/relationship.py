"""How a customer stands to the controller."""

from datetime import datetime

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.register import wire
from trustdesk.register.contracts import Relationship
from trustdesk.register.services.customers import hold, note_event

_SET = """
UPDATE register_customer SET customer_since = %s, last_sale_date = %s, product_groups = %s, language = %s
WHERE controller_id = %s AND id = %s
"""


def set_relationship(
    context: AccessContext, *, customer_id: int, relationship: Relationship, language: str, now: datetime
) -> None:
    """Record how the customer stands to the controller, and the customer's language. Needs `customer:correct`."""
    context.check_operation("customer:correct")
    with scoped(context.scope):
        owner = hold(context, customer_id, now=now)[0]
        wire.run(
            _SET,
            relationship.customer_since,
            relationship.last_sale_date,
            list(relationship.product_groups),
            language,
            context.controller_id,
            owner,
        )
        note_event(context, owner, "relationship", now=now)
        context.journal.deed(context, "register.relationship.set", subjects=[owner])
