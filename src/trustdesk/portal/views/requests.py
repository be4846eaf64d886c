"""My requests: make one, follow it, say that it was you, take it back."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from trustdesk.clearance import api as clearance
from trustdesk.design.faults import refused
from trustdesk.design.wishes import WishForm
from trustdesk.identity.api import Visit
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, RefusedError
from trustdesk.mandates.api import controller
from trustdesk.portal.door import count, visited, visited_apart
from trustdesk.portal.forms import RequestWordsForm
from trustdesk.portal.my_requests import everything, grounds, letters, my_request, my_requests, right_of
from trustdesk.register import api as register
from trustdesk.rights import api as rights
from trustdesk.rights.contracts import Channel, Kind, NewRequest

UNPROCESSABLE = 422


@require_GET
@visited
def requests(request: HttpRequest, context: AccessContext, visit: Visit) -> HttpResponse:
    """Those that were made, and all that can be asked for. Opens nothing."""
    shown = {
        "company": controller(context.controller_id),
        "mine": my_requests(context, visit, now=clock.now()),
        "rights": everything(),
    }
    return render(request, "portal/requests.html", shown)


@require_GET
@visited
def ask(request: HttpRequest, context: AccessContext, visit: Visit, kind: str) -> HttpResponse:
    """One right: what it means, how long it takes, and what has to be said for it."""
    return _ask(request, context, visit, _kind(kind))


@require_POST
@visited_apart
def make(request: HttpRequest, context: AccessContext, visit: Visit, kind: str) -> HttpResponse:
    """The request is made; who asks is known by the visit, where its contact point proves it."""
    count(request, "request")
    right, now = _kind(kind), clock.now()
    words, wish = RequestWordsForm(request.POST), _wish(context, right, request.POST)
    if not (words.is_valid() and wish.is_valid()):
        return _ask(request, context, visit, right, (words, wish))
    new = NewRequest(
        kind=right,
        channel=Channel.PORTAL,
        received_at=now,
        language=get_language() or "en",
        words=words.cleaned_data["words"],
        customer_id=visit.customer_id,
        wish=wish.wish(),
    )
    try:
        received = rights.receive_in_visit(visit, new=new, now=now)
    except BadInputError as fault:
        refused(words, fault)
        return _ask(request, context, visit, right, (words, wish))
    messages.success(request, _("Your request has arrived. Its reference stands below."))
    return redirect("portal:request", company_id=context.controller_id, request_id=received.request_id)


@require_GET
@visited
def show(request: HttpRequest, context: AccessContext, visit: Visit, request_id: int) -> HttpResponse:
    """How it stands, what is waited for, and until when."""
    now = clock.now()
    shown = {
        "company": controller(context.controller_id),
        "one": my_request(context, visit, request_id, now=now),
        "letters": letters(context, request_id),
        "proves": register.proves(context, customer_id=visit.customer_id, value_id=visit.value_id, now=now),
    }
    return render(request, "portal/request.html", shown)


@require_POST
@visited_apart
def confirm(request: HttpRequest, context: AccessContext, visit: Visit, request_id: int) -> HttpResponse:
    """It was me: who came in by a contact point that proves it says so."""
    now = clock.now()
    my_request(context, visit, request_id, now=now)
    try:
        rights.identify_in_visit(visit, request_id=request_id, now=now)
    except RefusedError as fault:
        messages.error(request, f"{fault.message} {fault.mend}".strip())
    else:
        messages.success(request, _("Thank you. Now we know that it is you."))
    return redirect("portal:request", company_id=context.controller_id, request_id=request_id)


@require_POST
@visited_apart
def withdraw(request: HttpRequest, context: AccessContext, visit: Visit, request_id: int) -> HttpResponse:
    """Not wanted any more, or never made by this person."""
    now = clock.now()
    my_request(context, visit, request_id, now=now)
    rights.withdraw_in_visit(visit, request_id=request_id, now=now)
    messages.success(request, _("Taken back. Nothing is done."))
    return redirect("portal:request", company_id=context.controller_id, request_id=request_id)


def _ask(
    request: HttpRequest,
    context: AccessContext,
    visit: Visit,
    right: Kind,
    typed: tuple[RequestWordsForm, WishForm] | None = None,
) -> HttpResponse:
    words, wish = typed or (RequestWordsForm(), _wish(context, right))
    shown = {
        "company": controller(context.controller_id),
        "right": right_of(right),
        "words": words,
        "wish": wish,
        "proves": register.proves(context, customer_id=visit.customer_id, value_id=visit.value_id, now=clock.now()),
    }
    return render(request, "portal/ask_for.html", shown, status=UNPROCESSABLE if typed else 200)


def _wish(context: AccessContext, right: Kind, data: QueryDict | None = None) -> WishForm:
    purposes = clearance.purposes(context) if right in {Kind.OBJECTION, Kind.WITHDRAWAL} else ()
    return WishForm(data, kind=right, purposes=purposes, grounds=grounds())


def _kind(code: str) -> Kind:
    try:
        return Kind(code)
    except ValueError:
        raise Http404 from None
