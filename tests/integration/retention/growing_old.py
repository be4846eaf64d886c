"""Runs of retention as a person starts them and the worker carries them out."""

from datetime import datetime, timedelta

from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.retention import api as retention
from trustdesk.retention.contracts import NewRule, RunView
from trustdesk.retention.services import running


def later(days: int = 60) -> datetime:
    """When all that is there now is older than a month."""
    return clock.now() + timedelta(days=days)


def keep(context: AccessContext, kind: str, *, months: int = 1, **more: str) -> int:
    new = NewRule(kind=kind, months=months, **more)  # type: ignore[arg-type]
    return retention.set_rule(context, new=new, now=clock.now())


def due(context: AccessContext, now: datetime) -> dict[str, int]:
    return {one.kind: one.count for one in retention.preview(context, now=now).due}


def started(context: AccessContext, now: datetime, *, most: int = 1_000) -> RunView:
    return retention.start(context, digest=retention.preview(context, now=now).digest, most=most, now=now)


def carried_out(context: AccessContext, run_id: int, now: datetime) -> RunView:
    while running.go_on(context, run_id=run_id, now=now):
        pass
    return next(run for run in retention.runs(context) if run.run_id == run_id)


def ran(context: AccessContext, now: datetime, *, most: int = 1_000) -> RunView:
    """Previewed, started, and carried to its end."""
    return carried_out(context, started(context, now, most=most).run_id, now)
