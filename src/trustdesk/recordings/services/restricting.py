"""What may be done with recordings while a person's data may only be stored (GDPR Art. 18(2)), beside storing them.

Heard inside the house by who may lift the restriction: whether it is to stand can't be found out otherwise
(Art. 18(1)(a), (3)). Taken out by them, for legal claims, or to be handed to the person who asks for it: that is done
with their consent (Art. 18(2), 15(3)). The copy that they hear themselves in the portal is their own act, and is not
asked here. No link is sent to them: the register hands out no address of who is restricted.
"""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import RefusedError
from trustdesk.recordings.contracts import CLAIMS, Outside, Purpose
from trustdesk.recordings.models import Recording
from trustdesk.recordings.people import together


def check_hearing(context: AccessContext, rows: Sequence[Recording]) -> None:
    """RefusedError where somebody in them is restricted and one may not lift that."""
    if not context.allows("customer:lock") and _restricted(context, rows):
        raise RefusedError(_only_stored(), place="recording", mend=_("Ask whoever may lift it."))


def check_taking_out(
    context: AccessContext, rows: Sequence[Recording], purpose: str, *, outside: Outside | None
) -> None:
    """RefusedError where somebody in them is restricted and it is neither for legal claims nor for the person who asks,
    or one may not lift the restriction.
    """
    for_the_person = purpose == Purpose.REQUEST and outside is None
    if (purpose in CLAIMS or for_the_person) and context.allows("customer:lock"):
        return
    if _restricted(context, rows):
        raise RefusedError(
            _only_stored(),
            place="recording",
            mend=_(
                "Until then whoever may lift it takes recordings out for legal claims only (what was agreed is"
                " disputed, or a court or an authority asks), or for the customer who asks for them."
            ),
        )


def check_sending(context: AccessContext, customer_id: int) -> None:
    """RefusedError where the customer is restricted: nobody writes to them meanwhile."""
    if together(context, [customer_id]).restricted:
        raise RefusedError(
            _only_stored(),
            place="recording",
            mend=_("Whoever may lift it can take the recording out and hand it to the customer who asks for it."),
        )


def _restricted(context: AccessContext, rows: Sequence[Recording]) -> bool:
    known = {row.customer_id for row in rows if row.customer_id is not None}
    return bool(known) and together(context, known).restricted


def _only_stored() -> str:
    return _("This customer's data may only be stored, until the restriction is lifted (GDPR Art. 18).")
