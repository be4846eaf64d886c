"""Copies of what is held of a person: ordered, sent, handed over and ended by the officer, each under elevation."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from trustdesk.accounts import api as accounts
from trustdesk.console.answers import page
from trustdesk.console.copy_words import kind_label, reason_label, state_label, state_tone
from trustdesk.copies import api as copies
from trustdesk.copies.contracts import CopyView, Kind, State
from trustdesk.design.entrance import entered
from trustdesk.design.faults import is_fragment
from trustdesk.design.fields import ReferenceField
from trustdesk.design.files import hand_on
from trustdesk.design.happenings import operator_name
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import ConflictError, NotFoundError, RefusedError

MAKE = "copy:make"
UNPROCESSABLE = 422
_GOING = {State.ORDERED, State.MAKING}


class CopyForm(forms.Form):
    """The customer is named by the reference: it says nothing, so it may stand in an address."""

    customer = ReferenceField(
        label=gettext_lazy("Reference of the customer"),
        help_text=gettext_lazy("It stands on the card and in the log: thirteen letters and digits."),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Which copy"),
        choices=(
            (Kind.ACCESS.value, gettext_lazy("Everything we hold (GDPR Art. 15)")),
            (Kind.PORTABILITY.value, gettext_lazy("What the person provided, to take along (GDPR Art. 20)")),
        ),
    )
    send = forms.BooleanField(
        label=gettext_lazy("Write to the customer when it is ready"), required=False, initial=True
    )


@require_http_methods(["GET", "POST"])
@entered(MAKE)
def copies_page(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """The company's copies, and the form for a new one."""
    if request.method == "POST":
        accounts.check_elevated(request, MAKE, now=clock.now())
        form = CopyForm(request.POST)
        if form.is_valid():
            try:
                copies.make(
                    context,
                    customer_id=form.cleaned_data["customer"],
                    kind=Kind(form.cleaned_data["kind"]),
                    send=form.cleaned_data["send"],
                    now=clock.now(),
                )
            except NotFoundError as error:
                form.add_error("customer", f"{error.message} {error.mend}".strip())
            else:
                messages.success(request, _("Ordered. It is made within minutes."))
                return redirect("console:copies")
        return _shown(request, context, form, status=UNPROCESSABLE)
    given = {"customer": request.GET["customer"]} if request.GET.get("customer") else None
    return _shown(request, context, CopyForm(initial=given))


@require_POST
@entered(MAKE, apart=True)
def send(request: HttpRequest, context: AccessContext, copy_id: int) -> HttpResponse:
    """A link to the customer, to an address that has long been on file."""
    now = clock.now()
    accounts.check_elevated(request, MAKE, now=now)
    try:
        copies.send(context, copy_id=copy_id, now=now)
    except (ConflictError, RefusedError) as refused:  # nobody to send it to, or not now: the page says so
        messages.error(request, f"{refused.message} {refused.mend}".strip())
    else:
        messages.success(request, _("On its way. An earlier link to it opens nothing any more."))
    return redirect("console:copies")


@require_POST
@entered(MAKE)
def download(request: HttpRequest, context: AccessContext, copy_id: int) -> HttpResponseBase:
    """The file, to be handed to who has shown who they are."""
    now = clock.now()
    accounts.check_elevated(request, MAKE, now=now)
    try:
        handed = copies.download(context, copy_id=copy_id, now=now)
    except RefusedError as refused:
        messages.error(request, f"{refused.message} {refused.mend}".strip())
        return redirect("console:copies")
    return hand_on(handed.pieces, name=handed.name, media_type=handed.media_type, size=handed.size)


@require_POST
@entered(MAKE)
def end(request: HttpRequest, context: AccessContext, copy_id: int) -> HttpResponse:
    """Destroyed before its time."""
    now = clock.now()
    accounts.check_elevated(request, MAKE, now=now)
    copies.destroy(context, copy_id=copy_id, now=now)
    messages.success(request, _("Destroyed: its key and its file."))
    return redirect("console:copies")


def _shown(request: HttpRequest, context: AccessContext, form: CopyForm, *, status: int = 200) -> HttpResponse:
    now = clock.now()
    found = copies.newest(context)
    names = accounts.names({copy.ordered_by for copy in found if copy.ordered_by})
    values: dict[str, object] = {
        "form": form,
        "rows": [_row(copy, names) for copy in found],
        "going": any(copy.state in _GOING for copy in found),
        "elevated_until": accounts.elevated_until(request, now=now),
        "elevation_next": reverse("console:copies"),
    }
    if is_fragment(request):
        return render(request, "console/parts/copies.html", values)
    return page(request, "console/copies.html", values, context=context, status=status)


def _row(copy: CopyView, names: dict[int, str]) -> dict[str, object]:
    return {
        "copy": copy,
        "kind": kind_label(copy.kind),
        "state": state_label(copy.state),
        "tone": state_tone(copy.state),
        "reason": reason_label(copy.reason),
        "percent": round(100 * copy.progress),
        "going": copy.state in _GOING,
        "by": operator_name(names, copy.ordered_by),
    }
