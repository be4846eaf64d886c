"""Where the SMS gateway reports what became of a message. No token: its signature proves it (docs/reference/sms.md)."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from trustdesk.delivery.api import take_receipt
from trustdesk.kernel import clock
from trustdesk.kernel.errors import TrustdeskError

_DONE = 204


@csrf_exempt
@login_not_required
@require_POST
def sms(request: HttpRequest) -> HttpResponse:
    """204 where it was understood, also when it says nothing new or is of a message that is forgotten."""
    try:
        take_receipt(request.body, request.headers, now=clock.now())
    except TrustdeskError as error:
        return HttpResponse(status=error.status)
    return HttpResponse(status=_DONE)
