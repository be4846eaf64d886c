"""How long what is kept: the rules, what is over by them, runs that delete it, and the numbers that stay."""

from collections.abc import Callable
from datetime import datetime

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from trustdesk.accounts import api as accounts
from trustdesk.clearance import api as clearance
from trustdesk.console.answers import page
from trustdesk.console.retention_forms import RuleForm, RunForm
from trustdesk.design import retention as words
from trustdesk.design.contacting import purpose_name
from trustdesk.design.entrance import entered
from trustdesk.design.faults import is_fragment, refused
from trustdesk.design.happenings import operator_name
from trustdesk.design.purposes import term_label
from trustdesk.design.streams import streamed
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import TrustdeskError
from trustdesk.live.contracts import Thing
from trustdesk.register import api as register
from trustdesk.retention import api
from trustdesk.retention.contracts import RUN, RunState, RunView

WORK = "retention:work"
UNPROCESSABLE = 422


@require_GET
@entered(WORK)
def retention(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """All of it on one page; the runs alone while one is on its way."""
    if is_fragment(request):
        return render(request, "console/parts/retention_runs.html", _runs(context))
    return _page(request, context)


@streamed(WORK)
def live(_request: HttpRequest, context: AccessContext) -> list[Thing]:
    """Says when the run on its way has come further."""
    return [Thing(RUN, run.run_id) for run in api.runs(context, limit=1)]


@require_POST
@entered(WORK)
def set_rule(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """From now on something is kept so long."""
    form = RuleForm(request.POST, kinds=api.kinds(), purposes=_purposes(context))
    _check(request)
    if form.is_valid() and _done(form, lambda: api.set_rule(context, new=form.rule(), now=clock.now())):
        messages.success(request, _("In force. Nothing is deleted by it before somebody has started a run."))
        return redirect("console:retention")
    return _page(request, context, rule_form=form, status=UNPROCESSABLE)


@require_POST
@entered(WORK)
def end_rule(request: HttpRequest, context: AccessContext, rule_id: int) -> HttpResponse:
    """A rule less: what it alone let go stays from now on."""
    _check(request)
    api.end_rule(context, rule_id=rule_id, now=clock.now())
    messages.success(request, _("Ended: what it alone let go stays."))
    return redirect("console:retention")


@require_POST
@entered(WORK)
def start(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """Delete what is over, as it was counted."""
    form = RunForm(request.POST)
    _check(request)
    if form.is_valid() and _done(form, lambda: _started(context, form, clock.now())):
        messages.success(request, _("Started. You can leave this page; it goes on."))
        return redirect("console:retention")
    return _page(request, context, run_form=form, status=UNPROCESSABLE)


@require_POST
@entered(WORK)
def stop(request: HttpRequest, context: AccessContext, run_id: int) -> HttpResponse:
    """No further; what went is gone."""
    _check(request)
    api.stop(context, run_id=run_id, now=clock.now())
    messages.success(request, _("Stopped."))
    return redirect("console:retention")


def _started(context: AccessContext, form: RunForm, now: datetime) -> RunView:
    return api.start(context, digest=form.cleaned_data["digest"], most=form.cleaned_data["most"], now=now)


def _check(request: HttpRequest) -> None:
    accounts.check_elevated(request, WORK, now=clock.now())


def _done(form: forms.Form, act: Callable[[], object]) -> bool:
    try:
        act()
    except TrustdeskError as fault:
        refused(form, fault)
        return False
    return True


def _page(
    request: HttpRequest,
    context: AccessContext,
    *,
    rule_form: RuleForm | None = None,
    run_form: RunForm | None = None,
    status: int = 200,
) -> HttpResponse:
    now = clock.now()
    seen, purposes = api.preview(context, now=now), _purposes(context)
    names = dict(purposes)
    rules = api.rules(context)
    values = {
        "due": [(one, words.kind_label(one.kind)) for one in seen.due],
        "total": seen.total,
        "more": any(one.more for one in seen.due),
        "rules": [
            {
                "rule": rule,
                "kind": words.kind_label(rule.kind),
                "length": words.length(rule.months),
                "counted": words.counted_from_label(rule.kind),
                "year_end": rule.counted_from == "year_end",
                "purpose": names.get(rule.purpose, rule.purpose),
                "ground": words.ground_label(rule.ground),
            }
            for rule in rules
        ],
        "without": sorted(words.kind_label(kind) for kind in set(api.kinds()) - {rule.kind for rule in rules}),
        "tallies": [(tally, words.kind_label(tally.kind)) for tally in api.tallies(context, limit=36)],
        "rule_form": rule_form or RuleForm(kinds=api.kinds(), purposes=purposes),
        "run_form": run_form or RunForm(initial={"digest": seen.digest}),
        "may_manage": True,
        "elevated_until": accounts.elevated_until(request, now=now),
        **_runs(context),
    }
    return page(request, "console/retention.html", values, context=context, status=status)


def _runs(context: AccessContext) -> dict[str, object]:
    runs = api.runs(context, limit=10)
    names = accounts.names({run.started_by for run in runs if run.started_by})
    return {
        "going": next((run for run in runs if run.state is RunState.RUNNING), None),
        "runs": [
            {
                "run": run,
                "state": words.state_words(run.state),
                "by": operator_name(names, run.started_by),
                "kinds": [(words.kind_label(kind), count) for kind, count in run.by_kind],
                "now": words.kind_label(run.kind) if run.kind else "",
                "percent": min(100, 100 * run.dropped // run.planned) if run.planned else 100,
            }
            for run in runs
        ],
    }


def _purposes(context: AccessContext) -> list[tuple[str, str]]:
    """What something can be held for: the company's purposes, and those its attributes name."""
    own = [(purpose.code, purpose_name(purpose)) for purpose in clearance.purposes(context)]
    terms = {term for attribute in register.catalog(context) for term in attribute.purposes}
    return own + sorted(((term, term_label(term)) for term in terms), key=lambda choice: choice[1])
