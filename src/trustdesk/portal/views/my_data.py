"""My data: what is held, still true or put right by whom it is about, and consents taken back."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import Method
from trustdesk.identity.api import Visit
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError
from trustdesk.kernel.ids import to_public
from trustdesk.mandates.api import controller
from trustdesk.portal.door import visited
from trustdesk.portal.forms import CorrectForm, WithdrawForm
from trustdesk.portal.my_data import agreed, my_data, own_value
from trustdesk.register import api as register
from trustdesk.register.contracts import ConfirmedBy

UNPROCESSABLE = 422


@require_GET
@visited
def show(request: HttpRequest, context: AccessContext, visit: Visit) -> HttpResponse:
    """All of it on one page. One logged opening."""
    page = my_data(context, visit, now=clock.now())
    return render(request, "portal/my_data.html", {"company": controller(context.controller_id), "page": page})


@require_POST
@visited
def confirm(request: HttpRequest, context: AccessContext, visit: Visit, value_id: int) -> HttpResponse:
    """Still true, says whom it is about."""
    now = clock.now()
    held = own_value(context, visit, value_id, now=now)
    if held.untold:
        raise Http404
    register.confirm_value(context, customer_id=visit.customer_id, value_id=value_id, by=ConfirmedBy.CUSTOMER, now=now)
    messages.success(request, _("Thank you. We know now that this is still true: %(what)s.") % {"what": held.name})
    return _back(context, value_id)


@require_http_methods(["GET", "POST"])
@visited
def correct(request: HttpRequest, context: AccessContext, visit: Visit, value_id: int) -> HttpResponse:
    """The right value instead (GDPR Art. 16): one question, on a page of its own."""
    now = clock.now()
    held = own_value(context, visit, value_id, now=now)
    if held.untold or held.fixed:
        raise Http404
    form = CorrectForm(request.POST if request.method == "POST" else None, initial={"text": held.value.text})
    if request.method == "POST" and form.is_valid():
        try:
            new_value_id = register.correct_value(
                context,
                customer_id=visit.customer_id,
                value_id=value_id,
                text=form.cleaned_data["text"],
                source_id=register.direct_source(context, now=now),
                by=ConfirmedBy.CUSTOMER,
                now=now,
            )
        except BadInputError as fault:
            form.add_error("text", f"{fault.message} {fault.mend}".strip())
        else:
            messages.success(request, _("Corrected, and used from now on: %(what)s.") % {"what": held.name})
            return _back(context, new_value_id)
    shown = {"company": controller(context.controller_id), "held": held, "form": form, "visit": visit}
    return render(request, "portal/correct.html", shown, status=UNPROCESSABLE if form.errors else 200)


@require_POST
@visited
def withdraw(request: HttpRequest, context: AccessContext, visit: Visit) -> HttpResponse:
    """Take back a consent (GDPR Art. 7(3)): as easily as it was given."""
    now = clock.now()
    form = WithdrawForm(request.POST)
    in_force = {(each.purpose, each.channel) for each in agreed(context, visit.customer_id, now=now)}
    if not form.is_valid() or (form.cleaned_data["purpose"], form.channel_value()) not in in_force:
        raise Http404
    clearance.withdraw(
        context,
        customer_id=visit.customer_id,
        purpose=form.cleaned_data["purpose"],
        channel=form.cleaned_data["channel"],
        method=Method.WEB_FORM,
        now=now,
    )
    messages.success(request, _("Taken back. It counts from now on."))
    return redirect(reverse("portal:held", args=[context.controller_id]) + "#agreed")


def _back(context: AccessContext, value_id: int) -> HttpResponse:
    """To the line that was worked on; a reload does not repeat it."""
    return redirect(reverse("portal:held", args=[context.controller_id]) + f"#value-{to_public(value_id)}")
