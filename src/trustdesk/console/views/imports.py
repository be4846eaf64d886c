"""Lists that come in: given, tried, imported; with progress that can be left and come back to."""

import tempfile
from itertools import islice
from pathlib import Path

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from trustdesk.batch.contracts import Reading
from trustdesk.console.answers import page
from trustdesk.console.import_forms import ListForm
from trustdesk.console.reasons import detail_label, reason_label, state_label
from trustdesk.design.entrance import entered
from trustdesk.design.faults import is_fragment
from trustdesk.design.files import hand_over
from trustdesk.design.streams import streamed
from trustdesk.intake import api as intake
from trustdesk.intake.contracts import IMPORT, Progress, RunState
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import TrustdeskError
from trustdesk.live.contracts import Thing
from trustdesk.register import api as register

UNPROCESSABLE = 422
REJECTS_SHOWN = 50
GOING = frozenset({RunState.WAITING, RunState.RUNNING})


@require_http_methods(["GET", "POST"])
@entered("list:import", "list:preview")
def imports(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """The runs so far; a new list is given here."""
    form = ListForm(request.POST, request.FILES) if request.method == "POST" else ListForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            name = intake.receive(context, file.chunks(), name=file.name, now=clock.now())
            intake.preview(intake.received(context, name), reading=Reading())  # what can't be read is said here
        except TrustdeskError as fault:
            form.add_error("file", f"{fault.message} {fault.mend}".strip())
        else:
            return redirect("console:prepare-import", name=name)
    names = {source.source_id: source.name for source in register.sources(context)}
    runs = [(run, names.get(run.source_id, ""), state_label(run.state)) for run in intake.runs(context)]
    status = UNPROCESSABLE if form.errors else 200
    return page(request, "console/imports.html", {"runs": runs, "form": form}, context=context, status=status)


@require_GET
@entered("list:import", "list:preview")
def run(request: HttpRequest, context: AccessContext, run_id: int) -> HttpResponse:
    """How far it is, and the quality report of the list; the fragment while it goes on."""
    progress = intake.progress(context, run_id)
    values = _report(context, progress, request.GET.get("list", ""))
    if is_fragment(request):
        return render(request, "console/parts/progress.html", values)
    return page(request, "console/import.html", values, context=context)


@streamed("list:import", "list:preview")
def live(_request: HttpRequest, context: AccessContext, run_id: int) -> list[Thing]:
    """Says when the import has come further."""
    intake.progress(context, run_id)
    return [Thing(IMPORT, run_id)]


@require_POST
@entered("list:import")
def import_now(request: HttpRequest, context: AccessContext, run_id: int) -> HttpResponse:
    """After a dry run: the same list, mapping and source, in earnest."""
    tried = intake.progress(context, run_id)
    begun = intake.import_received(
        context,
        name=request.POST.get("list", ""),
        mapping_id=tried.mapping_id,
        source_id=tried.source_id,
        now=clock.now(),
    )
    return redirect("console:import", run_id=begun)


@require_POST
@entered("list:import")
def resume(_request: HttpRequest, context: AccessContext, run_id: int) -> HttpResponse:
    """Go on where it was interrupted."""
    intake.resume(context, run_id=run_id, now=clock.now())
    return redirect("console:import", run_id=run_id)


@require_POST
@entered("list:import", "list:preview")
def cancel(_request: HttpRequest, context: AccessContext, run_id: int) -> HttpResponse:
    """End it; what came in stays."""
    intake.cancel(context, run_id=run_id, now=clock.now())
    return redirect("console:import", run_id=run_id)


@require_GET
@entered("list:import", "list:preview")
def rejects(_request: HttpRequest, context: AccessContext, run_id: int) -> HttpResponseBase:
    """The rejects file: row, column, reason. No contents, so it may be sent on."""
    intake.progress(context, run_id)
    with tempfile.TemporaryDirectory(prefix="trustdesk-rejects-") as folder:
        path = Path(folder) / "rejects.csv"
        intake.write_rejects(path, intake.rejects(context, run_id))
        return hand_over(path, name="rejects.csv", media_type="text/csv; charset=utf-8")


def _report(context: AccessContext, progress: Progress, name: str) -> dict[str, object]:
    counts = progress.counts
    added = _("would be added") if progress.dry_run else _("added")
    going = progress.state in GOING or progress.queued
    ended = progress.state in {RunState.FINISHED, RunState.CANCELLED}
    rejects = [] if going else list(islice(intake.rejects(context, progress.run_id), REJECTS_SHOWN + 1))
    return {
        "run": progress,
        "list": name,
        "state": state_label(progress.state),
        "reason": reason_label(progress.reason),
        "going": going,
        "percent": round(100 * progress.fraction),
        "source": register.source(context, progress.source_id).name,
        "counts": [
            (_("rows read"), counts.rows, ""),
            (added, counts.added, "good"),
            (_("already imported before"), counts.already_imported, ""),
            (_("twice in the list"), counts.duplicate_in_file, "warn"),
            (_("already here"), counts.duplicate_in_register, "warn"),
            (_("not admitted: suppressed or erased"), counts.suppressed, "warn"),
            (_("rejected"), counts.rejected, "bad"),
            (_("with contact points too old"), counts.stale, "warn"),
            (_("with contact points of unknown age"), counts.age_unknown, "warn"),
        ],
        "rejects": [
            (reject, reason_label(reject.reason), detail_label(reject.reason, reject.detail))
            for reject in rejects[:REJECTS_SHOWN]
        ],
        "rejects_further": len(rejects) > REJECTS_SHOWN,
        "may_import": context.allows("list:import"),
        "may_cancel": not ended and context.allows("list:preview" if progress.dry_run else "list:import"),
    }
