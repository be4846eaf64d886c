"""What an officer does with a request: each one call of rights, then the request as it stands."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from trustdesk.clearance import api as clearance
from trustdesk.console.request_forms import RefuseForm, SupposeForm
from trustdesk.console.views.requests import conclude_form, doubt_form, extend_form, show
from trustdesk.design.entrance import entered
from trustdesk.design.faults import refused
from trustdesk.design.restriction import ground_choices
from trustdesk.design.wishes import WishForm
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import TrustdeskError
from trustdesk.register import api as register
from trustdesk.rights import api as rights
from trustdesk.rights.contracts import Kind

UNPROCESSABLE = 422
Deed = Callable[[datetime], object]
Typed = tuple[str, Form, Deed]
"""The form's name on the page, the form, and what is done with it."""


@require_POST
@entered("request:work", apart=True)
def suppose(request: HttpRequest, context: AccessContext, request_id: int) -> HttpResponse:
    """Whose it may be."""
    form = SupposeForm(request.POST, auto_id="suppose-%s")

    def deed(now: datetime) -> None:
        rights.suppose(context, request_id=request_id, customer_id=form.cleaned_data["customer"], now=now)

    return _typed(request, context, request_id, ("suppose", form, deed), _("Noted. It proves nothing yet."))


@require_POST
@entered("request:work")
def told(request: HttpRequest, context: AccessContext, request_id: int, told_id: int) -> HttpResponse:
    """Somebody told the recipient, who has it."""
    rights.received(context, told_id=told_id, now=clock.now())
    messages.success(request, _("Noted."))
    return redirect("console:request", request_id=request_id)


@require_POST
@entered("request:work", apart=True)
def specify(request: HttpRequest, context: AccessContext, request_id: int) -> HttpResponse:
    """What exactly is asked for."""
    now = clock.now()
    view = rights.request(context, request_id=request_id, now=now)
    opens = view.kind is Kind.RECTIFICATION and view.customer_id is not None
    card = register.card(context, view.customer_id, now=now) if opens and view.customer_id else None
    form = WishForm(
        request.POST,
        kind=view.kind,
        purposes=clearance.purposes(context),
        values=card.values if card else (),
        grounds=ground_choices(),
    )

    def deed(at: datetime) -> None:
        rights.specify(context, request_id=request_id, wish=form.wish(), now=at)

    return _typed(request, context, request_id, ("wish", form, deed), _("Noted what exactly is asked for."))


@require_POST
@entered("request:work", apart=True)
def doubt(request: HttpRequest, context: AccessContext, request_id: int) -> HttpResponse:
    """The proof is not believed any more."""
    form = doubt_form(request.POST)

    def deed(now: datetime) -> None:
        rights.doubt(context, request_id=request_id, reason=form.cleaned_data["reason"], now=now)

    return _typed(request, context, request_id, ("doubt", form, deed), _("It waits for another proof."))


@require_POST
@entered("request:work", apart=True)
def plan(request: HttpRequest, context: AccessContext, request_id: int) -> HttpResponse:
    """Draw what an erasure would do."""
    return _done(
        request,
        request_id,
        _("Drawn. Look at what goes and what stays before you approve it."),
        lambda now: rights.plan(context, request_id=request_id, now=now),
    )


@require_POST
@entered("request:approve", apart=True)
def approve(request: HttpRequest, context: AccessContext, request_id: int) -> HttpResponse:
    """The company says yes."""
    return _done(
        request,
        request_id,
        _("Approved. It is being done, and the person is told."),
        lambda now: rights.approve(context, request_id=request_id, now=now),
    )


@require_POST
@entered("request:approve", apart=True)
def refuse(request: HttpRequest, context: AccessContext, request_id: int) -> HttpResponse:
    """No, for a ground of law."""
    view = rights.request(context, request_id=request_id, now=clock.now())
    form = RefuseForm(request.POST, kind=view.kind)

    def deed(now: datetime) -> None:
        given = form.cleaned_data
        rights.refuse(context, request_id=request_id, ground=given["ground"], reason=given["reason"], now=now)

    return _typed(request, context, request_id, ("refuse", form, deed), _("Refused. The letter is on its way."))


@require_POST
@entered("request:work", apart=True)
def extend(request: HttpRequest, context: AccessContext, request_id: int) -> HttpResponse:
    """Two months more, once."""
    form = extend_form(request.POST)

    def deed(now: datetime) -> None:
        rights.extend(context, request_id=request_id, reason=form.cleaned_data["reason"], now=now)

    return _typed(request, context, request_id, ("extend", form, deed), _("Two months more; the person is told why."))


@require_POST
@entered("request:approve", apart=True)
def conclude(request: HttpRequest, context: AccessContext, request_id: int) -> HttpResponse:
    """What a person found."""
    form = conclude_form(request.POST)

    def deed(now: datetime) -> None:
        rights.conclude(context, request_id=request_id, outcome=form.cleaned_data["reason"], now=now)

    return _typed(request, context, request_id, ("conclude", form, deed), _("Done. The person is told."))


@require_POST
@entered("request:work", apart=True)
def withdraw(request: HttpRequest, context: AccessContext, request_id: int) -> HttpResponse:
    """The person does not want it any more."""
    return _done(
        request,
        request_id,
        _("Recorded: the person took it back."),
        lambda now: rights.withdraw(context, request_id=request_id, now=now),
    )


def _typed(
    request: HttpRequest,
    context: AccessContext,
    request_id: int,
    typed: Typed,
    words: str,
) -> HttpResponse:
    """A deed with a form: what was typed stays where it is refused."""
    name, form, deed = typed
    if form.is_valid():
        try:
            deed(clock.now())
        except TrustdeskError as fault:
            refused(form, fault)
        else:
            messages.success(request, words)
            return redirect("console:request", request_id=request_id)
    return show(request, context, request_id, forms={name: form}, status=UNPROCESSABLE)


def _done(request: HttpRequest, request_id: int, words: str, deed: Deed) -> HttpResponse:
    """A deed by a button alone: why not is said on the page."""
    try:
        deed(clock.now())
    except TrustdeskError as fault:
        messages.error(request, f"{_(fault.message)} {fault.mend}".strip())
    else:
        messages.success(request, words)
    return redirect("console:request", request_id=request_id)
