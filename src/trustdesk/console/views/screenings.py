"""Lists that are screened: given, asked about, watched, and what they came to, in plain words with the law."""

import tempfile
from pathlib import Path

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from trustdesk.batch.contracts import Reading
from trustdesk.clearance import api as clearance
from trustdesk.console.answers import page
from trustdesk.console.import_forms import ListForm
from trustdesk.console.screening_forms import (
    FilterQuestionForm,
    ListQuestionForm,
    channel_labels,
    engine_labels,
)
from trustdesk.console.screening_words import fault_label, outcome_label, phase_label, state_label, stop_label
from trustdesk.decision.contracts import Outcome
from trustdesk.design.contacting import purpose_name
from trustdesk.design.entrance import entered
from trustdesk.design.faults import is_fragment
from trustdesk.design.files import hand_over
from trustdesk.intake import api as intake
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import TrustdeskError
from trustdesk.kernel.ids import to_public
from trustdesk.screening import api as screening
from trustdesk.screening.contracts import Progress, RuleWord, RunState

UNPROCESSABLE = 422
GOING = frozenset({RunState.WAITING, RunState.RUNNING})
_TONES = {Outcome.PERMIT: "good", Outcome.UNDECIDED: "warn", Outcome.DENY: "bad"}


@require_http_methods(["GET", "POST"])
@entered("list:screen")
def screenings(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """The screenings so far; a new list is given here."""
    form = ListForm(request.POST, request.FILES) if request.method == "POST" else ListForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            name = intake.receive(context, file.chunks(), name=file.name, now=clock.now())
        except TrustdeskError as fault:
            form.add_error("file", f"{fault.message} {fault.mend}".strip())
        else:
            return redirect("console:prepare-screening", name=name)
    labels = {one.code: purpose_name(one) for one in clearance.purposes(context)}
    runs = [
        (run, labels.get(run.ask.purpose, run.ask.purpose), channel_labels()[run.ask.channel], state_label(run.state))
        for run in screening.runs(context)
    ]
    values = {"runs": runs, "form": form, "filters": screening.filters(context)}
    status = UNPROCESSABLE if form.errors else 200
    return page(request, "console/screenings.html", values, context=context, status=status)


@require_http_methods(["GET", "POST"])
@entered("list:screen")
def prepare(request: HttpRequest, context: AccessContext, name: str) -> HttpResponse:
    """What the columns hold, and what is asked."""
    form = ListQuestionForm(
        request.POST if request.method == "POST" else None,
        purposes=clearance.purposes(context),
        preview=intake.preview(intake.received(context, name), reading=Reading()),
    )
    if request.method == "POST" and form.is_valid():
        try:
            run_id = screening.order_received(context, name=name, layout=form.layout(), ask=form.ask(), now=clock.now())
        except TrustdeskError as fault:
            form.add_error(None, f"{fault.message} {fault.mend}".strip())
        else:
            return redirect("console:screening", run_id=run_id)
    return _question(request, context, form)


@require_http_methods(["GET", "POST"])
@entered("list:screen")
def prepare_filter(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """What is asked about the customers that a saved filter means."""
    form = FilterQuestionForm(
        request.POST if request.method == "POST" else None,
        purposes=clearance.purposes(context),
        filters=screening.filters(context),
    )
    if request.method == "POST" and form.is_valid():
        try:
            run_id = screening.order_filter(context, filter_id=form.filter_id(), ask=form.ask(), now=clock.now())
        except TrustdeskError as fault:
            form.add_error(None, f"{fault.message} {fault.mend}".strip())
        else:
            return redirect("console:screening", run_id=run_id)
    return _question(request, context, form)


def _question(
    request: HttpRequest, context: AccessContext, form: ListQuestionForm | FilterQuestionForm
) -> HttpResponse:
    values = {"form": form, "columns": form.columns() if isinstance(form, ListQuestionForm) else ()}
    status = UNPROCESSABLE if form.errors else 200
    return page(request, "console/prepare_screening.html", values, context=context, status=status)


@require_GET
@entered("list:screen")
def run(request: HttpRequest, context: AccessContext, run_id: int) -> HttpResponse:
    """How far it is, and what it came to. htmx asks for the fragment each second while it goes on."""
    values = _shown(context, screening.progress(context, run_id))
    if is_fragment(request):
        return render(request, "console/parts/screening.html", values)
    return page(request, "console/screening.html", values, context=context)


@require_POST
@entered("list:screen")
def cancel(_request: HttpRequest, context: AccessContext, run_id: int) -> HttpResponse:
    """End it; its verdicts so far are deleted."""
    screening.cancel(context, run_id=run_id, now=clock.now())
    return redirect("console:screening", run_id=run_id)


@require_POST
@entered("list:screen")
def resume(_request: HttpRequest, context: AccessContext, run_id: int) -> HttpResponse:
    """Go on where it was stopped or interrupted."""
    screening.resume(context, run_id=run_id, now=clock.now())
    return redirect("console:screening", run_id=run_id)


@require_POST
@entered("list:screen")
def again(_request: HttpRequest, context: AccessContext, run_id: int) -> HttpResponse:
    """The same question to the same list, as things stand now."""
    earlier = screening.progress(context, run_id)
    begun = screening.order_again(context, list_id=earlier.list_id, ask=earlier.ask, now=clock.now())
    return redirect("console:screening", run_id=begun)


@require_POST
@entered("list:screen")
def verdicts(request: HttpRequest, context: AccessContext, run_id: int) -> HttpResponseBase:
    """The verdicts row by row, for who gave the list: rows, columns, verdicts, rules; no contents."""
    del request
    with tempfile.TemporaryDirectory(prefix="trustdesk-verdicts-") as folder:
        path = Path(folder) / "verdicts.csv"
        screening.write_verdicts(path, screening.hand_over(context, run_id=run_id, now=clock.now()))
        return hand_over(path, name=f"verdicts-{to_public(run_id)}.csv", media_type="text/csv; charset=utf-8")


@require_GET
@entered("list:screen")
def summary(_request: HttpRequest, context: AccessContext, run_id: int) -> HttpResponse:
    """The signed summary, to hand on: it verifies offline."""
    text = screening.report(context, run_id).summary
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="screening-{to_public(run_id)}.txt"'
    return response


def _shown(context: AccessContext, progress: Progress) -> dict[str, object]:
    labels = {one.code: purpose_name(one) for one in clearance.purposes(context)}
    finished = progress.state is RunState.FINISHED
    report = screening.report(context, progress.run_id) if finished else None
    return {
        "run": progress,
        "purpose": labels.get(progress.ask.purpose, progress.ask.purpose),
        "channel": channel_labels()[progress.ask.channel],
        "engine": engine_labels()[progress.ask.engine],
        "state": state_label(progress.state),
        "phase": phase_label(progress.phase),
        "reason": stop_label(progress.reason),
        "going": progress.state in GOING,
        "finished": finished,
        "fresh": finished and _fresh(progress),
        "percent": round(100 * progress.fraction),
        "counts": [(outcome_label(outcome), progress.counts.get(outcome, 0), _TONES[outcome]) for outcome in _TONES],
        "words": [(outcome_label(one.outcome), _TONES[one.outcome], one, _sentence(one)) for one in report.words]
        if report
        else [],
        "faults": [(fault_label(fault), count) for fault, count in report.faults.items()] if report else [],
        "summary": report.summary if report else "",
    }


def _fresh(progress: Progress) -> bool:
    try:
        screening.check_fresh(progress, now=clock.now())
    except TrustdeskError:
        return False
    return True


def _sentence(word: RuleWord) -> str:
    """Why, in the reader's language."""
    return _(word.message) % word.parameters if word.parameters else _(word.message)
