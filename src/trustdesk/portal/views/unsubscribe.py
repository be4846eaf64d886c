"""Stop: by one click of the mail program (RFC 8058), or by a button on a page. No sign-in, no question why."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from trustdesk.delivery import api as delivery
from trustdesk.kernel import clock
from trustdesk.kernel.errors import NotFoundError
from trustdesk.mandates.api import controller
from trustdesk.portal.choices import CHANNEL_NAMES
from trustdesk.portal.door import count, private


# The mail program holds no cookie and no token of ours (RFC 8058, 3.1): the reference, which only we can make, is the
# proof. A forged request could at worst stop advertising.
@csrf_exempt
@login_not_required
@require_http_methods(["GET", "POST"])
def unsubscribe(request: HttpRequest, reference: str) -> HttpResponseBase:
    """A GET changes nothing: scanners follow links. The POST stops it, and again is as good as once."""
    count(request, "unsubscribe")
    now = clock.now()
    meant = delivery.stoppable(reference, now=now)
    if meant is None or (request.method == "POST" and not delivery.unsubscribe(reference, now=now)):
        error = NotFoundError(
            _("This link is not one of ours."), place="link", mend=_("Use the one of the newest mail, or write to us.")
        )
        return private(render(request, "portal/refused.html", {"error": error}, status=404))
    if request.POST.get("List-Unsubscribe") == "One-Click":
        return private(HttpResponse(status=204))
    page = "portal/unsubscribe.html" if request.method == "GET" else "portal/unsubscribed.html"
    known = {
        "company": controller(meant.controller_id),
        "purpose": meant.purpose,
        "channel": CHANNEL_NAMES[meant.channel],
    }
    return private(render(request, page, known))
