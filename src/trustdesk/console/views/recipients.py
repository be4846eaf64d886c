"""Who may be given data, what, for which purposes and under which safeguard."""

from collections.abc import Mapping
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import Recipient
from trustdesk.console.answers import page
from trustdesk.console.clearance_forms import NoticeEmailForm, RecipientForm
from trustdesk.console.clearance_words import role_label, safeguard_label
from trustdesk.console.managing import check_managing, managing
from trustdesk.design.contacting import purpose_name
from trustdesk.design.entrance import entered
from trustdesk.design.faults import refused
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import TrustdeskError
from trustdesk.register import api as register

UNPROCESSABLE = 422


@require_http_methods(["GET", "POST"])
@entered("clearance:read")
def recipients(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """All of them, ended ones too; and a new one."""
    now = clock.now()
    categories = _categories(context)
    purposes = [each for each in clearance.purposes(context) if each.retired_at is None]
    form = RecipientForm(request.POST if request.method == "POST" else None, purposes=purposes, categories=categories)
    if request.method == "POST":
        check_managing(request, context, now=now)
        if form.is_valid():
            try:
                clearance.declare_recipient(context, recipient=form.recipient(), now=now)
            except TrustdeskError as fault:
                refused(form, fault)
            else:
                messages.success(request, _("Declared."))
                return redirect("console:recipients")
    labels = {each.code: purpose_name(each) for each in clearance.purposes(context)}
    values = {
        "recipients": [_row(each, labels, categories, now) for each in clearance.recipients(context)],
        "form": form,
        **managing(request, context, now=now),
    }
    return page(
        request, "console/recipients.html", values, context=context, status=UNPROCESSABLE if form.errors else 200
    )


@require_POST
@entered("clearance:manage")
def address(request: HttpRequest, context: AccessContext, recipient_id: int) -> HttpResponse:
    """Where they are told of erasures and corrections."""
    now = clock.now()
    check_managing(request, context, now=now)
    form = NoticeEmailForm(request.POST)
    if form.is_valid():
        clearance.set_notice_email(context, recipient_id=recipient_id, email=form.cleaned_data["email"], now=now)
        messages.success(request, _("Saved."))
    else:
        messages.error(request, _("This is not an e-mail address."))
    return redirect("console:recipients")


@require_POST
@entered("clearance:manage")
def end(request: HttpRequest, context: AccessContext, recipient_id: int) -> HttpResponse:
    """Nothing is given any more."""
    now = clock.now()
    check_managing(request, context, now=now)
    clearance.end_recipient(context, recipient_id=recipient_id, now=now)
    messages.success(request, _("Ended: nothing is given to this recipient any more."))
    return redirect("console:recipients")


def _row(each: Recipient, labels: Mapping[str, str], categories: Mapping[str, str], now: datetime) -> dict[str, object]:
    return {
        "recipient": each,
        "role": role_label(each.role),
        "safeguard": safeguard_label(each.safeguard) if each.safeguard else "",
        "purposes": [labels.get(code, code) for code in each.purposes],
        "categories": [categories.get(term, term) for term in each.categories],
        "living": each.ends_at is None or each.ends_at > now,
    }


def _categories(context: AccessContext) -> Mapping[str, str]:
    """The categories of what this company holds, by the names of its attributes."""
    named: dict[str, list[str]] = {}
    for attribute in register.catalog(context):
        named.setdefault(attribute.category, []).append(_(attribute.label))
    held = {term: ", ".join(labels) for term, labels in named.items()}
    return {clearance.EVERY_CATEGORY: _("everything that is held"), **held}
