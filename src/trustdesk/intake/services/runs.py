"""The life of an import: begun, run, stopped or finished, each with its entry in the log."""

from dataclasses import asdict
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from trustdesk.batch.api import check_same, kind_of, mark
from trustdesk.batch.contracts import FileMark, ListFile
from trustdesk.intake.contracts import IMPORT, Counts, RunState, SavedMapping
from trustdesk.intake.models import Run
from trustdesk.intake.selectors import saved_mapping
from trustdesk.intake.services.running import CancelledError, RunKey
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, NotFoundError
from trustdesk.kernel.ids import new_id
from trustdesk.live.api import announce
from trustdesk.live.contracts import Thing
from trustdesk.register import api as register
from trustdesk.register.contracts import SourceKind


def begin(
    context: AccessContext,
    *,
    path: ListFile,
    mapping_id: int,
    source_id: int,
    dry_run: bool,
    now: datetime,
    uploaded: str = "",
) -> RunKey:
    """The import of this file by this mapping from this source: a new one, or the one begun before. Needs
    `list:import` (for a dry run `list:preview`).

    A list without a source is not imported; a source that names the customers themselves is none for a list.
    """
    context.check_operation("list:preview" if dry_run else "list:import")
    found = mark(path)
    saved = saved_mapping(context, mapping_id)
    kind = kind_of(path, saved.mapping.reading.kind)
    source = register.source(context, source_id)
    if source.kind is SourceKind.DIRECT:
        raise BadInputError(
            _("A list does not come from the customers directly."),
            place="source",
            mend=_("Name the system, company or seller that the list comes from, with its evidence."),
        )
    with scoped(context.scope):
        run = _found_or_made(context, found, saved, source_id, dry_run=dry_run, kind=kind, now=now, uploaded=uploaded)
        if run.state != RunState.FINISHED:
            # Whoever goes on with an import does it under an own mandate, and is the one the log names.
            _change(
                run,
                state=RunState.WAITING.value if run.state == RunState.CANCELLED else run.state,
                operator_id=context.operator_id,
                mandate_id=context.mandate_id,
                purpose=context.purpose,
                uploaded=uploaded or run.uploaded,
                file_modified_ns=found.modified_ns,
            )
            context.journal.deed(
                context,
                "intake.begun",
                detail={
                    "run": run.id,
                    "source": source_id,
                    "mapping": mapping_id,
                    "file": found.sha256.hex(),
                    "dry_run": dry_run,
                },
            )
    return key_of(run)


def _found_or_made(
    context: AccessContext,
    found: FileMark,
    saved: SavedMapping,
    source_id: int,
    *,
    dry_run: bool,
    kind: str,
    now: datetime,
    uploaded: str,
) -> Run:
    same = {
        "controller_id": context.controller_id,
        "file_sha256": found.sha256,
        "mapping_digest": saved.mapping.digest,
        "source_id": source_id,
        "dry_run": False,
    }
    if not dry_run:
        known = Run.objects.filter(**same).first()
        if known is not None:
            return known
    run = Run(
        **{**same, "dry_run": dry_run},
        id=new_id(),
        file_size=found.size,
        file_modified_ns=found.modified_ns,
        uploaded=uploaded,
        file_kind=kind,
        mapping_id=saved.mapping_id,
        purpose=context.purpose,
        operator_id=context.operator_id,
        mandate_id=context.mandate_id,
        state=RunState.WAITING.value,
        started_at=now,
        updated_at=now,
    )
    try:
        with transaction.atomic():
            run.save(force_insert=True)
    except IntegrityError:
        return Run.objects.get(**same)  # begun twice in the same moment: the other one was first
    return run


def key_of(run: Run) -> RunKey:
    return RunKey(
        controller_id=run.controller_id,
        run_id=run.id,
        source_id=run.source_id,
        dry_run=run.dry_run,
        purpose=run.purpose,
        operator_id=run.operator_id,
        mandate_id=run.mandate_id,
    )


def find(context: AccessContext, run_id: int) -> Run:
    with scoped(context.scope):
        run = Run.objects.filter(controller_id=context.controller_id, id=run_id).first()
    if run is None:
        raise NotFoundError(_("There is no such import."), place="import")
    return run


def file_mark(run: Run) -> FileMark:
    return FileMark(run.file_size, run.file_modified_ns, bytes(run.file_sha256))


def check_file(run: Run, path: ListFile) -> None:
    """Raise UnreadableFileError unless the file is, byte for byte, the one the import was begun with."""
    check_same(path, file_mark(run))


def start(context: AccessContext, run: Run, *, now: datetime) -> None:
    """CancelledError where somebody cancelled it meanwhile."""
    with scoped(context.scope):
        if not _tell(context, run, going=True, state=RunState.RUNNING.value, reason="", place="", updated_at=now):
            raise CancelledError


def stop(context: AccessContext, run: Run, *, reason: str, place: str, now: datetime) -> None:
    """Record why it can't go on; nothing where somebody cancelled it meanwhile."""
    with scoped(context.scope):
        if _tell(context, run, going=True, state=RunState.STOPPED.value, reason=reason, place=place, updated_at=now):
            context.journal.deed(context, "intake.stopped", detail={"run": run.id, "reason": reason})


def finish(context: AccessContext, run: Run, *, counts: Counts, now: datetime) -> None:
    """CancelledError where somebody cancelled it meanwhile."""
    with scoped(context.scope):
        if not _tell(context, run, going=True, state=RunState.FINISHED.value, finished_at=now, updated_at=now):
            raise CancelledError
        context.journal.deed(
            context, "intake.finished", detail={"run": run.id, "dry_run": run.dry_run, **asdict(counts)}
        )


def cancel(context: AccessContext, run: Run, *, now: datetime) -> None:
    with scoped(context.scope):
        _tell(context, run, state=RunState.CANCELLED.value, reason="", place="", uploaded="", updated_at=now)
        context.journal.deed(context, "intake.cancelled", detail={"run": run.id, "dry_run": run.dry_run})


def check_going(context: AccessContext, run_id: int) -> None:
    """Raise CancelledError where somebody ended the import since it began."""
    if find(context, run_id).state == RunState.CANCELLED:
        raise CancelledError


def _tell(context: AccessContext, run: Run, *, going: bool = False, **values: object) -> bool:
    """Change the import and tell the pages that show it."""
    changed = _change(run, going=going, **values)
    announce(context, Thing(IMPORT, run.id))
    return changed


def _change(run: Run, *, going: bool = False, **values: object) -> bool:
    """Write the values; with `going` only where nobody cancelled the import meanwhile. Whether they were written."""
    rows = Run.objects.filter(controller_id=run.controller_id, id=run.id)
    if going:
        rows = rows.exclude(state=RunState.CANCELLED.value)
    if not rows.update(**values):
        return False
    for name, value in values.items():
        setattr(run, name, value)
    return True
