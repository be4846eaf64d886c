"""Where feeds send their changes. No token: each message is signed (Standard Webhooks; docs/how-to/feeds.md)."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from trustdesk.feeds.api import MESSAGE_LIMIT, take_message
from trustdesk.kernel import clock
from trustdesk.kernel.errors import NotFoundError, RefusedError, TrustdeskError

_DONE, _UNAUTHORIZED, _TOO_LARGE, _LATER = 204, 401, 413, 503
_LATER_SECONDS = "300"


@csrf_exempt
@login_not_required
@require_POST
def message(request: HttpRequest, company_id: int, feed_id: int) -> HttpResponse:
    """204 where it is stored, also when it was before: it is applied by the worker. 401 for any signature that is not
    the feed's, 413 above a megabyte, 503 while the feed is paused.
    """
    if int(request.headers.get("Content-Length") or 0) > MESSAGE_LIMIT:
        return HttpResponse(status=_TOO_LARGE)
    body = request.read(MESSAGE_LIMIT + 1)
    if len(body) > MESSAGE_LIMIT:
        return HttpResponse(status=_TOO_LARGE)
    try:
        take_message(company_id, feed_id, body=body, headers=request.headers, now=clock.now())
    except RefusedError:
        return HttpResponse(status=_UNAUTHORIZED)
    except NotFoundError:
        return HttpResponse(status=_LATER, headers={"Retry-After": _LATER_SECONDS})
    except TrustdeskError as error:
        return HttpResponse(status=error.status)
    return HttpResponse(status=_DONE)
