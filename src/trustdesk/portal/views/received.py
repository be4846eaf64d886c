"""A recipient of data says that a notice of an erasure or a correction has arrived (GDPR Art. 19)."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from trustdesk.delivery import api as delivery
from trustdesk.kernel import clock
from trustdesk.kernel.errors import NotFoundError
from trustdesk.mandates.api import controller
from trustdesk.portal.door import count, private


@login_not_required
@require_http_methods(["GET", "POST"])
def received(request: HttpRequest, reference: str) -> HttpResponseBase:
    """A GET changes nothing: scanners follow links. The button says it, once; again is as good."""
    count(request, "received")
    now = clock.now()
    try:
        asked = delivery.confirm_notice if request.method == "POST" else delivery.notice_by_link
        notice = asked(reference, now=now)
    except NotFoundError as error:
        return private(render(request, "portal/refused.html", {"error": error}, status=404))
    shown = {"company": controller(notice.controller_id), "notice": notice}
    return private(render(request, "portal/received.html", shown))
