"""Double opt-in: the words once more, and a button. Opening the link agrees to nothing."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from trustdesk.identity import api as identity
from trustdesk.kernel import clock
from trustdesk.portal.door import company_of, count, private
from trustdesk.portal.notices import notice_shown


@login_not_required
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, company_id: int, token: str) -> HttpResponseBase:
    """Show what is confirmed; the POST confirms it."""
    company = company_of(company_id)
    count(request, "confirm")
    now = clock.now()
    try:
        if request.method == "POST":
            identity.confirm(company_id, token=token, now=now)
            return private(render(request, "portal/confirmed.html", {"company": company}))
        waiting = identity.pending(company_id, token=token, now=now)
    except identity.LinkRefusedError as error:
        refused = {"company": company, "error": error, "again": _("To my page")}
        return private(render(request, "portal/refused.html", refused, status=403))
    with timezone.override(company.time_zone):
        shown = {"company": company, "waiting": waiting, "notice": notice_shown(waiting.notices, waiting.language)}
        return private(render(request, "portal/confirm.html", shown))
