"""A company's own wordings: which are in force, what they say, and a new one, looked at before it is published."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from trustdesk.accounts import api as accounts
from trustdesk.campaigns.contracts import FILLED
from trustdesk.console.answers import page
from trustdesk.console.delivery_forms import WordingForm
from trustdesk.console.delivery_words import way_label
from trustdesk.delivery import api as outbox
from trustdesk.delivery.contracts import Template
from trustdesk.design.entrance import entered
from trustdesk.design.faults import refused
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import TrustdeskError
from trustdesk.mandates.api import controller

MANAGE = "delivery:manage"
UNPROCESSABLE = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A wording in the list: whose place it takes, or who took its place, and whether a campaign can send it."""

    wording: Template
    way: str
    address: str
    parameters: Sequence[str]
    for_campaigns: bool
    stands_for_ours: bool
    replaced_in: Sequence[str]


@require_http_methods(["GET", "POST"])
@entered("delivery:read")
def wordings(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """Those in force, the product's own beside them, one as it reads, and a new one."""
    now, company = clock.now(), controller(context.controller_id)
    own, ours = outbox.templates(context), outbox.standard_templates(company.languages[0])
    looked_at = _picked(request, [*own, *ours])
    form = WordingForm(
        request.POST if request.method == "POST" else None, begun=looked_at, language=company.languages[0]
    )
    if request.method == "POST":
        context.check_operation(MANAGE)
        accounts.check_elevated(request, MANAGE, now=now)
        if form.is_valid():
            looked_at = form.wording()
            try:
                outbox.check_publishable(looked_at)
                if "publish" in request.POST:
                    outbox.publish_template(context, template=looked_at, now=now)
                    messages.success(
                        request, _("Published. Messages say this from now on; those that wait stay as they are.")
                    )
                    return redirect(_address(looked_at))
            except TrustdeskError as fault:
                refused(form, fault)
    values = {
        "own": _rows(own, own, ours),
        "ours": _rows(ours, own, ours),
        "form": form,
        "looked_at": looked_at,
        "looked_at_way": way_label(looked_at.channel) if looked_at else "",
        "reads": outbox.preview(looked_at, {"company": company.name}) if looked_at else None,
        "unpublished": request.method == "POST",
        "may_manage": context.allows(MANAGE),
        "elevated_until": accounts.elevated_until(request, now=now),
    }
    return page(request, "console/wordings.html", values, context=context, status=UNPROCESSABLE if form.errors else 200)


def _picked(request: HttpRequest, held: Sequence[Template]) -> Template | None:
    """The one that the address names."""
    asked = tuple(request.GET.get(name, "") for name in ("channel", "code", "language"))
    return next((one for one in held if (one.channel, one.code, one.language) == asked), None)


def _rows(listed: Sequence[Template], own: Sequence[Template], ours: Sequence[Template]) -> list[Row]:
    """Campaigns take a company's own wordings only, and only those that name nobody."""
    standard = {(one.channel, one.code) for one in ours}
    return [
        Row(
            wording=one,
            way=way_label(one.channel),
            address=_address(one),
            parameters=[f"{{{name}}}" for name in sorted(one.parameters)],
            for_campaigns=one.parameters <= FILLED,
            stands_for_ours=(one.channel, one.code) in standard,
            replaced_in=[other.language for other in own if (other.channel, other.code) == (one.channel, one.code)],
        )
        for one in listed
    ]


def _address(one: Template) -> str:
    named = {"channel": one.channel.value, "code": one.code, "language": one.language}
    return f"{reverse('console:wordings')}?{urlencode(named)}"
