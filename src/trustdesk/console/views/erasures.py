"""Erasures: which are open, what each would destroy and keep, how far it is; and who nearly came back."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from trustdesk.accounts import api as accounts
from trustdesk.console.answers import page
from trustdesk.console.erasure_forms import BecauseForm
from trustdesk.console.erasure_words import (
    STEP_TONES,
    TONES,
    cause_label,
    kinds_label,
    place_label,
    state_label,
    step_detail,
    step_label,
    step_state_label,
    verdict_label,
)
from trustdesk.design.entrance import entered
from trustdesk.design.erasing import capability_label, what_label
from trustdesk.design.happenings import operator_name
from trustdesk.erasure import api
from trustdesk.erasure.contracts import PlanLine, PlanState, PlanView, SightingView, StepState, StepView, Verdict
from trustdesk.intake import api as intake
from trustdesk.intake.contracts import Progress
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError
from trustdesk.kernel.registries import Fate
from trustdesk.register import api as register

OPERATION = "erasure:run"
_BEFORE = frozenset({PlanState.DRAWN, PlanState.APPROVED, PlanState.HELD})
_HOLDABLE = frozenset({PlanState.APPROVED, PlanState.RUNNING, PlanState.FAILED})


@require_GET
@entered(OPERATION)
def erasures(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """The plans, newest first, all or those in one state; alarms above them. Opens nothing."""
    wanted = request.GET.get("state", "")
    state = PlanState(wanted) if wanted in set(PlanState) else None
    values = {
        "rows": [_row(plan) for plan in api.plans(context, state=state)],
        "states": [(each.value, state_label(each), each is state) for each in PlanState],
        "chosen": state is not None,
        "alarms": _alarms(context),
    }
    return page(request, "console/erasures.html", values, context=context)


@require_GET
@entered(OPERATION)
def erasure(request: HttpRequest, context: AccessContext, plan_id: int) -> HttpResponse:
    """One plan: what goes, what stays and by which law, its steps, and who was told."""
    return _page(request, context, api.plan(context, plan_id))


@require_POST
@entered(OPERATION)
def approve(request: HttpRequest, context: AccessContext, plan_id: int) -> HttpResponse:
    """Let it run."""
    api.approve(context, plan_id=plan_id, now=clock.now())
    messages.success(request, _("Approved. It begins now, and this page shows how far it is."))
    return redirect("console:erasure", plan_id=plan_id)


@require_POST
@entered(OPERATION)
def dismiss(request: HttpRequest, context: AccessContext, plan_id: int) -> HttpResponse:
    """Close it before it has begun."""
    return _because(request, plan_id, api.dismiss, context, _("Dismissed. Nothing was destroyed."))


@require_POST
@entered(OPERATION)
def hold(request: HttpRequest, context: AccessContext, plan_id: int) -> HttpResponse:
    """Stop it before its next step."""
    return _because(request, plan_id, api.hold, context, _("Held. Nothing more is destroyed until it is released."))


@require_POST
@entered(OPERATION)
def release(request: HttpRequest, context: AccessContext, plan_id: int) -> HttpResponse:
    """Let it go on."""
    api.release(context, plan_id=plan_id, now=clock.now())
    messages.success(request, _("Released. It goes on within a minute, unless a legal hold stops it."))
    return redirect("console:erasure", plan_id=plan_id)


@require_POST
@entered(OPERATION)
def received(request: HttpRequest, context: AccessContext, plan_id: int, told_id: int) -> HttpResponse:
    """Somebody told the recipient, who has it."""
    api.received(context, told_id=told_id, now=clock.now())
    messages.success(request, _("Recorded that the recipient knows."))
    return redirect("console:erasure", plan_id=plan_id)


@require_POST
@entered(OPERATION)
def seen(request: HttpRequest, context: AccessContext, sighting_id: int) -> HttpResponse:
    """Somebody has looked at the alarm."""
    api.seen(context, sighting_id=sighting_id, now=clock.now())
    messages.success(request, _("The alarm is over until it happens again."))
    return redirect("console:erasures")


def _alarms(context: AccessContext) -> list[dict[str, object]]:
    """With where the data came from. Who came in nobody can say: the gate is asked before there is a number."""
    seen = api.sightings(context)
    names = {source.source_id: source.name for source in register.sources(context)} if seen else {}
    runs = intake.runs(context) if seen and context.allows("list:preview") else ()
    return [
        {
            "seen": each,
            "verdict": verdict_label(each.verdict),
            "tone": "bad" if each.verdict is Verdict.ERASED else "warn",
            "kinds": kinds_label(each.kinds),
            "place": place_label(each.place),
            "source": names.get(each.source_id, ""),
            "run": _run_of(each, runs),
        }
        for each in seen
    ]


def _run_of(seen: SightingView, runs: Sequence[Progress]) -> int | None:
    """The newest import from this source that had begun when somebody was met last."""
    if seen.place != "import":
        return None
    own = (run for run in runs if run.source_id == seen.source_id and run.started_at <= seen.last_at)
    return next((run.run_id for run in own), None)


def _because(
    request: HttpRequest, plan_id: int, deed: Callable[..., PlanView], context: AccessContext, words: str
) -> HttpResponse:
    form = BecauseForm(request.POST)
    if not form.is_valid():
        raise BadInputError(_("This needs a reason."), place="because", mend=_("A file number or a ground: no names."))
    now: datetime = clock.now()
    deed(context, plan_id=plan_id, because=form.cleaned_data["because"], now=now)
    messages.success(request, words)
    return redirect("console:erasure", plan_id=plan_id)


def _page(request: HttpRequest, context: AccessContext, plan: PlanView) -> HttpResponse:
    names = accounts.names({operator for operator in (plan.drawn_by, plan.approved_by) if operator})
    values = {
        "plan": plan,
        "row": _row(plan),
        "going": _lines(line for line in plan.lines if line.fate is Fate.GOES),
        "kept": _lines(plan.kept),
        "steps": [_step(step) for step in plan.steps],
        "told": api.told(context, plan.plan_id),
        "drawn_by": operator_name(names, plan.drawn_by) if plan.drawn_by else "",
        "approved_by": operator_name(names, plan.approved_by) if plan.approved_by else "",
        "preparing": plan.state is PlanState.DRAWN
        and any(step.prepare and step.state is not StepState.DONE for step in plan.steps),
        "may_approve": plan.state is PlanState.DRAWN,
        "may_dismiss": plan.state in _BEFORE and plan.begun_at is None,
        "may_hold": plan.state in _HOLDABLE and plan.erased_at is None,
        "may_release": plan.state is PlanState.HELD,
        "dismiss_form": BecauseForm(auto_id="dismiss-%s"),
        "hold_form": BecauseForm(auto_id="hold-%s"),
    }
    return page(request, "console/erasure.html", values, context=context)


def _row(plan: PlanView) -> Mapping[str, object]:
    return {
        "plan": plan,
        "state": state_label(plan.state),
        "tone": TONES[plan.state],
        "cause": cause_label(plan.cause),
        "going": sum(line.count for line in plan.lines if line.fate is Fate.GOES),
        "kept": sum(line.count for line in plan.kept),
    }


def _lines(lines: Iterable[PlanLine]) -> list[Mapping[str, object]]:
    return [
        {"line": line, "capability": capability_label(line.capability), "what": what_label(line.what)} for line in lines
    ]


def _step(step: StepView) -> Mapping[str, object]:
    return {
        "step": step,
        "label": step_label(step.name),
        "detail": step_detail(step.detail),
        "state": step_state_label(step.state),
        "tone": STEP_TONES[step.state],
        "counts": [(what_label(what), many) for what, many in sorted(step.counts.items()) if many],
    }
