"""One extension by two months, with its reason, told to the person within the first month (GDPR Art. 12(3))."""

from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, ConflictError
from trustdesk.mandates.api import controller
from trustdesk.rights import clock
from trustdesk.rights.contracts import Happening
from trustdesk.rights.rows import course, place_of, set_clock
from trustdesk.rights.services import letters
from trustdesk.rights.services.held import hold, move


def extend(context: AccessContext, *, request_id: int, reason: str, now: datetime) -> None:
    """Two months more (see `rights.api`)."""
    context.check_operation("request:work")
    if not reason.strip():
        raise BadInputError(_("More time needs a reason."), place="reason", mend=_("Write what the person is told."))
    letters.prepare(context, now=now)
    with scoped(context.scope):
        row = hold(context, request_id)
        place = place_of(controller(row.controller_id))
        until = clock.extendable_until(course(row), place=place, now=now)
        if until is None or now >= until:
            raise ConflictError(
                _("There is no more time to be had: the person has to be told within the first month, once."),
                place="due",
                mend=_("Answer it."),
            )
        row.extended_at = now
        set_clock(row, now=now)
        row.reminded_at = row.escalated_at = None
        move(context, row, Happening.EXTENDED, now=now, detail=reason.strip())
        if not letters.write(context, row, letters.Letter.EXTENDED, now=now, more={"reason": reason.strip()}):
            raise ConflictError(
                _("There is no way to tell the person of it, and untold it is no extension."),
                place="contact point",
                mend=_("Answer it in time."),
            )
