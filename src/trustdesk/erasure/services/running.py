"""Carrying a plan out: the next step, in one transaction with its own row, until nothing is due.

A kill at any point leaves every step done and noted, or neither. A step that fails is rolled back, noted by its code
and tried again later; the ones after it wait.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from trustdesk.erasure import capabilities, people
from trustdesk.erasure.contracts import Cause, Happening, Job, Order, Outcome, PlanState, PlanView, Result, StepState
from trustdesk.erasure.models import Plan, Task
from trustdesk.erasure.services.drawing import add_steps, draw_anew
from trustdesk.erasure.services.holding import grounds
from trustdesk.erasure.services.moving import move
from trustdesk.erasure.services.reading import find, steps_of, view
from trustdesk.erasure.steps import steps
from trustdesk.isolation.api import scoped
from trustdesk.kernel import registries
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import TrustdeskError

_log = logging.getLogger(__name__)
GOING = (PlanState.APPROVED, PlanState.RUNNING, PlanState.FAILED, PlanState.HELD)
_FIRST_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(hours=6)
_RECEIPT_WAIT = timedelta(minutes=10)


def carry_out(context: AccessContext, *, plan_id: int, now: datetime) -> PlanView:
    """See `erasure.api.carry_out`."""
    while _advance(context, plan_id, now):
        pass
    with scoped(context.scope):
        return view(find(context, plan_id), steps_of(context, [plan_id]))


def _advance(context: AccessContext, plan_id: int, now: datetime) -> bool:
    """One step in a transaction of its own; whether to go on at once."""
    with scoped(context.scope):
        row = find(context, plan_id, locked=True)
        if row.state == PlanState.DRAWN:
            return _do(context, row, _next(context, row, prepare=True), now)
        if row.state not in GOING or not _may_go(context, row, now):
            return False
        task = _next(context, row)
        if task is None:
            return _finish(context, row, now)
        if task.next_at is not None and task.next_at > now:
            return False
        _begin(context, row, now)
        return _do(context, row, task, now)


def _next(context: AccessContext, row: Plan, *, prepare: bool | None = None) -> Task | None:
    left = Task.objects.filter(controller_id=context.controller_id, plan_id=row.id).exclude(state=StepState.DONE)
    if prepare is not None:
        left = left.filter(Q(prepare=prepare))
    return left.order_by("place", "name").first()


def _may_go(context: AccessContext, row: Plan, now: datetime) -> bool:
    """Whether no hold stops it, before its point of no return; and whether the person is still the one of the plan."""
    if row.erased_at is not None:
        return True
    stopped = grounds(context, row.people)
    if stopped or row.held_by is not None:
        if row.state != PlanState.HELD:
            move(context, row, Happening.HELD, now=now, held=stopped)
        return False
    if row.state == PlanState.HELD:
        move(context, row, Happening.RELEASED, now=now, held=[])
        add_steps(context, row)
    return row.begun_at is not None or not _redrawn(context, row, now)


def _redrawn(context: AccessContext, row: Plan, now: datetime) -> bool:
    """Records were joined or parted between the approval and the first step: what was approved is another thing."""
    ids = people.together(context, row.customer_id)
    if not ids or set(ids) == set(row.people):
        return False
    draw_anew(context, row, ids, now)
    move(context, row, Happening.CHANGED, now=now, approved_at=None, approved_by=None)
    return True


def _begin(context: AccessContext, row: Plan, now: datetime) -> None:
    if row.state == PlanState.APPROVED:
        move(context, row, Happening.BEGUN, now=now, begun_at=row.begun_at or now)
    elif row.state == PlanState.FAILED:
        move(context, row, Happening.RESUMED, now=now)


def _do(context: AccessContext, row: Plan, task: Task | None, now: datetime) -> bool:
    if task is None or (task.next_at is not None and task.next_at > now):
        return False
    try:
        with transaction.atomic():  # what a failing step wrote is undone, and its fault is noted all the same
            outcome = steps.get(task.name).run(context, _job(row), now)
    except Exception as fault:  # noqa: BLE001 - noted by its code: whatever fails is visible and tried again
        return _failed(context, row, task, fault, now)
    _noted(context, task, outcome, now)
    if outcome.result is Result.HELD:
        move(context, row, Happening.HELD, now=now, held=[outcome.detail])
        return False
    if task.place == Order.KEYS and outcome.result is Result.DONE:
        row.erased_at = now
        row.save(update_fields=["erased_at"])
    return outcome.result in {Result.DONE, Result.AGAIN}


def _job(row: Plan) -> Job:
    return Job(
        plan_id=row.id,
        customer_id=row.customer_id,
        people=tuple(row.people),
        cause=Cause(row.cause),
        drawn_at=row.drawn_at,
        approved_at=row.approved_at,
        approved_by=row.approved_by,
    )


def _noted(context: AccessContext, task: Task, outcome: Outcome, now: datetime) -> None:
    done = outcome.result is Result.DONE
    counts = dict(task.counts)
    for what, many in outcome.counts.items():
        counts[what] = counts.get(what, 0) + many
    _write(
        context,
        task,
        state=StepState.DONE if done else StepState.WAITING,
        counts=counts,
        detail=outcome.detail,
        fault="",
        attempts=F("attempts") + 1,
        done_at=now if done else None,
        next_at=now + _RECEIPT_WAIT if outcome.result is Result.WAITING else None,
    )


def _failed(context: AccessContext, row: Plan, task: Task, fault: Exception, now: datetime) -> bool:
    code = fault.code if isinstance(fault, TrustdeskError) else type(fault).__name__
    _log.warning("step %s of erasure %s failed: %s", task.name, row.id, code)
    wait = min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** min(task.attempts, 10))
    _write(
        context, task, state=StepState.FAILING, fault=code, attempts=F("attempts") + 1, next_at=now + wait, done_at=None
    )
    if row.state == PlanState.RUNNING:
        move(context, row, Happening.FAILED, now=now)
    return False


def _write(context: AccessContext, task: Task, **columns: object) -> None:
    Task.objects.filter(controller_id=context.controller_id, plan_id=task.plan_id, name=task.name).update(**columns)


def _finish(context: AccessContext, row: Plan, now: datetime) -> bool:
    if row.erased_at is None:
        return False
    if row.state == PlanState.FAILED:
        move(context, row, Happening.RESUMED, now=now)
    kept = capabilities.kept(context, row.people)
    move(
        context,
        row,
        Happening.FINISHED,
        now=now,
        done_at=now,
        kept=capabilities.stored(kept),
        kept_until=capabilities.next_day(kept),
    )
    for _name, watch in registries.erased:
        watch.erased(context, plan_id=row.id, customer_id=row.customer_id, now=now)
    return False
