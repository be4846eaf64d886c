"""Who else spoke: a customer who took part as a third party. Their voice goes under their own keys, and nothing else:
what was said of the case stays with the customer whose conversation it is.
"""

from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.conversations.contracts import How
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, ConflictError, NotFoundError, RefusedError
from trustdesk.recordings.contracts import THIRD
from trustdesk.recordings.models import Copy, Listening, Recording
from trustdesk.recordings.people import together
from trustdesk.recordings.services.filing import put_under, take_off


def identify_third(context: AccessContext, *, recording_id: int, customer_id: int, how: How, now: datetime) -> None:
    """File a third party's voice under a customer (see `recordings.api`)."""
    del now  # a wrapping has no date of its own; the log's entry has one
    context.check_operation("conversation:work")
    if not how.identifies:
        raise BadInputError(
            _("A number identifies nobody: it can be forged."),
            place="how",
            mend=_("Say how the person was identified."),
        )
    with scoped(context.scope):
        rows = _voice(context, recording_id)
        them, known = together(context, [customer_id]), {row.customer_id for row in rows} - {None}
        if known - them.ids:
            raise ConflictError(
                _("It is somebody else already."), place="customer", mend=_("Take the identification back first.")
            )
        if them.restricted:
            raise RefusedError(_("Restricted to storage"), place="customer", mend=_("Ask whoever may lift it."))
        unfiled = [row for row in rows if row.customer_id is None]
        put_under(context, unfiled, customer_id=customer_id, role=THIRD, how=how.value)


def take_third_back(context: AccessContext, *, recording_id: int, now: datetime) -> None:
    """It was not this customer (see `recordings.api`)."""
    context.check_operation("conversation:work")
    with scoped(context.scope):
        rows = [row for row in _voice(context, recording_id) if row.customer_id is not None]
        if not rows:
            raise ConflictError(_("Nobody was identified."), place="customer", mend=_("Load the page again."))
        for customer_id in sorted({row.customer_id for row in rows if row.customer_id is not None}):
            theirs = [row for row in rows if row.customer_id == customer_id]
            handed = {
                "controller_id": context.controller_id,
                "conversation_id": theirs[0].conversation_id,
                "customer_id__in": together(context, [customer_id]).ids,
            }
            Copy.objects.filter(**handed).delete()
            Listening.objects.filter(**handed).delete()
            take_off(context, theirs, customer_id=customer_id, now=now)


def _voice(context: AccessContext, recording_id: int) -> list[Recording]:
    """All that the call has of this third party's, held: where a file broke off another was begun."""
    every = Recording.objects.select_for_update().filter(controller_id=context.controller_id, role=THIRD)
    one = every.filter(id=recording_id).first()
    if one is None:
        raise NotFoundError(_("There is no such recording; it may have been deleted."), place="recording")
    return list(every.filter(call_id=one.call_id, leg=one.leg).order_by("id"))
