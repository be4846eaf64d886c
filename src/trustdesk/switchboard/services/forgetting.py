"""Calls, waits and the time of agents are kept for thirteen months: so long one month is compared with that of the year
before (GDPR Art. 5(1)(e)). What was said is kept by conversations and recordings, under rules of their own.
"""

from datetime import datetime, timedelta

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import RefusedError
from trustdesk.mandates.api import controllers, system_context
from trustdesk.switchboard.contracts import CallbackState, CallState
from trustdesk.switchboard.models import Call, Callback, Spell, Wait

KEPT = timedelta(days=396)
_PURPOSE = "administration"


def forget_all(*, now: datetime) -> int:
    """What is too old, of all companies; how many rows. Companies whose own mandate has ended stay closed."""
    forgotten = 0
    for company in controllers():
        try:
            context = system_context(company.id, purpose=_PURPOSE, now=now, on_behalf_of=0)
        except RefusedError:
            continue
        forgotten += forget(context, now=now)
    return forgotten


def forget(context: AccessContext, *, now: datetime) -> int:
    """What is too old, of one company; how many rows. What goes on still stays."""
    before, own = now - KEPT, {"controller_id": context.controller_id}
    with scoped(context.scope):
        old = (
            Wait.objects.filter(**own, left_at__lt=before),
            Spell.objects.filter(**own, ends_at__lt=before),
            Callback.objects.filter(**own, changed_at__lt=before).exclude(state=CallbackState.WAITING),
            Call.objects.filter(**own, state=CallState.ENDED, ended_at__lt=before),
        )
        forgotten = sum(rows.delete()[0] for rows in old)
        if forgotten:
            context.journal.deed(context, "switchboard.forgotten", detail={"rows": forgotten})
    return forgotten
