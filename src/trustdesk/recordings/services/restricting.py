"""What may be done with recordings while a person's data may only be stored (GDPR Art. 18(2)), beside storing them.

Heard inside the house by who may lift the restriction: whether it is to stand can't be found out otherwise
(Art. 18(1)(a), (3)). Taken out by them, and for legal claims alone. A copy for the person is neither: it is made with
their consent, by their own act or on their asking (Art. 18(2), 15(3)), and no function of copies asks here.
"""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import RefusedError
from trustdesk.recordings.contracts import CLAIMS
from trustdesk.recordings.models import Recording
from trustdesk.recordings.people import together


def check_hearing(context: AccessContext, rows: Sequence[Recording]) -> None:
    """RefusedError where somebody in them is restricted and one may not lift that."""
    if not context.allows("customer:lock") and _restricted(context, rows):
        raise RefusedError(_only_stored(), place="recording", mend=_("Ask whoever may lift it."))


def check_taking_out(context: AccessContext, rows: Sequence[Recording], purpose: str) -> None:
    """RefusedError where somebody in them is restricted and it is not for legal claims, or one may not lift that."""
    if purpose in CLAIMS and context.allows("customer:lock"):
        return
    if _restricted(context, rows):
        raise RefusedError(
            _only_stored(),
            place="recording",
            mend=_(
                "Until then whoever may lift it takes recordings out for legal claims only: what was agreed is"
                " disputed, or a court or an authority asks."
            ),
        )


def _restricted(context: AccessContext, rows: Sequence[Recording]) -> bool:
    known = {row.customer_id for row in rows if row.customer_id is not None}
    return bool(known) and together(context, known).restricted


def _only_stored() -> str:
    return _("This customer's data may only be stored, until the restriction is lifted (GDPR Art. 18).")
