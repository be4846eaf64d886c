"""Restriction of processing: what is contested or kept for claims is stored and shown to no agent (GDPR Art. 18)."""

from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, RefusedError
from trustdesk.register import wire
from trustdesk.register.contracts import RestrictionGround
from trustdesk.register.services.customers import current_value, hold, note_event

_KEPT = """
SELECT 1 FROM register_customer WHERE controller_id = %s AND id = ANY(%s) AND restriction_ground = %s LIMIT 1
"""
_CUSTOMERS = """
UPDATE register_customer SET restricted_at = %s, restriction_ground = %s WHERE controller_id = %s AND id = ANY(%s)
"""
_VALUE = """
UPDATE register_value SET restricted_at = %s, restriction_ground = %s
WHERE controller_id = %s AND customer_id = %s AND id = %s
"""


def lock(
    context: AccessContext,
    *,
    customer_id: int,
    ground: RestrictionGround,
    now: datetime,
    value_id: int | None = None,
) -> None:
    """Restrict the customer, or one value, to storage (GDPR Art. 18). Needs `customer:lock`.

    Customers merged into this one are restricted with it. BadInputError for a ground that erasure alone sets,
    RefusedError where the customer was erased but for what a law keeps.
    """
    if ground is RestrictionGround.KEPT_BY_LAW:
        raise BadInputError(
            _("Erasure sets this ground, nobody else."), place="ground", mend=_("Choose one of GDPR Art. 18(1).")
        )
    _set(context, customer_id, value_id, now=now, ground=ground)


def unlock(context: AccessContext, *, customer_id: int, now: datetime, value_id: int | None = None) -> None:
    """Lift the restriction; the customer is told before (Art. 18(3)). Needs `customer:lock`.

    RefusedError where the customer was erased but for what a law keeps: that is not lifted (Art. 17(3)(b)).
    """
    _set(context, customer_id, value_id, now=now, ground=None)


def _set(
    context: AccessContext, customer_id: int, value_id: int | None, *, now: datetime, ground: RestrictionGround | None
) -> None:
    context.check_operation("customer:lock")
    since, letter = (now, ground.value) if ground else (None, None)
    kind = "restricted" if ground else "released"
    with scoped(context.scope):
        ids = hold(context, customer_id, now=now)
        _check_not_erased(context, ids)
        owner = ids[0]
        if value_id is None:
            wire.run(_CUSTOMERS, since, letter, context.controller_id, ids)
        else:
            owner, _attribute = current_value(context, ids, value_id)
            wire.run(_VALUE, since, letter, context.controller_id, owner, value_id)
        note_event(context, owner, kind, now=now, value_id=value_id, detail=letter or "")
        context.journal.deed(
            context, f"register.{kind}", subjects=[owner], detail={"value": value_id, "ground": letter}
        )


def _check_not_erased(context: AccessContext, ids: list[int]) -> None:
    if wire.fetch(_KEPT, context.controller_id, ids, RestrictionGround.KEPT_BY_LAW.value):
        raise RefusedError(
            _("This customer was erased; what a law keeps stays closed until its day."),
            place="GDPR Art. 17(3)(b)",
            mend=_("A new act of the person makes a new customer."),
        )
