"""Callbacks: whom to call, and what became of it. The number is opened from the interaction it is sealed in."""

from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.announcements import api as announcements
from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import NotClearedError
from trustdesk.conversations import api as conversations
from trustdesk.decision.contracts import PurposeKind
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import ConflictError, NotFoundError, TrustdeskError
from trustdesk.switchboard.contracts import CallbackState
from trustdesk.switchboard.models import Call, Callback
from trustdesk.switchboard.services.dialling import Wanted

_TO_CALL = frozenset({CallbackState.WAITING, CallbackState.NOT_REACHED})
_SERVICE = frozenset({PurposeKind.SERVICE, PurposeKind.CONTRACT})


def wanted(context: AccessContext, callback_id: int, *, use: str, now: datetime) -> Wanted:
    """Whom to call. The number is opened, in an entry of the log. NotFoundError where there is no such callback,
    ConflictError where somebody has dialled it already or its number is forgotten.
    """
    with scoped(context.scope):
        row = Callback.objects.filter(controller_id=context.controller_id, id=callback_id).first()
        call = Call.objects.filter(controller_id=context.controller_id, id=row.call_id).first() if row else None
    if row is None or call is None or call.conversation_id is None:
        raise NotFoundError(_("There is no such callback."), place="callback", mend=_("Load the page again."))
    if row.state not in _TO_CALL:
        raise ConflictError(_("Somebody called back already."), place="callback", mend=_("Load the page again."))
    whole = conversations.conversation(context, call.conversation_id)
    number = next((one.text for one in whole.parties if one.interaction_id == call.interaction_id and one.text), None)
    if number is None:
        raise ConflictError(_("The caller's number was withheld, or is forgotten."), place="callback")
    return Wanted(
        use=use or _purpose(context, now=now),
        number=number,
        queue=row.queue,
        conversation=call.conversation_id,
        customer=whole.line.customer_id,
        callback=row.id,
    )


def not_dialled(context: AccessContext, callback_id: int, fault: Exception, *, now: datetime) -> None:
    """Refused by the gate for good; by anything else, for now."""
    if isinstance(fault, NotClearedError):
        reason = fault.verdict.reasons[0].rule_id if fault.verdict.reasons else "undecided"
        _set(context, callback_id, CallbackState.REFUSED, reason, now)


def notice_clips(context: AccessContext, version: int) -> tuple[str, ...]:
    """What a third party hears before it is recorded; nothing where the version is gone, and then it is not."""
    try:
        return tuple(str(clip) for clip in announcements.version(context, version).clips)
    except TrustdeskError:
        return ()


def _set(
    context: AccessContext,
    callback_id: int,
    state: CallbackState,
    reason: str,
    now: datetime,
) -> None:
    with scoped(context.scope):
        rows = Callback.objects.filter(controller_id=context.controller_id, id=callback_id, state__in=_TO_CALL)
        rows.update(state=state, reason=reason, changed_at=now)
        context.journal.deed(
            context, "switchboard.callback.settled", detail={"callback": callback_id, "state": state.value}
        )


def _purpose(context: AccessContext, *, now: datetime) -> str:
    """The company's oldest purpose of service: the caller asked to be called."""
    living = [one for one in clearance.purposes(context) if one.retired_at is None or one.retired_at > now]
    found = [one for one in living if one.kind in _SERVICE]
    if not found:
        raise ConflictError(
            _("The company has declared no purpose of service."),
            place="purpose",
            mend=_("Declare one in the console, or name another one."),
        )
    return min(found, key=lambda one: one.declared_at).code
