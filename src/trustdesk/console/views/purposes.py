"""What people are contacted and data are given away for: declared, assessed, ended."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import Purpose
from trustdesk.console.answers import page
from trustdesk.console.clearance_forms import AssessmentForm, PurposeForm
from trustdesk.console.managing import check_managing, managing
from trustdesk.decision.contracts import LegalBasis
from trustdesk.design.contacting import kind_label
from trustdesk.design.entrance import entered
from trustdesk.design.faults import refused
from trustdesk.design.law import basis_label
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError, TrustdeskError
from trustdesk.mandates.api import controller

UNPROCESSABLE = 422


@require_http_methods(["GET", "POST"])
@entered("clearance:read")
def purposes(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """All of them, ended ones too; and a new one."""
    now = clock.now()
    languages = controller(context.controller_id).languages
    form = PurposeForm(request.POST if request.method == "POST" else None, languages=languages)
    if request.method == "POST":
        check_managing(request, context, now=now)
        if form.is_valid():
            try:
                purpose_id = clearance.declare_purpose(context, purpose=form.purpose(), now=now)
            except TrustdeskError as fault:
                refused(form, fault)
            else:
                return redirect("console:purpose", purpose_id=purpose_id)
    values = {
        "purposes": [
            (each, kind_label(each.kind), basis_label(each.article.value), _rests_on_nothing(each, now))
            for each in clearance.purposes(context)
        ],
        "form": form,
        **managing(request, context, now=now),
    }
    return page(request, "console/purposes.html", values, context=context, status=UNPROCESSABLE if form.errors else 200)


@require_http_methods(["GET", "POST"])
@entered("clearance:read")
def purpose(request: HttpRequest, context: AccessContext, purpose_id: int) -> HttpResponse:
    """One purpose, and its assessment of legitimate interests where it rests on them."""
    now = clock.now()
    held = _purpose(context, purpose_id)
    form = AssessmentForm(request.POST if request.method == "POST" else None, initial=_held_texts(held))
    if request.method == "POST":
        check_managing(request, context, now=now)
        if form.is_valid():
            try:
                clearance.assess_purpose(context, code=held.code, assessment=form.assessment(now), now=now)
            except TrustdeskError as fault:
                refused(form, fault)
            else:
                messages.success(request, _("The assessment is on record."))
                return redirect("console:purpose", purpose_id=purpose_id)
    values = {
        "purpose": held,
        "kind": kind_label(held.kind),
        "basis": basis_label(held.article.value),
        "by_interest": held.article is LegalBasis.LEGITIMATE_INTEREST,
        "unassessed": _rests_on_nothing(held, now),
        "form": form,
        **managing(request, context, now=now),
    }
    status = UNPROCESSABLE if form.errors else 200
    return page(request, "console/purpose.html", values, context=context, status=status)


@require_POST
@entered("clearance:manage")
def retire(request: HttpRequest, context: AccessContext, purpose_id: int) -> HttpResponse:
    """From now on nothing is done for it."""
    now = clock.now()
    check_managing(request, context, now=now)
    clearance.retire_purpose(context, code=_purpose(context, purpose_id).code, now=now)
    messages.success(request, _("Ended: from now on nothing is permitted for it."))
    return redirect("console:purposes")


def _purpose(context: AccessContext, purpose_id: int) -> Purpose:
    found = next((each for each in clearance.purposes(context) if each.purpose_id == purpose_id), None)
    if found is None:
        raise NotFoundError(_("There is no such purpose."), place="purpose", mend=_("Choose one from the list."))
    return found


def _held_texts(held: Purpose) -> dict[str, object]:
    """What was weighed last: whoever looks again begins there."""
    earlier = held.assessment
    if earlier is None:
        return {}
    texts = ("pursued", "necessity", "balancing", "safeguards", "assessed_by")
    return {name: getattr(earlier, name) for name in texts}


def _rests_on_nothing(held: Purpose, now: datetime) -> bool:
    return held.article is LegalBasis.LEGITIMATE_INTEREST and not held.assessed(now)
