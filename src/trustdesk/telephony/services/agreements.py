"""An agent's standing agreement to be recorded: given and taken back by the agent alone, in words that are kept.

Germany wants it of everybody who speaks (StGB §201); the agent's is given once, not call by call.
"""

from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, RefusedError
from trustdesk.kernel.ids import new_id
from trustdesk.telephony.contracts import AgentView, Agreement
from trustdesk.telephony.models import Agreement as Row
from trustdesk.telephony.models import Phone
from trustdesk.telephony.services.checks import check_language

_LONGEST = 1_000


def agree(context: AccessContext, *, given: bool, words: str, language: str, now: datetime) -> None:
    """See `telephony.api`."""
    if not context.operator_id or context.session_id.startswith(("token:", "visit:", "system")):
        raise RefusedError(
            _("Only the agent can say so, at the desk."), place="operator", mend=_("Let the agent sign in.")
        )
    check_language(language, "language")
    if not words.strip() or len(words) > _LONGEST:
        raise BadInputError(_("An agreement is kept with its words."), place="words")
    with scoped(context.scope):
        Row.objects.create(
            controller_id=context.controller_id,
            id=new_id(),
            operator_id=context.operator_id,
            given=given,
            words=words.strip(),
            language=language,
            at=now,
        )
        what = "telephony.agreement.given" if given else "telephony.agreement.withdrawn"
        context.journal.deed(context, what, detail={"operator": context.operator_id})


def agent(context: AccessContext, operator_id: int) -> AgentView:
    """See `telephony.api`."""
    with scoped(context.scope):
        row = Row.objects.filter(controller_id=context.controller_id, operator_id=operator_id).order_by("-id").first()
    phone = Phone.objects.filter(operator_id=operator_id).values_list("user", flat=True).first()
    agreement = Agreement(given=row.given, words=row.words, language=row.language, at=row.at) if row else None
    return AgentView(operator_id=operator_id, phone=phone or "", agreement=agreement)
