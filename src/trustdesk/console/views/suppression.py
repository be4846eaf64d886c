"""The suppression list: how many are on it and why, one looked up, one put on it by hand; nobody is named from it."""

from collections.abc import Sequence
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import PointKind
from trustdesk.console.answers import page
from trustdesk.console.clearance_forms import LookUpForm, SuppressionForm
from trustdesk.console.clearance_words import reason_label
from trustdesk.design.contacting import point_label, purpose_name, scope_label
from trustdesk.design.entrance import entered
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import TrustdeskError
from trustdesk.mandates.api import controller

UNPROCESSABLE = 422

Found = Sequence[tuple[str, str, datetime]]


@require_http_methods(["GET", "POST"])
@entered("clearance:read")
def suppression(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """What is typed is not shown again: only what was found of it."""
    asking = request.POST.get("do") == "look-up"
    look = LookUpForm(request.POST if request.method == "POST" and asking else None)
    form = SuppressionForm(request.POST if request.method == "POST" and not asking else None)
    found: Found | None = None
    if request.method == "POST":
        context.check_operation("consent:record")
        if asking and look.is_valid():
            found = _looked_up(context, look)
        elif not asking and form.is_valid() and _suppressed(context, form, now=clock.now()):
            messages.success(request, _("On the list. No list that is brought in gets past it."))
            return redirect("console:suppression")
    values = {
        "counts": [
            (point_label(PointKind(kind)), reason_label(reason), count)
            for kind, reason, count in clearance.suppression_counts(context)
        ],
        "look": LookUpForm() if found is not None else look,
        "form": form,
        "found": found,
        "may_record": context.allows("consent:record"),
        "closed": _("Your role under this mandate does not include this."),
    }
    status = UNPROCESSABLE if form.errors or look.errors else 200
    return page(request, "console/suppression.html", values, context=context, status=status)


def _looked_up(context: AccessContext, look: LookUpForm) -> Found | None:
    """None where it can't be read, which is then said at the field."""
    try:
        found = clearance.look_up_suppression(context, point=look.point(controller(context.controller_id).country))
    except TrustdeskError as fault:
        look.add_error("text", f"{fault.message} {fault.mend}".strip())
        return None
    purposes = {each.code: purpose_name(each) for each in clearance.purposes(context)}
    return [(scope_label(scope, purposes), reason_label(reason), at) for scope, reason, at in found]


def _suppressed(context: AccessContext, form: SuppressionForm, *, now: datetime) -> bool:
    point, given = form.point(controller(context.controller_id).country), form.cleaned_data
    try:
        clearance.suppress(context, point=point, scope=form.chosen(), reason=given["reason"], now=now)
    except TrustdeskError as fault:
        form.add_error("text", f"{fault.message} {fault.mend}".strip())
        return False
    return True
