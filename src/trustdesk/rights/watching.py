"""Hears that a value took the place of another outside a request: whoever holds the old one learns of it."""

from datetime import datetime

from trustdesk.kernel.context import AccessContext
from trustdesk.mandates.api import correction_context
from trustdesk.outside import api as outside
from trustdesk.rights.services import carrying, notifying


class ValuesChange:
    """See `kernel.registries.CorrectionWatch`."""

    def corrected(self, context: AccessContext, *, customer_id: int, old: int, new: int, now: datetime) -> None:
        house = correction_context(context)
        notifying.tell_one(house, customer_id=customer_id, old=old, new=new, now=now)
        if outside.connectors(house):
            carrying.order_one(house, customer_id=customer_id, value_id=old)
