"""Complaint files with their clocks; one of them with its minutes and its reply."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from trustdesk.accounts import api as accounts
from trustdesk.console.answers import page
from trustdesk.console.conversation_forms import ExtendForm, ReplyForm
from trustdesk.conversations import api as conversing
from trustdesk.conversations.contracts import ComplaintLine, ComplaintState
from trustdesk.design.conversing import COMPLAINT_TONES, complaint_state_label, field_label, outcome_label
from trustdesk.design.entrance import entered
from trustdesk.design.faults import refused
from trustdesk.design.happenings import operator_name
from trustdesk.design.law import OWN_RULE
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, TrustdeskError

UNPROCESSABLE = 422
_SOON = timedelta(days=3)


@require_GET
@entered("complaint:handle")
def complaints(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """Those that wait for a reply, the next due first; then the answered ones. Opens nothing."""
    now = clock.now()
    found = conversing.complaints(context, limit=200)
    values = {
        "waiting": [_row(each, now) for each in found if each.replied_at is None],
        "answered": [_row(each, now) for each in found if each.replied_at is not None],
        "urgent": len(conversing.escalations(context, now=now)),
    }
    return page(request, "console/complaints.html", values, context=context)


@require_http_methods(["GET", "POST"])
@entered("complaint:handle")
def complaint(request: HttpRequest, context: AccessContext, complaint_id: int) -> HttpResponse:
    """One file, its minutes opened: one logged opening. POST records the reply."""
    form = ReplyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            conversing.reply(context, complaint_id=complaint_id, new=form.new(), now=clock.now())
        except TrustdeskError as fault:
            refused(form, fault)
        else:
            messages.success(request, _("The reply is on record; the clock stands."))
            return redirect("console:complaint", complaint_id=complaint_id)
    now = clock.now()
    file = conversing.complaint(context, complaint_id)
    names = accounts.names({file.taken_by})
    values = {
        "file": file,
        "row": _row(file.line, now),
        "minutes": [(field_label(name), text) for name, text in (file.minutes or {}).items()],
        "taken_by": operator_name(names, file.taken_by),
        "outcome": outcome_label(file.line.outcome) if file.line.outcome else "",
        "form": form,
        "extend_form": ExtendForm(auto_id="extend-%s"),
        "may_see": context.allows("conversation:read"),
    }
    status = UNPROCESSABLE if form.errors else 200
    return page(request, "console/complaint.html", values, context=context, status=status)


@require_POST
@entered("complaint:handle")
def extend(request: HttpRequest, context: AccessContext, complaint_id: int) -> HttpResponse:
    """More time, once, where the law gives it."""
    form = ExtendForm(request.POST)
    if not form.is_valid():
        raise BadInputError(_("More time needs a reason."), place="reason", mend=_("Write what the person was told."))
    reason = form.cleaned_data["reason"]
    return _done(
        request,
        complaint_id,
        _("The new day stands in the file."),
        lambda now: conversing.extend(context, complaint_id=complaint_id, reason=reason, now=now),
    )


@require_POST
@entered("complaint:handle")
def copied(request: HttpRequest, context: AccessContext, complaint_id: int) -> HttpResponse:
    """The person was given a copy of the minutes."""
    return _done(
        request,
        complaint_id,
        _("Recorded that the copy was given."),
        lambda now: conversing.copy_given(context, complaint_id=complaint_id, at=now, now=now),
    )


def _done(request: HttpRequest, complaint_id: int, words: str, deed: Callable[[datetime], None]) -> HttpResponse:
    deed(clock.now())
    messages.success(request, words)
    return redirect("console:complaint", complaint_id=complaint_id)


def _row(line: ComplaintLine, now: datetime) -> dict[str, object]:
    state = line.state(now)
    soon = state is ComplaintState.OPEN and line.due_at <= now + _SOON
    return {
        "line": line,
        "state": _("Due within three days") if soon else complaint_state_label(state),
        "tone": "warn" if soon else COMPLAINT_TONES[state],
        "days": (line.due_at - now).days,
        "own_years": line.keep_law.text == OWN_RULE,
        "late": state in {ComplaintState.OVERDUE, ComplaintState.ACCEPTED_BY_SILENCE},
        "outcome": outcome_label(line.outcome) if line.outcome else "",
    }
