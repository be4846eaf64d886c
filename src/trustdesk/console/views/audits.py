"""The proof of accuracy: samples of what was updated by itself, judged one by one, and what they say together."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from trustdesk.accounts import api as accounts
from trustdesk.console.answers import page
from trustdesk.console.charts import reliability
from trustdesk.console.comparing import rows
from trustdesk.console.update_forms import SampleForm
from trustdesk.console.update_tiles import published
from trustdesk.console.words import labels
from trustdesk.design.entrance import entered
from trustdesk.design.faults import refused
from trustdesk.design.happenings import operator_name
from trustdesk.design.updating import (
    VERDICT_TONES,
    at_most_share,
    change_label,
    likely,
    percentage,
    second_label,
    share,
    verdict_label,
)
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, TrustdeskError
from trustdesk.updates import api as updating
from trustdesk.updates.contracts import Accuracy, AuditVerdict, Compared

UNPROCESSABLE = 422


@require_http_methods(["GET", "POST"])
@entered("update:read")
def accuracy(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """The published bound, and the samples it comes from. POST draws one more."""
    now = clock.now()
    form = SampleForm(request.POST if request.method == "POST" else None, until=now, since=_since(context, now))
    if request.method == "POST" and form.is_valid():
        try:
            round_id = updating.draw_audit(context, **form.period(), size=form.cleaned_data["size"], now=now)
        except TrustdeskError as fault:
            refused(form, fault)
        else:
            return redirect("console:audit-sample", round_id=round_id)
    found = updating.accuracy(context)
    samples = updating.audits(context)
    names = accounts.names({each.drawn_by for each in samples})
    values = {
        "found": found,
        "figure": published(found.at_most) if found.at_most is not None else "",
        "worst": _worst(found),
        "samples": [(each, operator_name(names, each.drawn_by)) for each in samples],
        "form": form,
        "may_review": context.allows("update:review"),
    }
    status = UNPROCESSABLE if form.errors else 200
    return page(request, "console/accuracy.html", values, context=context, status=status)


@require_GET
@entered("update:read")
def calibration(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """What the model said beside what people found. Opens nothing, sets nothing."""
    found = updating.calibration(context, now=clock.now())
    values = {
        "found": found,
        "chart": reliability(found.bands),
        "bands": [
            (
                percentage(100 * each.lower, 0),
                percentage(100 * each.upper, 0),
                each.count,
                percentage(100 * each.said),
                percentage(100 * each.found),
            )
            for each in found.bands
        ],
        "error": percentage(100 * found.error) if found.error is not None else "",
        "tolerated": at_most_share(found.tolerated),
        "may_review": context.allows("update:review"),
        "suggested": percentage(100 * found.suggested, 2) if found.suggested is not None else "",
    }
    return page(request, "console/calibration.html", values, context=context)


@require_GET
@entered("update:review")
def sample(request: HttpRequest, context: AccessContext, round_id: int) -> HttpResponse:
    """To the next update of the sample that nobody judged; where all are judged, back to the bound."""
    following = updating.next_to_judge(context, round_id)
    if following is None:
        messages.success(request, _("All of this sample is judged."))
        return redirect("console:accuracy")
    return redirect("console:audit", round_id=round_id, change_id=following)


@require_http_methods(["GET", "POST"])
@entered("update:review")
def audit(request: HttpRequest, context: AccessContext, round_id: int, change_id: int) -> HttpResponse:
    """One update, what it changed opened: one logged opening. POST judges it; a wrong one stays on the page."""
    if request.method == "POST":
        verdict = _verdict(request.POST.get("verdict", ""))
        updating.judge_audit(context, round_id=round_id, change_id=change_id, verdict=verdict, now=clock.now())
        if verdict is AuditVerdict.WRONG:
            return redirect("console:audit", round_id=round_id, change_id=change_id)
        return redirect("console:audit-sample", round_id=round_id)
    found = updating.audit(context, round_id, change_id)
    named = labels(context)
    evidence = [Compared(one.about, (), (), one.level, one.weight) for one in found.change.evidence]
    values = {
        "found": found,
        "kind": change_label(found.change.kind),
        "swapped": [(named.get(one.attribute, one.attribute), one) for one in found.swapped],
        "evidence": rows(evidence),
        "likely": likely(found.change.probability or 0.0),
        "share": share(found.change.probability or 0.0),
        "second": second_label(found.change.second),
        "verdict": verdict_label(found.verdict) if found.verdict else "",
        "tone": VERDICT_TONES[found.verdict] if found.verdict else "",
        "judged_by": operator_name(accounts.names({found.judged_by or 0}), found.judged_by),
        "wrong": found.verdict is AuditVerdict.WRONG,
        "may_undo": context.allows("update:undo"),
        "may_open": context.allows("customer:open"),
    }
    return page(request, "console/audit.html", values, context=context)


@require_POST
@entered("update:undo")
def undo(request: HttpRequest, context: AccessContext, round_id: int, change_id: int) -> HttpResponse:
    """Take a wrong update back: the old values count again, and the breach case is opened."""
    updating.undo(context, change_id=change_id, wrong=True, reason="audit", now=clock.now())
    messages.success(request, _("The old values count again, and a breach case is open."))
    return redirect("console:audit-sample", round_id=round_id)


def _since(context: AccessContext, now: datetime) -> datetime:
    """A new sample goes on where the last one ended, or begins a month ago."""
    last = updating.audits(context, limit=1)
    return last[0].until if last else SampleForm.month_before(now)


def _verdict(given: str) -> AuditVerdict:
    try:
        return AuditVerdict(given)
    except ValueError:
        raise BadInputError(
            _("Nothing was said about this update."), place="verdict", mend=_("Choose one of the three.")
        ) from None


def _worst(found: Accuracy) -> str:
    return at_most_share(found.worst) if found.unknown and found.worst is not None else ""
