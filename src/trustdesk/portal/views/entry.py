"""Coming in: an address, a link, a confirmation; where a mailbox is shared, one thing more."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from trustdesk.identity import api as identity
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError
from trustdesk.portal.door import (
    BROWSER_COOKIE,
    VISIT_COOKIE,
    company_of,
    count,
    keep,
    private,
    visit_of,
    visited,
)
from trustdesk.portal.forms import AddressForm, FactForm

_DAY = 24 * 3600


@login_not_required
@require_GET
def start(request: HttpRequest, company_id: int) -> HttpResponseBase:
    """Who is in goes to the own page; everybody else is asked for an address."""
    company = company_of(company_id)
    if visit_of(request, company_id) is not None:
        return redirect("portal:choices", company_id=company_id)
    return private(render(request, "portal/start.html", {"company": company, "form": AddressForm()}))


@login_not_required
@require_POST
def ask(request: HttpRequest, company_id: int) -> HttpResponseBase:
    """The same answer for everybody: if the address is on file, a link is on its way."""
    company = company_of(company_id)
    count(request, "ask")
    form = AddressForm(request.POST)
    asked = None
    if form.is_valid():
        try:
            asked = identity.ask_for_link(
                company_id,
                address=form.cleaned_data["address"],
                browser=request.COOKIES.get(BROWSER_COOKIE, ""),
                language=get_language() or "en",
                now=clock.now(),
            )
        except BadInputError as error:
            form.add_error("address", f"{error.message} {error.mend}")
    if asked is None:
        return private(render(request, "portal/start.html", {"company": company, "form": form}, status=422))
    minutes = int(identity.LINK_LIVES.total_seconds()) // 60
    response = render(request, "portal/sent.html", {"company": company, "minutes": minutes})
    keep(response, BROWSER_COOKIE, asked.browser, request, seconds=_DAY)
    return private(response)


@login_not_required
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest, company_id: int, token: str) -> HttpResponseBase:
    """A link by itself opens nothing: mail programs and scanners follow it too. The button does, once."""
    company = company_of(company_id)
    count(request, "open")
    browser = request.COOKIES.get(BROWSER_COOKIE, "")
    form = FactForm(request.POST if request.method == "POST" else None)
    try:
        step = identity.step_of(company_id, token=token, browser=browser, now=clock.now())
        if request.method == "POST" and (step is identity.Step.CONFIRM or form.is_valid()):
            fact = form.data.get("fact", "")
            entered = identity.enter(company_id, token=token, browser=browser, fact=fact, now=clock.now())
            response = redirect("portal:choices", company_id=company_id)
            keep(response, VISIT_COOKIE, entered.secret, request, seconds=int(identity.VISIT_LIVES.total_seconds()))
            return private(response)
    except identity.LinkRefusedError as error:
        refused = {"company": company, "error": error, "again": _("Ask for a new link")}
        return private(render(request, "portal/refused.html", refused, status=403))
    except identity.ProofRefusedError as error:
        form.add_error("fact", f"{error.message} {error.mend}")
    shared = step is identity.Step.SECOND_PROOF
    status = 422 if form.errors else 200
    return private(
        render(request, "portal/open.html", {"company": company, "shared": shared, "form": form}, status=status)
    )


@require_POST
@visited
def leave(request: HttpRequest, context: AccessContext, visit: identity.Visit) -> HttpResponse:  # noqa: ARG001 - a view
    """The visit ends here, not only in this browser."""
    identity.leave(context, visit, now=clock.now())
    response = redirect("portal:start", company_id=context.controller_id)
    response.delete_cookie(VISIT_COOKIE, path="/my/")
    return response
