"""The rows of the steps: what came of each, in the transaction that did it, and all of one step in one statement."""

import json
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F

from trustdesk.erasure.contracts import Happening, Outcome, PlanState, Result, StepState
from trustdesk.erasure.models import Plan, Task
from trustdesk.erasure.services.moving import move
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import TrustdeskError

_log = logging.getLogger(__name__)
_FIRST_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(hours=6)
_RECEIPT_WAIT = timedelta(minutes=10)
_NOTE = """
UPDATE erasure_task AS held SET state = came.state, counts = came.counts, detail = came.detail, fault = '',
  attempts = held.attempts + 1, done_at = came.done_at, next_at = came.next_at
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::jsonb[], %s::text[], %s::timestamptz[], %s::timestamptz[])
  AS came (plan_id, name, state, counts, detail, done_at, next_at)
WHERE held.controller_id = %s AND held.plan_id = came.plan_id AND held.name = came.name
"""


def note(context: AccessContext, tasks: Sequence[Task], outcomes: Sequence[Outcome], now: datetime) -> None:
    """What came of one step in each of these plans."""
    done = [outcome.result is Result.DONE for outcome in outcomes]
    waits = [outcome.result is Result.WAITING for outcome in outcomes]
    with connection.cursor() as cursor:
        cursor.execute(
            _NOTE,
            [
                [task.plan_id for task in tasks],
                [task.name for task in tasks],
                [(StepState.DONE if each else StepState.WAITING).value for each in done],
                [json.dumps(_added(task, outcome)) for task, outcome in zip(tasks, outcomes, strict=True)],
                [outcome.detail for outcome in outcomes],
                [now if each else None for each in done],
                [now + _RECEIPT_WAIT if each else None for each in waits],
                context.controller_id,
            ],
        )


def note_fault(context: AccessContext, row: Plan, task: Task, fault: Exception, now: datetime) -> None:
    """By its code alone; and when it is tried again."""
    code = fault.code if isinstance(fault, TrustdeskError) else type(fault).__name__
    _log.warning("step %s of erasure %s failed: %s", task.name, row.id, code)
    wait = min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** min(task.attempts, 10))
    held = Task.objects.filter(controller_id=context.controller_id, plan_id=task.plan_id, name=task.name)
    held.update(state=StepState.FAILING, fault=code, attempts=F("attempts") + 1, next_at=now + wait, done_at=None)
    if row.state == PlanState.RUNNING:
        move(context, row, Happening.FAILED, now=now)


def _added(task: Task, outcome: Outcome) -> dict[str, int]:
    counts = dict(task.counts)
    for what, many in outcome.counts.items():
        counts[what] = counts.get(what, 0) + many
    return counts
