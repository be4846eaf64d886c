"""What happens by itself: the worker's part of a run, and a run every night by rules that a person has let run once."""

from datetime import datetime
from typing import cast

from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import ConflictError, RefusedError
from trustdesk.mandates.api import controllers, system_context
from trustdesk.retention.contracts import RunState, RunView
from trustdesk.retention.models import Run
from trustdesk.retention.rules import digest_of
from trustdesk.retention.services import running
from trustdesk.retention.services.setting import in_force
from trustdesk.retention.services.waking import wake

PURPOSE = "records"
_OF_A_PERSON = (RunState.DONE, RunState.FULL)


def carry_out(controller_id: int, run_id: int) -> None:
    """Go on until the run has ended. A context is good for a batch: an ended mandate ends the run's rights too."""
    while running.go_on(_context(controller_id, clock.now()), run_id=run_id, now=clock.now()):
        pass


def sweep() -> int:
    """Order every run that has not ended, once more; how many."""
    ordered = 0
    for company in controllers():
        for run_id in _running(company.id):
            wake(company.id, run_id)
            ordered += 1
    return ordered


def start_all(*, now: datetime) -> int:
    """For each company a run by its rules, if a person has started one by the same rules and it came to its end.

    Changed rules wait for a person who has seen what they would do.
    """
    started = 0
    for company in controllers():
        try:
            context = _context(company.id, now)
            started += _start(context, now) is not None
        except (RefusedError, ConflictError):
            continue
    return started


def _start(context: AccessContext, now: datetime) -> RunView | None:
    with scoped(context.scope):
        digest = digest_of(in_force(context))
        seen = (
            Run.objects.filter(
                controller_id=context.controller_id, digest=digest, state__in=_OF_A_PERSON, started_by__gt=0
            )
            .order_by("-started_at")
            .first()
        )
    return running.start(context, digest=digest, most=seen.most, now=now) if seen else None


def _running(controller_id: int) -> list[int]:
    try:
        context = _context(controller_id, clock.now())
    except RefusedError:
        return []
    with scoped(context.scope):
        living = Run.objects.filter(controller_id=controller_id, state=RunState.RUNNING)
        return cast("list[int]", list(living.values_list("id", flat=True).order_by("id")))


def _context(controller_id: int, now: datetime) -> AccessContext:
    return system_context(controller_id, purpose=PURPOSE, now=now, on_behalf_of=0)
