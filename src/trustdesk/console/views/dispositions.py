"""What agents may say about a call, queue by queue, and what is asked for there."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from trustdesk.console.answers import page
from trustdesk.console.conversation_forms import RulesForm, disposition_rows
from trustdesk.conversations import api as conversing
from trustdesk.design.conversing import meaning_label
from trustdesk.design.entrance import entered
from trustdesk.design.faults import refused
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import TrustdeskError

UNPROCESSABLE = 422


@require_http_methods(["GET", "POST"])
@entered("conversation:manage")
def dispositions(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """The list of a queue, or (none chosen) of all that have none of their own. POST saves the whole list."""
    queue = request.GET.get("queue", "").strip()[:80]
    held = conversing.dispositions(context, queue)
    rows = disposition_rows(request.POST if request.method == "POST" else None, held)
    fault = ""
    if request.method == "POST" and rows.is_valid():
        given = [one for one in (form.read() for form in rows) if one is not None]
        try:
            conversing.save_dispositions(context, queue=queue, dispositions=given, now=clock.now())
        except TrustdeskError as refusal:
            fault = f"{refusal.message} {refusal.mend}"
        else:
            messages.success(request, _("Saved: this is what agents may say from now on."))
            return redirect(_address(queue))
    return _shown(request, context, queue, rows=rows, fault=fault)


@require_POST
@entered("conversation:manage")
def rules(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """What is asked for in a queue."""
    queue = request.GET.get("queue", "").strip()[:80]
    form = RulesForm(request.POST, rules=conversing.queue_rules(context, queue))
    if form.is_valid():
        try:
            conversing.save_queue_rules(context, rules=form.rules(queue), now=clock.now())
        except TrustdeskError as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect(_address(queue))
    rows = disposition_rows(None, conversing.dispositions(context, queue))
    return _shown(request, context, queue, rows=rows, rules_form=form)


def _shown(
    request: HttpRequest,
    context: AccessContext,
    queue: str,
    *,
    rows: object,
    fault: str = "",
    rules_form: RulesForm | None = None,
) -> HttpResponse:
    form = rules_form or RulesForm(rules=conversing.queue_rules(context, queue))
    held = conversing.dispositions(context, queue)
    values = {
        "queue": queue,
        "queues": conversing.queues(context),
        "rows": rows,
        "held": [(each, meaning_label(each.meaning)) for each in held],
        "fault": fault,
        "rules_form": form,
        "query": urlencode({"queue": queue}) if queue else "",
    }
    wrong = fault or form.errors or getattr(rows, "total_error_count", lambda: 0)()
    return page(request, "console/dispositions.html", values, context=context, status=UNPROCESSABLE if wrong else 200)


def _address(queue: str) -> str:
    address = reverse("console:dispositions")
    return f"{address}?{urlencode({'queue': queue})}" if queue else address
