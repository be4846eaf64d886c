"""The certificate of an erasure, for whose it is: a code while they are known, and later a link that knows nobody."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from trustdesk.design.erasing import deleted_label
from trustdesk.identity.api import Visit
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import ConflictError, NotFoundError
from trustdesk.mandates.api import controller
from trustdesk.portal.door import company_of, count, private, visited
from trustdesk.proof import api as proof
from trustdesk.proof.contracts import MEDIA_TYPE, CertificateView


@require_http_methods(["GET", "POST"])
@visited
def code(request: HttpRequest, context: AccessContext, visit: Visit) -> HttpResponse:
    """The code is made when the button is pressed, shown on the answer, and kept by nobody."""
    company = controller(context.controller_id)
    shown: dict[str, object] = {"company": company}
    status = 200
    if request.method == "POST":
        count(request, "certificate")
        try:
            handed = proof.hand_out(context, customer_id=visit.customer_id, now=clock.now())
        except (ConflictError, NotFoundError) as fault:
            shown["fault"], status = fault, fault.status
        else:
            link = reverse("portal:certificate", args=[company.id, handed.token])
            shown |= {"code": handed.code, "link": request.build_absolute_uri(link)}
    return render(request, "portal/certificate_code.html", shown, status=status)


@login_not_required
@require_GET
def certificate(request: HttpRequest, company_id: int, token: str) -> HttpResponseBase:
    """Whether it is issued, how to check it, and its files."""
    company = company_of(company_id)
    try:
        found = _found(request, company_id, token)
    except NotFoundError as error:
        refused = {"company": company, "error": error, "again": _("To my page")}
        return private(render(request, "portal/refused.html", refused, status=404))
    with timezone.override(company.time_zone):
        shown = {"company": company, "certificate": found, "token": token}
        return private(render(request, "portal/certificate.html", shown))


@login_not_required
@require_GET
def file(request: HttpRequest, company_id: int, token: str, form: str) -> HttpResponseBase:
    """The file that verifies, or the paper."""
    company_of(company_id)
    found = _found(request, company_id, token)
    if found is None or form not in {"json", "pdf"}:
        raise NotFoundError(_("There is no certificate yet."), place="certificate", mend=_("Come back later."))
    if form == "json":
        content, media_type = found.document, MEDIA_TYPE
    else:
        content = proof.printed(found, language=translation.get_language() or "en", words=deleted_label)
        media_type = "application/pdf"
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="erasure-{found.number}.{form}"'
    return private(response)


def _found(request: HttpRequest, company_id: int, token: str) -> CertificateView | None:
    count(request, "certificate")
    return proof.certificate_by_link(company_id, token=token, now=clock.now())
