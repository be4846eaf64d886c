"""Ordering an import: run here and now, or as a job."""

from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext as _

from trustdesk.intake import selectors, tasks
from trustdesk.intake.contracts import Progress, RunState
from trustdesk.intake.services import files, runs
from trustdesk.intake.services.drive import CHUNK_ROWS, Listener, drive
from trustdesk.intake.services.running import RunKey
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import ConflictError


def import_file(
    context: AccessContext,
    *,
    path: Path,
    mapping_id: int,
    source_id: int,
    now: datetime,
    dry_run: bool = False,
    processes: int | None = None,
    chunk_rows: int = CHUNK_ROWS,
    listener: Listener | None = None,
) -> Progress:
    """Import a list here and now; how it ended. Needs `list:import`, for a dry run `list:preview`.

    The same file, mapping and source a second time add nobody: a finished import is shown as it ended, one that was
    stopped or killed goes on after its last committed chunk of `chunk_rows` rows. `processes` is by default one for
    a small list, else the number of processors, four at most; `listener` is told after each chunk.

    Raises UnreadableFileError and BadInputError for the list and the mapping, ConflictError where the list is being
    imported at this moment, StoppedError and StorageFullError where the machine failed: what is committed is kept.
    """
    key = runs.begin(context, path=path, mapping_id=mapping_id, source_id=source_id, dry_run=dry_run, now=now)
    return drive(key, path, processes=processes, chunk_rows=chunk_rows, listener=listener)


def import_received(
    context: AccessContext, *, name: str, mapping_id: int, source_id: int, now: datetime, dry_run: bool = False
) -> int:
    """Order the import of a list that `receive` stored; the import's id, for `progress`. Needs `list:import`, for a dry
    run `list:preview`. The job is ordered in the transaction that begins the import: both, or neither.
    """
    path = files.received(context, name)
    with scoped(context.scope):
        key = runs.begin(
            context,
            path=path,
            mapping_id=mapping_id,
            source_id=source_id,
            dry_run=dry_run,
            now=now,
            uploaded=name,
        )
        if runs.find(context, key.run_id).state != RunState.FINISHED:
            _order(key)
    return key.run_id


def resume(context: AccessContext, *, run_id: int, now: datetime) -> None:
    """Order a stopped or interrupted import to go on. ConflictError where it runs, has finished, or where its list was
    not uploaded (then the command line that began it goes on). Needs `list:import`.
    """
    context.check_operation("list:import")
    with scoped(context.scope):
        run = runs.find(context, run_id)
        if not selectors.progress(context, run_id).resumable:
            raise ConflictError(_("This import can't be taken up from here."), place="import")
        key = runs.begin(
            context,
            path=files.received(context, run.uploaded),
            mapping_id=run.mapping_id,
            source_id=run.source_id,
            dry_run=run.dry_run,
            now=now,
            uploaded=run.uploaded,
        )
        _order(key)


def cancel(context: AccessContext, *, run_id: int, now: datetime) -> None:
    """End an import: rows that have not come in stay out, those that have stay, with their origin. An uploaded list is
    deleted. Needs `list:import`, for a dry run `list:preview`.

    No chunk begins any more once this has returned; those being worked on are still committed. ConflictError where it
    has finished or was cancelled before. To order the same list again is to take in the rest.
    """
    with scoped(context.scope):
        run = runs.find(context, run_id)
        context.check_operation("list:preview" if run.dry_run else "list:import")
        if run.state in {RunState.FINISHED, RunState.CANCELLED}:
            raise ConflictError(_("This import has ended already."), place="import")
        uploaded = run.uploaded
        runs.cancel(context, run, now=now)
        if uploaded:
            files.forget(context, uploaded, now=now)


def _order(key: RunKey) -> None:
    tasks.run.defer(
        controller_id=key.controller_id,
        run_id=key.run_id,
        source_id=key.source_id,
        dry_run=key.dry_run,
        purpose=key.purpose,
        operator_id=key.operator_id,
        mandate_id=key.mandate_id,
    )
