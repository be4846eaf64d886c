"""Opening a plan: who it is about, what would go and what would stay, and one row for each step."""

from collections.abc import Iterable
from datetime import datetime

from trustdesk.erasure import capabilities, people
from trustdesk.erasure.contracts import OPEN, Cause, Happening, PlanState, PlanView, StepState
from trustdesk.erasure.models import Plan, Task
from trustdesk.erasure.services.holding import grounds
from trustdesk.erasure.services.moving import entry, move
from trustdesk.erasure.services.reading import OPERATION, steps_of, view
from trustdesk.erasure.services.waking import wake_after_commit
from trustdesk.erasure.steps import in_order
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import new_id

_NOT_BEGUN = (PlanState.DRAWN, PlanState.APPROVED)


def draw(context: AccessContext, *, customer_id: int, cause: Cause, about: str, now: datetime) -> PlanView:
    """See `erasure.api.draw`."""
    context.check_operation(OPERATION)
    with scoped(context.scope):
        held = people.hold(context, customer_id)
        row = open_plan(context, held) or _opened(context, held, cause, about, now)
        return view(row, steps_of(context, [row.id]))


def open_plan(context: AccessContext, ids: Iterable[int]) -> Plan | None:
    """The person's plan that is not over, where there is one. Inside the scope, under the person's lock."""
    rows = Plan.objects.filter(controller_id=context.controller_id, customer_id__in=list(ids), state__in=sorted(OPEN))
    return rows.order_by("drawn_at").first()


def draw_anew(context: AccessContext, row: Plan, ids: tuple[int, ...], now: datetime) -> None:
    """Another person than was planned for, or other data: the lines again, and every preparing step again."""
    _close_others(context, row, ids, now)
    row.people, row.customer_id = list(ids), ids[0]
    row.lines = capabilities.stored(capabilities.planned(context, ids))
    row.drawn_at = row.changed_at = now
    row.save(update_fields=["people", "customer_id", "lines", "drawn_at", "changed_at"])
    prepared = Task.objects.filter(controller_id=context.controller_id, plan_id=row.id, prepare=True)
    prepared.update(state=StepState.WAITING, done_at=None, next_at=None)


def _close_others(context: AccessContext, row: Plan, ids: tuple[int, ...], now: datetime) -> None:
    """Records that were joined had a plan each: they are one person, who has one."""
    others = Plan.objects.filter(controller_id=context.controller_id, customer_id__in=ids, state__in=_NOT_BEGUN)
    for other in others.exclude(id=row.id).order_by("id").select_for_update():
        move(context, other, Happening.DISMISSED, now=now, dismissed_because="joined")


def _opened(context: AccessContext, ids: tuple[int, ...], cause: Cause, about: str, now: datetime) -> Plan:
    row = Plan(
        controller_id=context.controller_id,
        id=new_id(),
        customer_id=ids[0],
        people=list(ids),
        cause=cause,
        about=about,
        state=PlanState.DRAWN,
        lines=capabilities.stored(capabilities.planned(context, ids)),
        held=grounds(context, ids),
        drawn_at=now,
        drawn_by=context.operator_id,
        mandate_id=context.mandate_id,
        changed_at=now,
    )
    row.save(force_insert=True)
    add_steps(context, row)
    entry(context, row, "erasure.drawn", about=about)
    wake_after_commit(context.controller_id, row.id)
    return row


def add_steps(context: AccessContext, row: Plan) -> None:
    """A row for each registered step that the plan has none of: also where a step came with a newer program."""
    have = set(
        Task.objects.filter(controller_id=context.controller_id, plan_id=row.id)
        .order_by("place")
        .values_list("name", flat=True)
    )
    Task.objects.bulk_create(
        Task(
            controller_id=context.controller_id,
            plan_id=row.id,
            name=step.name,
            place=step.order,
            prepare=step.prepare,
            state=StepState.WAITING,
        )
        for step in in_order()
        if step.name not in have
    )
