"""The copy of everything: named by a link that was sent, handed out to who is in. Each download is in the log."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from trustdesk.copies import api as copies
from trustdesk.copies.contracts import CopyView, State
from trustdesk.design.files import hand_on
from trustdesk.identity.api import Visit
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError, RefusedError
from trustdesk.mandates.api import controller
from trustdesk.portal.door import company_of, count, private, visit_of, visited
from trustdesk.portal.forms import AddressForm

REFUSED = 403


@require_GET
@visited
def mine(request: HttpRequest, context: AccessContext, visit: Visit) -> HttpResponse:
    """The own copies that can be downloaded, and those that are being made."""
    return _shown(request, context, visit)


@require_POST
@visited
def download(request: HttpRequest, context: AccessContext, visit: Visit, copy_id: int) -> HttpResponseBase:
    """The file: by a button, so that no link in a mail fetches it."""
    count(request, "data")
    try:
        handed = copies.own_download(
            context, customer_id=visit.customer_id, value_id=visit.value_id, copy_id=copy_id, now=clock.now()
        )
    except RefusedError as refused:
        return _shown(request, context, visit, refused=f"{refused.message} {refused.mend}".strip(), status=REFUSED)
    return hand_on(handed.pieces, name=handed.name, media_type=handed.media_type, size=handed.size)


@login_not_required
@require_GET
def named(request: HttpRequest, company_id: int, token: str) -> HttpResponseBase:
    """What a link names, and how to come in. Who is in already goes on; who holds the link alone gets nothing."""
    company = company_of(company_id)
    count(request, "data")
    try:
        copy = copies.by_link(company_id, token=token, now=clock.now())
    except NotFoundError as error:
        refused = {"company": company, "error": error, "again": _("To my page")}
        return private(render(request, "portal/refused.html", refused, status=404))
    if visit_of(request, company_id) is not None:
        return private(redirect("portal:data-copies", company_id=company_id))
    with timezone.override(company.time_zone):
        shown = {"company": company, "copy": copy, "form": AddressForm()}
        return private(render(request, "portal/data_link.html", shown))


def _shown(
    request: HttpRequest, context: AccessContext, visit: Visit, *, refused: str = "", status: int = 200
) -> HttpResponse:
    now = clock.now()
    found = copies.of_customer(context, visit.customer_id)
    shown = {
        "company": controller(context.controller_id),
        "ready": [copy for copy in found if _can_be_had(copy) and copy.expires_at and copy.expires_at > now],
        "waiting": [copy for copy in found if copy.state in {State.ORDERED, State.MAKING}],
        "refused": refused,
    }
    return render(request, "portal/data_copies.html", shown, status=status)


def _can_be_had(copy: CopyView) -> bool:
    return copy.state is State.READY
