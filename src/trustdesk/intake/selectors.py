"""Reading what became of lists. Nothing here writes."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from procrastinate.contrib.django.models import ProcrastinateJob

from trustdesk.intake.contracts import (
    Counts,
    Progress,
    Reject,
    RunState,
    SavedMapping,
    mapping_from_json,
)
from trustdesk.intake.models import Reject as RejectRow
from trustdesk.intake.models import Run
from trustdesk.intake.models import SavedMapping as MappingRow
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError

_COUNTS = tuple(Counts.__slots__)
_SUMS = (
    "SELECT run_id, max(fraction), max(committed_at), "  # noqa: S608 -- the names are our own
    + ", ".join(f"coalesce(sum({name}), 0)::bigint" for name in _COUNTS)
    + " FROM intake_chunk WHERE controller_id = %s AND run_id = ANY(%s) GROUP BY run_id"
)
_REJECTS_AT_ONCE = 5_000


def saved_mapping(context: AccessContext, mapping_id: int) -> SavedMapping:
    """One mapping, also an older one of its name. NotFoundError where there is none."""
    with scoped(context.scope):
        row = MappingRow.objects.filter(controller_id=context.controller_id, id=mapping_id).first()
    if row is None:
        raise NotFoundError(_("There is no such mapping."), place="mapping")
    return _mapping(row)


def mappings(context: AccessContext) -> Sequence[SavedMapping]:
    """The newest mapping of each name, by name; without the names that were deleted."""
    with scoped(context.scope):
        rows = list(
            MappingRow.objects.filter(controller_id=context.controller_id)
            .order_by("name", "-saved_at")
            .distinct("name")
        )
    return [_mapping(row) for row in rows if row.retired_at is None]


def _mapping(row: MappingRow) -> SavedMapping:
    return SavedMapping(
        mapping_id=row.id,
        mapping=mapping_from_json(row.name, json.loads(row.said)),
        saved_at=row.saved_at,
        saved_by=row.saved_by,
    )


def progress(context: AccessContext, run_id: int) -> Progress:
    """How far an import is, and its quality report so far; opens nothing. Needs `list:preview`.

    NotFoundError where there is no such import to be seen from the context's controller.
    """
    context.check_operation("list:preview")
    with scoped(context.scope):
        row = Run.objects.filter(controller_id=context.controller_id, id=run_id).first()
        if row is None:
            raise NotFoundError(_("There is no such import."), place="import")
        return _progresses(context, [row])[0]


def runs(context: AccessContext, *, before: int | None = None, limit: int = 50) -> Sequence[Progress]:
    """The controller's imports and dry runs, newest first, those begun before the one given. Needs `list:preview`."""
    context.check_operation("list:preview")
    with scoped(context.scope):
        rows = Run.objects.filter(controller_id=context.controller_id)
        if before is not None:
            rows = rows.filter(id__lt=before)
        return _progresses(context, list(rows.order_by("-id")[:limit]))


def rejects(context: AccessContext, run_id: int, *, after: int = 0) -> Iterator[Reject]:
    """The rows that were not taken, in the order of the list, those after row `after`; no contents. Needs
    `list:preview`.
    """
    context.check_operation("list:preview")
    while True:
        with scoped(context.scope):
            page = list(
                RejectRow.objects.filter(
                    controller_id=context.controller_id, run_id=run_id, row_number__gt=after
                ).order_by("row_number")[:_REJECTS_AT_ONCE]
            )
        for row in page:
            yield Reject(row.row_number, row.column_name, row.reason, row.detail)
        if len(page) < _REJECTS_AT_ONCE:
            return
        after = page[-1].row_number


def done_chunks(context: AccessContext, run_id: int) -> set[int]:
    """The numbers of the chunks that are committed."""
    with scoped(context.scope), connection.cursor() as cursor:
        cursor.execute(
            "SELECT number FROM intake_chunk WHERE controller_id = %s AND run_id = %s",
            [context.controller_id, run_id],
        )
        return {number for (number,) in cursor.fetchall()}


def _progresses(context: AccessContext, rows: Sequence[Run]) -> list[Progress]:
    sums: dict[int, tuple[Any, ...]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_SUMS, [context.controller_id, [row.id for row in rows]])
        sums = {found[0]: found[1:] for found in cursor.fetchall()}
    return [_progress(row, sums.get(row.id), _states(row)) for row in rows]


def _states(row: Run) -> RunState:
    state = RunState(row.state)
    if state is not RunState.RUNNING:
        return state
    with connection.cursor() as cursor:
        # Whoever runs it holds its advisory lock; the view shows it without taking it.
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1"
            " AND classid::bigint = %s AND objid::bigint = %s)",
            [row.id >> 32, row.id & 0xFFFFFFFF],
        )
        (held,) = cursor.fetchone() or (False,)
    return RunState.RUNNING if held else RunState.INTERRUPTED


def _progress(row: Run, sums: tuple[Any, ...] | None, state: RunState) -> Progress:
    fraction, committed_at, counts = _summed(row.started_at, sums)
    return Progress(
        run_id=row.id,
        state=state,
        reason=row.reason,
        place=row.place,
        dry_run=row.dry_run,
        source_id=row.source_id,
        mapping_id=row.mapping_id,
        file_digest=bytes(row.file_sha256).hex(),
        file_size=row.file_size,
        fraction=1.0 if state is RunState.FINISHED else fraction,
        counts=counts,
        started_at=row.started_at,
        updated_at=max(row.updated_at, committed_at),
        finished_at=row.finished_at,
        operator_id=row.operator_id,
        resumable=bool(row.uploaded) and state in {RunState.STOPPED, RunState.INTERRUPTED},
        queued=state is RunState.INTERRUPTED and _queued(row.id),
    )


def _queued(run_id: int) -> bool:
    """Whether the worker will take it up: its job waits, or is in the hands of a worker that died."""
    return ProcrastinateJob.objects.filter(
        task_name="intake.run", status__in=["todo", "doing"], args__run_id=run_id
    ).exists()


def _summed(started_at: datetime, sums: tuple[Any, ...] | None) -> tuple[float, datetime, Counts]:
    if sums is None:
        return 0.0, started_at, Counts()
    fraction, committed_at, *numbers = sums
    named: Mapping[str, int] = dict(zip(_COUNTS, numbers, strict=True))
    return fraction, committed_at, Counts(**named)
