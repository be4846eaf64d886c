"""What is done to a customer at the desk: each one call of the register, then the card as it now stands."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from trustdesk.design.entrance import entered
from trustdesk.design.faults import is_fragment
from trustdesk.desk.forms import ConfirmForm, CorrectForm, NewValueForm, NoteForm, RestrictForm
from trustdesk.desk.views.customer import show
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, NotFoundError
from trustdesk.register import api as register
from trustdesk.register.contracts import CardValue

UNPROCESSABLE = 422


@require_POST
@entered("customer:confirm")
def confirm(request: HttpRequest, context: AccessContext, customer_id: int, value_id: int) -> HttpResponse:
    """Still true, and on whose word."""
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        raise BadInputError(_("Say on whose word the value is true."), place="by", mend=_("Choose one."))
    register.confirm_value(
        context, customer_id=customer_id, value_id=value_id, by=form.cleaned_data["by"], now=clock.now()
    )
    return done(request, context, customer_id, _("Confirmed."), changed=value_id)


@require_POST
@entered("customer:correct")
def correct(request: HttpRequest, context: AccessContext, customer_id: int, value_id: int) -> HttpResponse:
    """The right value instead (GDPR Art. 16); the old one stays in the history."""
    now = clock.now()
    form = CorrectForm.of(_value(context, customer_id, value_id), request.POST)
    wrong = {f"correct-{value_id}": form}
    if not form.is_valid():
        return show(request, context, customer_id, forms=wrong, status=UNPROCESSABLE)

    def deed() -> int:
        return register.correct_value(
            context,
            customer_id=customer_id,
            value_id=value_id,
            text=form.cleaned_data["text"],
            source_id=register.direct_source(context, now=now),
            by=form.cleaned_data["by"],
            now=now,
        )

    try:
        changed = deed()
    except BadInputError as fault:
        form.add_error("text", f"{fault.message} {fault.mend}".strip())
        return show(request, context, customer_id, forms=wrong, status=UNPROCESSABLE)
    return done(request, context, customer_id, _("Corrected. The old value stays in the history."), changed=changed)


@require_POST
@entered("customer:correct")
def add_value(request: HttpRequest, context: AccessContext, customer_id: int) -> HttpResponse:
    """One more value, on the customer's word."""
    now = clock.now()
    form = NewValueForm(request.POST, catalog=register.catalog(context))
    if not form.is_valid():
        return show(request, context, customer_id, forms={"value": form}, status=UNPROCESSABLE)
    try:
        changed = register.add_value(
            context,
            customer_id=customer_id,
            value=form.value(now),
            source_id=register.direct_source(context, now=now),
            now=now,
        )
    except BadInputError as fault:
        form.add_error("text", f"{fault.message} {fault.mend}".strip())
        return show(request, context, customer_id, forms={"value": form}, status=UNPROCESSABLE)
    return done(request, context, customer_id, _("Added."), changed=changed)


@require_POST
@entered("customer:note")
def note(request: HttpRequest, context: AccessContext, customer_id: int) -> HttpResponse:
    """A note for the next colleague."""
    form = NoteForm(request.POST)
    if not form.is_valid():
        return show(request, context, customer_id, forms={"note": form}, status=UNPROCESSABLE)
    register.add_note(context, customer_id=customer_id, text=form.cleaned_data["text"], now=clock.now())
    return done(request, context, customer_id, _("Note saved."))


@require_POST
@entered("customer:lock")
def restrict(request: HttpRequest, context: AccessContext, customer_id: int) -> HttpResponse:
    """Restrict to storage (GDPR Art. 18)."""
    form = RestrictForm(request.POST)
    if not form.is_valid():
        return show(request, context, customer_id, forms={"restrict": form}, status=UNPROCESSABLE)
    register.lock(context, customer_id=customer_id, ground=form.cleaned_data["ground"], now=clock.now())
    return done(request, context, customer_id, _("Restricted to storage."))


@require_POST
@entered("customer:lock")
def release(request: HttpRequest, context: AccessContext, customer_id: int) -> HttpResponse:
    """Lift the restriction; the customer is told before (Art. 18(3))."""
    register.unlock(context, customer_id=customer_id, now=clock.now())
    return done(request, context, customer_id, _("The restriction is lifted."))


def done(
    request: HttpRequest, context: AccessContext, customer_id: int, words: str, *, changed: int | None = None
) -> HttpResponse:
    """What was done, said; then the card: swapped in, or by a redirect that a reload does not repeat."""
    messages.success(request, words)
    if is_fragment(request):
        return show(request, context, customer_id, changed=changed)
    return redirect("desk:customer", customer_id=customer_id)


def _value(context: AccessContext, customer_id: int, value_id: int) -> CardValue:
    card = register.card(context, customer_id, now=clock.now())
    for value in card.values:
        if value.value_id == value_id:
            return value
    raise NotFoundError(_("There is no such value."), place="value", mend=_("Load the card again."))
