"""How the company is called: its numbers, each with the rule of its recording and what stands in the way of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from trustdesk.accounts import api as accounts
from trustdesk.announcements import api as announcements
from trustdesk.clearance.api import packs
from trustdesk.console.answers import page
from trustdesk.console.call_forms import NumberForm
from trustdesk.console.call_words import TONES, element_label, mode_label
from trustdesk.design.entrance import entered
from trustdesk.design.faults import refused
from trustdesk.design.queues import queue_names
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import TrustdeskError
from trustdesk.mandates.api import controller
from trustdesk.telephony import api as telephony
from trustdesk.telephony.contracts import NumberView

MANAGE = "telephony:manage"
UNPROCESSABLE = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRow:
    """A number in the list. `why` says why it is not recorded, `missing` what its notice lacks."""

    number: NumberView
    digits: str
    shown: str
    queue: str
    mode: str
    tone: str
    why: str
    missing: Sequence[str]


@require_GET
@entered("telephony:read")
def numbers(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """All numbers."""
    queues = queue_names(context)
    values = {
        "rows": [_row(context, number, queues) for number in telephony.numbers(context)],
        "queues": queues,
        "reach": telephony.reach_of(context),
        "may_manage": context.allows(MANAGE),
    }
    return page(request, "console/numbers.html", values, context=context)


@require_http_methods(["GET", "POST"])
@entered("telephony:read")
def new_number(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """A number that is not there yet."""
    return _edit(request, context, None)


@require_http_methods(["GET", "POST"])
@entered("telephony:read")
def number(request: HttpRequest, context: AccessContext, digits: str) -> HttpResponse:
    """One number, and what is set of it."""
    return _edit(request, context, telephony.number(context, f"+{digits}"))


@require_POST
@entered(MANAGE)
def remove_number(request: HttpRequest, context: AccessContext, digits: str) -> HttpResponse:
    """It is answered no longer."""
    accounts.check_elevated(request, MANAGE, now=clock.now())
    telephony.remove_number(context, number=f"+{digits}", now=clock.now())
    messages.success(request, _("The number is answered no longer."))
    return redirect("console:numbers")


def _edit(request: HttpRequest, context: AccessContext, held: NumberView | None) -> HttpResponse:
    now, company = clock.now(), controller(context.controller_id)
    form = NumberForm(
        request.POST if request.method == "POST" else None,
        held=held,
        languages=company.languages,
        country=company.country,
        countries=packs().countries,
        queues=telephony.queues(context),
        menus=telephony.menus(context),
        notices=announcements.notices(context),
        trunks=telephony.trunk_names(),
    )
    if request.method == "POST":
        context.check_operation(MANAGE)
        accounts.check_elevated(request, MANAGE, now=now)
        if form.is_valid():
            try:
                saved = telephony.save_number(context, new=form.number(), now=now)
            except TrustdeskError as fault:
                refused(form, fault)
            else:
                messages.success(request, _("Saved. The next call is answered like this."))
                return redirect("console:number", digits=saved[1:])
    values = {
        "form": form,
        "row": _row(context, held, {}) if held else None,
        "queues": telephony.queues(context),
        "may_manage": context.allows(MANAGE),
        "elevated_until": accounts.elevated_until(request, now=now),
    }
    return page(request, "console/number.html", values, context=context, status=UNPROCESSABLE if form.errors else 200)


def _row(context: AccessContext, number: NumberView, queues: Mapping[str, str]) -> NumberRow:
    now = clock.now()
    terms = telephony.recording_terms(context, number, now=now)
    notice = announcements.notice(context, number.notice, number.language) if number.notice else None
    rule = telephony.rule_of(number, now=now)
    lacks = announcements.missing(notice, rule) if notice and notice.recorded and rule.recorded else ()
    return NumberRow(
        number=number,
        digits=number.e164[1:],
        shown=telephony.shown(number.e164),
        queue=queues.get(number.queue, number.queue),
        mode=mode_label(terms.mode),
        tone="warn" if terms.reason else TONES[terms.mode],
        why=_(terms.reason) if terms.reason else "",
        missing=[element_label(element) for element in lacks],
    )
