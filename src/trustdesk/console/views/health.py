"""What the doctor found: the daily examination of the installation."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_GET

from trustdesk.accounts import api as accounts
from trustdesk.console.answers import page
from trustdesk.console.health_words import check_label
from trustdesk.design import standing
from trustdesk.design.entrance import administered, entered, operator_of
from trustdesk.health import api as examinations
from trustdesk.kernel.context import AccessContext


@require_GET
def health(request: HttpRequest) -> HttpResponseBase:
    """By a role under the mandate or by one of the installation: no data of a customer is in it."""
    over = request.user.is_authenticated and "health:read" in accounts.installation_operations(operator_of(request))
    if over and standing.standing_of(request) is None:
        return _office(request)
    return _seated(request)


@administered("health:read")
def _office(request: HttpRequest) -> HttpResponse:
    return _answer(request, None)


@entered("health:read")
def _seated(request: HttpRequest, context: AccessContext) -> HttpResponse:
    return _answer(request, context)


def _answer(request: HttpRequest, context: AccessContext | None) -> HttpResponse:
    recent = examinations.recent()
    latest = recent[0] if recent else None
    values = {
        "latest": latest,
        "findings": [(check_label(each.check), each) for each in latest.findings] if latest else [],
        "earlier": recent[1:],
    }
    return page(request, "console/health.html", values, context=context)
