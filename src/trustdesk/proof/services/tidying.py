"""A plan that was dismissed needs no proof: what was sealed to look for somebody goes within the hour."""

from datetime import datetime

from trustdesk.erasure import api as erasure
from trustdesk.erasure.contracts import PlanState
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import RefusedError
from trustdesk.mandates.api import controllers, system_context
from trustdesk.proof.contracts import SearchState
from trustdesk.proof.models import Search
from trustdesk.proof.services.preparing import forget
from trustdesk.proof.services.systems import withdraw

_AT_ONCE = 500


def tidy_everywhere(*, now: datetime) -> int:
    """The job's round: every company with a living mandate of its own."""
    gone = 0
    for company in controllers():
        try:
            context = system_context(company.id, purpose="records", now=now, on_behalf_of=0)
        except RefusedError:
            continue
        gone += tidy(context, now=now)
    return gone


def tidy(context: AccessContext, *, now: datetime) -> int:
    """One company's."""
    with scoped(context.scope):
        dismissed = [plan.plan_id for plan in erasure.plans(context, state=PlanState.DISMISSED, limit=_AT_ONCE)]
        own = {"controller_id": context.controller_id, "plan_id__in": dismissed, "state": SearchState.PREPARED}
        left = list(Search.objects.select_for_update().filter(**own).order_by("id"))
        for search in left:
            withdraw(context, search)
            forget(context, search, now=now)
    return len(left)
