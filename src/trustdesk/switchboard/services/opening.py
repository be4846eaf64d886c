"""Where a number is opened to be dialled: under the permit just made, and nowhere else."""

from django.utils.translation import gettext as _

from trustdesk.clearance.contracts import Permit
from trustdesk.decision.contracts import Channel
from trustdesk.kernel.context import AccessContext, Opening
from trustdesk.kernel.errors import ConflictError
from trustdesk.register.api import sealed_values
from trustdesk.register.contracts import ValueKind
from trustdesk.vault.api import open_many


def open_number(context: AccessContext, permit: Permit) -> str:
    """The number, in one entry of the log. ValueError without a permit for exactly this contact; ConflictError where
    there is no such number any more.
    """
    if permit.controller_id != context.controller_id or permit.channel is not Channel.CALL_HUMAN:
        raise ValueError("the permit is for another contact")
    found = sealed_values(context, permit.customer_id, [permit.value_id or 0])
    if not found or found[0].kind is not ValueKind.PHONE or found[0].box is None:
        raise _gone()
    point = found[0].box
    opening = Opening("switchboard.dial", sorted({permit.customer_id, point.customer_id}), [found[0].attribute])
    (number,) = open_many(context, opening=opening, boxes=[point])
    if number is None:
        raise _gone()
    return number


def _gone() -> ConflictError:
    return ConflictError(_("This number is not there any more."), place="value", mend=_("Load the card again."))
