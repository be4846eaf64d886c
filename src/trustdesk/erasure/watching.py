"""Hears that a basis fell, and has the worker look, once that is committed, whether anything else carries the data."""

from datetime import datetime

from trustdesk.erasure.services.waking import order_look, order_look_at_purpose
from trustdesk.kernel.context import AccessContext


class BasesFall:
    """See `kernel.registries.FarewellWatch`."""

    def basis_fell(self, context: AccessContext, *, customer_id: int, cause: str, about: str, now: datetime) -> None:
        del now
        order_look(context.controller_id, customer_id=customer_id, cause=cause, about=about)

    def purpose_fell(self, context: AccessContext, *, purpose: str, now: datetime) -> None:
        del now
        order_look_at_purpose(context.controller_id, purpose=purpose, after=0)
