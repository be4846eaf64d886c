"""Plans as they stand. Nothing here writes."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from trustdesk.erasure.capabilities import restored
from trustdesk.erasure.contracts import OPEN, Cause, PlanState, PlanView, StepState, StepView
from trustdesk.erasure.models import Plan, Task
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError
from trustdesk.kernel.registries import Fate

OPERATION = "erasure:run"


def plan(context: AccessContext, plan_id: int) -> PlanView:
    """See `erasure.api.plan`."""
    context.check_operation(OPERATION)
    with scoped(context.scope):
        return view(find(context, plan_id), steps_of(context, [plan_id]))


def plans(context: AccessContext, *, state: PlanState | None, limit: int) -> Sequence[PlanView]:
    """See `erasure.api.plans`."""
    context.check_operation(OPERATION)
    with scoped(context.scope):
        rows = Plan.objects.filter(controller_id=context.controller_id)
        if state is not None:
            rows = rows.filter(state=state)
        return [view(row, []) for row in rows.order_by("-drawn_at", "-id")[:limit]]


def standing_still(context: AccessContext) -> int:
    """See `erasure.api.standing_still`."""
    context.check_operation(OPERATION)
    with scoped(context.scope):
        own = {"controller_id": context.controller_id}
        failing = Task.objects.filter(**own, state=StepState.FAILING).values("plan_id")
        stopped = Q(state=PlanState.FAILED) | Q(state=PlanState.DRAWN, id__in=failing)
        return Plan.objects.filter(stopped, **own).count()


def plans_of(context: AccessContext, customer_id: int) -> Sequence[PlanView]:
    """See `erasure.api.plans_of`."""
    with scoped(context.scope):
        rows = list(
            Plan.objects.filter(controller_id=context.controller_id, customer_id=customer_id).order_by("-drawn_at")
        )
        steps = steps_of(context, [row.id for row in rows])
        return [view(row, [step for step in steps if step[0] == row.id]) for row in rows]


def find(context: AccessContext, plan_id: int, *, locked: bool = False) -> Plan:
    """The row. NotFoundError where the company has none of that number."""
    rows: QuerySet[Plan, Plan] = Plan.objects.filter(controller_id=context.controller_id, id=plan_id)
    row = (rows.select_for_update() if locked else rows).first()
    if row is None:
        raise NotFoundError(_("There is no such plan."), place="plan")
    return row


def steps_of(context: AccessContext, plan_ids: Sequence[int]) -> list[tuple[int, StepView]]:
    """The steps of the plans, in their order, with their plan."""
    rows = Task.objects.filter(controller_id=context.controller_id, plan_id__in=plan_ids)
    return [(row.plan_id, _step(row)) for row in rows.order_by("plan_id", "place", "name")]


def view(row: Plan, steps: Sequence[tuple[int, StepView]]) -> PlanView:
    """The row as it crosses the door."""
    lines = restored(row.lines)
    return PlanView(
        plan_id=row.id,
        customer_id=row.customer_id,
        people=tuple(row.people),
        cause=Cause(row.cause),
        about=row.about,
        state=PlanState(row.state),
        lines=lines,
        held=tuple(row.held),
        steps=tuple(step for _plan, step in steps),
        drawn_at=row.drawn_at,
        drawn_by=row.drawn_by,
        approved_at=row.approved_at,
        approved_by=row.approved_by,
        begun_at=row.begun_at,
        erased_at=row.erased_at,
        done_at=row.done_at,
        dismissed_because=row.dismissed_because,
        kept=restored(row.kept) if row.done_at else [line for line in lines if line.fate is Fate.KEPT],
        kept_until=row.kept_until,
    )


def _step(row: Task) -> StepView:
    return StepView(
        name=row.name,
        order=row.place,
        prepare=row.prepare,
        state=StepState(row.state),
        attempts=row.attempts,
        counts=row.counts,
        detail=row.detail,
        fault=row.fault,
        next_at=row.next_at,
        done_at=row.done_at,
    )


def planned(context: AccessContext, customer_ids: Sequence[int]) -> frozenset[int]:
    """See `erasure.api.planned`."""
    context.check_operation(OPERATION)
    with scoped(context.scope):
        rows = Plan.objects.filter(controller_id=context.controller_id, customer_id__in=list(customer_ids))
        return frozenset(rows.filter(state__in=sorted(OPEN)).values_list("customer_id", flat=True).order_by("id"))
