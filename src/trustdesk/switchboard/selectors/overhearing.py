"""Whether a supervisor may listen in. Both have to allow it: the country's rule, and the notice that was heard."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.switchboard.contracts import CallState
from trustdesk.switchboard.doors import monitoring_allowed, monitoring_announced
from trustdesk.switchboard.models import Call


@dataclass(frozen=True, slots=True)
class Overhearing:
    """`reason` says why not, in plain words, and `law` from where."""

    allowed: bool
    reason: str = ""
    law: str = ""


def may_overhear(context: AccessContext, call_id: int) -> Overhearing:
    """The rule of the number's country and sector has to allow the monitoring of staff, the notice heard in this call
    has to have said so, and somebody has to speak (GDPR Art. 5(1)(a), 13; the Work Codes of the countries). Needs
    `call:supervise`.
    """
    context.check_operation("call:supervise")
    row = Call.objects.filter(controller_id=context.controller_id, id=call_id).first()
    if row is None or row.state not in {CallState.TALKING, CallState.HELD}:
        return Overhearing(allowed=False, reason=_("Nobody speaks in this call."))
    allowed, law = monitoring_allowed(row.country, row.sector, now=clock.now())
    if not allowed:
        return Overhearing(
            allowed=False, reason=_("The rules of this number's country do not allow listening in."), law=law
        )
    if row.notice_version is None or not monitoring_announced(context, row.notice_version):
        return Overhearing(
            allowed=False,
            reason=_("The notice that the caller heard does not say that somebody may listen in."),
            law="GDPR Art. 13",
        )
    return Overhearing(allowed=True)
