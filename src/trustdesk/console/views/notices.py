"""What people are told: published once, in every language of the company, and never changed."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from trustdesk.accounts import api as accounts
from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import ELEMENTS, Notice, NoticeKind
from trustdesk.console.answers import page
from trustdesk.console.clearance_forms import NoticeForm
from trustdesk.console.clearance_words import element_label, notice_label
from trustdesk.console.managing import check_managing, managing
from trustdesk.design.entrance import entered
from trustdesk.design.faults import refused
from trustdesk.design.happenings import operator_name
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError, TrustdeskError
from trustdesk.mandates.api import controller

UNPROCESSABLE = 422


@require_http_methods(["GET", "POST"])
@entered("clearance:read")
def notices(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """All published ones; and a new version."""
    now = clock.now()
    form = NoticeForm(
        request.POST if request.method == "POST" else None, languages=controller(context.controller_id).languages
    )
    if request.method == "POST":
        check_managing(request, context, now=now)
        if form.is_valid():
            given = form.cleaned_data
            try:
                clearance.publish_notice(
                    context, kind=given["kind"], version=given["version"], texts=form.texts(), now=now
                )
            except TrustdeskError as fault:
                refused(form, fault)
            else:
                messages.success(request, _("Published. It can't be changed any more; publish a new version instead."))
                return redirect("console:notices")
    values = {
        "notices": _versions(clearance.notices(context)),
        "form": form,
        **managing(request, context, now=now),
    }
    return page(request, "console/notices.html", values, context=context, status=UNPROCESSABLE if form.errors else 200)


def _versions(notices: Sequence[Notice]) -> Sequence[tuple[str, Sequence[Notice]]]:
    """The languages of one version stand together, in the order of the alphabet."""
    together: dict[tuple[NoticeKind, str], list[Notice]] = {}
    for each in notices:
        together.setdefault((each.kind, each.version), []).append(each)
    return [
        (notice_label(kind), sorted(held, key=lambda each: each.language))
        for (kind, _version), held in together.items()
    ]


@require_GET
@entered("clearance:read")
def notice(request: HttpRequest, context: AccessContext, notice_id: int) -> HttpResponse:
    """One notice in one language, as it was published."""
    held = next((each for each in clearance.notices(context) if each.notice_id == notice_id), None)
    if held is None:
        raise NotFoundError(_("There is no such notice."), place="notice", mend=_("Choose one from the list."))
    values = {
        "notice": held,
        "kind": notice_label(held.kind),
        "elements": [(element_label(element), getattr(held.text, element)) for element in ELEMENTS],
        "by": operator_name(accounts.names({held.published_by}), held.published_by),
    }
    return page(request, "console/notice.html", values, context=context)
