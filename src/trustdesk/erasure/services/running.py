"""Carrying plans out: the next step of all that have the same one, in one transaction with their rows, until nothing is
due. One plan is a set of one.

A kill at any point leaves every step done and noted, or neither. A step that fails for a set is rolled back and done
for each alone; one that fails for one is noted by its code and tried again later; the ones after it wait.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from trustdesk.erasure.contracts import Cause, Happening, Job, Order, Outcome, PlanState, PlanView, Result, StepState
from trustdesk.erasure.models import Plan, Task
from trustdesk.erasure.services.drawing import add_steps, draw_anew
from trustdesk.erasure.services.finishing import finish
from trustdesk.erasure.services.holding import grounds
from trustdesk.erasure.services.moving import alike, move, move_all
from trustdesk.erasure.services.noting import note, note_fault
from trustdesk.erasure.services.reading import OPERATION, find, steps_of, view
from trustdesk.erasure.services.waking import in_sets
from trustdesk.erasure.steps import steps
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.register import api as register

_log = logging.getLogger(__name__)
GOING = (PlanState.APPROVED, PlanState.RUNNING, PlanState.FAILED, PlanState.HELD)

Due = tuple[Plan, Task | None]
"""A plan and the step that is next; None: every step is done, and the plan can be finished."""


def carry_out(context: AccessContext, *, plan_id: int, now: datetime) -> PlanView:
    """See `erasure.api.carry_out`."""
    carry_out_all(context, plan_ids=[plan_id], before=None, now=now)
    with scoped(context.scope):
        return view(find(context, plan_id), steps_of(context, [plan_id]))


def carry_out_all(
    context: AccessContext, *, plan_ids: Sequence[int], before: int | None, now: datetime
) -> Mapping[int, PlanState]:
    """See `erasure.api.carry_out_all`."""
    context.check_operation(OPERATION)
    for some in in_sets(plan_ids):
        going = some
        while going:
            going = _round(context, going, before, now)
    with scoped(context.scope):
        rows = Plan.objects.filter(controller_id=context.controller_id, id__in=list(plan_ids)).order_by("id")
        return {plan_id: PlanState(state) for plan_id, state in rows.values_list("id", "state")}


def _round(context: AccessContext, plan_ids: Sequence[int], before: int | None, now: datetime) -> list[int]:
    """Each plan one step further; those that go on at once."""
    going: list[int] = []
    left = list(plan_ids)
    while left:
        went, left = advance(context, left, before=before, now=now)
        going += went
    return sorted(going)


def advance(
    context: AccessContext, plan_ids: Sequence[int], *, before: int | None, now: datetime
) -> tuple[list[int], list[int]]:
    """The earliest of the next steps, for all of which it is the next one, in a transaction of its own: the plans that
    go on at once, and those whose next step is another one.
    """
    with scoped(context.scope):
        due = _due(context, _locked(context, plan_ids), before, now)
        if not due:
            return [], []
        first = min(_place(task) for _row, task in due)
        together = [each for each in due if _place(each[1]) == first]
        others = [row.id for row, task in due if _place(task) != first]
        went = _do(context, together, now)
    if went is None:
        went = []
        for row, _task in together:
            went += advance(context, [row.id], before=before, now=now)[0]
    return went, others


def _locked(context: AccessContext, plan_ids: Sequence[int]) -> list[Plan]:
    """The rows, in one order. What another worker is at is left to it: it looks at each plan anew once it has it."""
    rows = Plan.objects.filter(controller_id=context.controller_id, id__in=plan_ids)
    return list(rows.defer("lines").order_by("id").select_for_update(skip_locked=True))


def _place(task: Task | None) -> tuple[bool, int, str]:
    return (True, 0, "") if task is None else (False, task.place, task.name)


def _due(context: AccessContext, rows: Sequence[Plan], before: int | None, now: datetime) -> list[Due]:
    going = _may_go(context, [row for row in rows if row.state in GOING], now)
    drawn = [row for row in rows if row.state == PlanState.DRAWN]
    tasks = _next(context, drawn, going)
    due: list[Due] = []
    for row in (*drawn, *going):
        task = tasks.get(row.id)
        if task is None:
            if row.state != PlanState.DRAWN and row.erased_at is not None:
                due.append((row, None))
        elif (before is None or task.place < before) and (task.next_at is None or task.next_at <= now):
            due.append((row, task))
    return due


def _next(context: AccessContext, drawn: Sequence[Plan], going: Sequence[Plan]) -> dict[int, Task]:
    """The first step of each that is not done; of those that are not approved yet the first that prepares."""
    ids = [row.id for row in (*drawn, *going)]
    if not ids:
        return {}
    left = Task.objects.filter(controller_id=context.controller_id, plan_id__in=ids).exclude(state=StepState.DONE)
    if drawn:
        left = left.filter(Q(prepare=True) | Q(plan_id__in=[row.id for row in going]))
    return {task.plan_id: task for task in left.order_by("plan_id", "place", "name").distinct("plan_id")}


def _may_go(context: AccessContext, rows: Sequence[Plan], now: datetime) -> list[Plan]:
    """Those that no hold stops, a legal one before their point of no return; and whose person is still the one of the
    plan.
    """
    stoppable = [row for row in rows if row.erased_at is None]
    found = zip(stoppable, grounds(context, [row.people for row in stoppable]), strict=True)
    stopped = {row.id: tuple(held) for row, held in found if held}
    stopped |= {row.id: stopped.get(row.id, ()) for row in rows if row.held_by is not None}
    stopping = [row for row in rows if row.id in stopped and row.state != PlanState.HELD]
    for held, some in alike(stopping, lambda row: stopped[row.id]):
        move_all(context, some, Happening.HELD, now=now, held=list(held))
    going = [row for row in rows if row.id not in stopped]
    released = [row for row in going if row.state == PlanState.HELD]
    if released:
        move_all(context, released, Happening.RELEASED, now=now, held=[])
        add_steps(context, [row.id for row in released])
    changed = _redrawn(context, [row for row in going if row.begun_at is None], now)
    return [row for row in going if row.id not in changed]


def _redrawn(context: AccessContext, rows: Sequence[Plan], now: datetime) -> set[int]:
    """Records were joined or parted between the approval and the first step: what was approved is another thing."""
    together = register.persons(context, [row.customer_id for row in rows]) if rows else {}
    changed = set()
    for row in rows:
        ids = together.get(row.customer_id)
        if ids and set(ids) != set(row.people):
            draw_anew(context, row, ids, now)
            move(context, row, Happening.CHANGED, now=now, approved_at=None, approved_by=None)
            changed.add(row.id)
    return changed


def _begin(context: AccessContext, rows: Sequence[Plan], now: datetime) -> None:
    approved = [row for row in rows if row.state == PlanState.APPROVED]
    for begun_at, some in alike(approved, lambda row: row.begun_at or now):
        move_all(context, some, Happening.BEGUN, now=now, begun_at=begun_at)
    move_all(context, [row for row in rows if row.state == PlanState.FAILED], Happening.RESUMED, now=now)


def _do(context: AccessContext, together: Sequence[Due], now: datetime) -> list[int] | None:
    """Who goes on at once; None where it fails for the set, and nothing of it is done."""
    rows = [row for row, _task in together]
    _begin(context, rows, now)
    tasks = [task for _row, task in together if task is not None]
    try:
        with transaction.atomic():  # what a failing step wrote is undone, and its fault is noted all the same
            if not tasks:
                finish(context, rows, now=now)
                return []
            outcomes = steps.get(tasks[0].name).run(context, [_job(row) for row in rows], now)
            return _noted(context, rows, tasks, outcomes, now)
    except Exception as fault:
        if len(rows) > 1:
            _log.warning("%s erasures fail together, and are done alone: %s", len(rows), type(fault).__name__)
            return None
        if not tasks:
            raise
        note_fault(context, rows[0], tasks[0], fault, now)
        return []


def _noted(
    context: AccessContext, rows: Sequence[Plan], tasks: Sequence[Task], outcomes: Sequence[Outcome], now: datetime
) -> list[int]:
    note(context, tasks, outcomes, now)
    came = list(zip(rows, outcomes, strict=True))
    held = [(row, outcome.detail) for row, outcome in came if outcome.result is Result.HELD]
    for detail, some in alike(held, lambda each: each[1]):
        move_all(context, [row for row, _detail in some], Happening.HELD, now=now, held=[detail])
    if tasks[0].place == Order.KEYS:
        erased = [row.id for row, outcome in came if outcome.result is Result.DONE]
        Plan.objects.filter(controller_id=context.controller_id, id__in=erased).update(erased_at=now)
    return [row.id for row, outcome in came if outcome.result in {Result.DONE, Result.AGAIN}]


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
