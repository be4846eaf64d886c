"""Runs and numbers, as pages show them."""

from collections.abc import Sequence

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.retention.contracts import RunState, RunView, Tally
from trustdesk.retention.models import Run
from trustdesk.retention.models import Tally as TallyRow
from trustdesk.retention.services.setting import OPERATION


def runs(context: AccessContext, *, limit: int) -> Sequence[RunView]:
    """See `retention.api.runs`."""
    context.check_operation(OPERATION)
    with scoped(context.scope):
        rows = Run.objects.filter(controller_id=context.controller_id).order_by("-started_at", "-id")
        return [view(row) for row in rows[:limit]]


def tallies(context: AccessContext, *, limit: int) -> Sequence[Tally]:
    """See `retention.api.tallies`."""
    context.check_operation(OPERATION)
    with scoped(context.scope):
        rows = TallyRow.objects.filter(controller_id=context.controller_id).order_by("-month", "kind")
        return [Tally(row.month, row.kind, row.count) for row in rows[:limit]]


def view(row: Run) -> RunView:
    return RunView(
        run_id=row.id,
        state=RunState(row.state),
        most=row.most,
        planned=row.planned,
        dropped=row.dropped,
        kind=row.kind,
        started_at=row.started_at,
        started_by=row.started_by,
        ended_at=row.ended_at,
        by_kind=tuple(sorted(row.by_kind.items())),
    )
