"""Breaches that were taken down, and what is left of their hours."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from trustdesk.accounts import api as accounts
from trustdesk.console.answers import page
from trustdesk.design.breaches import about_label, breach_cause_label, broken_label, left_label
from trustdesk.design.entrance import entered
from trustdesk.design.happenings import operator_name
from trustdesk.governance import api
from trustdesk.governance.contracts import BreachView, State
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext


@require_GET
@entered("log:read")
def breaches(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """All of them, the newest first. Opens nothing."""
    now = clock.now()
    rows = [_row(each, now) for each in api.breaches(context)]
    return page(request, "console/breaches.html", {"rows": rows}, context=context)


@require_GET
@entered("log:read")
def breach(request: HttpRequest, context: AccessContext, breach_id: int) -> HttpResponse:
    """One of them: what was broken, by what, since when, and whose data. Opens nothing."""
    held = api.breach(context, breach_id)
    values = {
        "row": _row(held, clock.now()),
        "by": operator_name(accounts.names({held.opened_by}) if held.opened_by else {}, held.opened_by),
        "forgotten": held.people - len(held.customer_ids),
        "may_open": context.allows("customer:open"),
    }
    return page(request, "console/breach.html", values, context=context)


def _row(held: BreachView, now: datetime) -> dict[str, object]:
    left, tone = left_label(held.left(now))
    return {
        "breach": held,
        "kind": broken_label(held.kind),
        "cause": breach_cause_label(held.cause),
        "about": about_label(held.about),
        "open": held.state is State.OPEN,
        "left": left,
        "tone": tone,
    }
