"""Hears that values took the place of others outside a request: whoever holds the old ones learns of it."""

from collections.abc import Sequence
from datetime import datetime

from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.registries import Correction
from trustdesk.mandates.api import correction_context
from trustdesk.outside import api as outside
from trustdesk.rights.services import carrying, notifying


class ValuesChange:
    """See `kernel.registries.CorrectionWatch`."""

    def corrected(self, context: AccessContext, corrections: Sequence[Correction], *, now: datetime) -> None:
        house = correction_context(context)
        notifying.tell_each(house, corrections, now=now)
        # What ended has no right value that could be written over it elsewhere; what counts again stands there still.
        carried = [(each.customer_id, each.old) for each in corrections if each.new not in {None, each.old}]
        if carried and outside.connectors(house):
            carrying.order_each(house, carried)
