"""Where calls out may go, and a number tried against it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from trustdesk.accounts import api as accounts
from trustdesk.console.answers import page
from trustdesk.console.call_forms import ReachForm
from trustdesk.design.entrance import entered
from trustdesk.design.faults import refused
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import TrustdeskError
from trustdesk.telephony import api as telephony

MANAGE = "telephony:manage"
UNPROCESSABLE = 422


@require_http_methods(["GET", "POST"])
@entered("telephony:read")
def destinations(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """The allow-list and the caps."""
    now = clock.now()
    held = telephony.reach_of(context)
    form = ReachForm(request.POST if request.method == "POST" else None, held=held)
    if request.method == "POST":
        context.check_operation(MANAGE)
        accounts.check_elevated(request, MANAGE, now=now)
        if form.is_valid():
            try:
                telephony.set_reach(context, reach=form.reach(), now=now)
            except TrustdeskError as fault:
                refused(form, fault)
            else:
                messages.success(request, _("Saved. It counts from the next call out on."))
                return redirect("console:destinations")
    values = {
        "held": held,
        "form": form,
        "may_manage": context.allows(MANAGE),
        "elevated_until": accounts.elevated_until(request, now=now),
    }
    return page(
        request, "console/destinations.html", values, context=context, status=UNPROCESSABLE if form.errors else 200
    )
