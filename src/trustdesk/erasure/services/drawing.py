"""Opening plans: who they are about, what would go and what would stay, and one row for each step."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from trustdesk.erasure import capabilities
from trustdesk.erasure.contracts import OPEN, Cause, Happening, PlanState, PlanView, StepState
from trustdesk.erasure.models import Plan, Task
from trustdesk.erasure.services.holding import grounds
from trustdesk.erasure.services.moving import entry, move_all
from trustdesk.erasure.services.reading import OPERATION, find, steps_of, view
from trustdesk.erasure.services.waking import wake_after_commit
from trustdesk.erasure.steps import in_order
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError
from trustdesk.kernel.ids import new_id
from trustdesk.kernel.registries import Person
from trustdesk.register import api as register

_NOT_BEGUN = (PlanState.DRAWN, PlanState.APPROVED)
# Also where a step came with a newer program: the plan gets those it has none of.
_ADD_STEPS = """
INSERT INTO erasure_task (controller_id, plan_id, name, place, prepare, state, attempts, counts, detail, fault)
SELECT %s, plan.id, step.name, step.place, step.prepare, %s, 0, '{}'::jsonb, '', ''
FROM unnest(%s::bigint[]) AS plan (id), unnest(%s::text[], %s::int[], %s::bool[]) AS step (name, place, prepare)
ON CONFLICT DO NOTHING
"""


def draw(context: AccessContext, *, customer_id: int, cause: Cause, about: str, now: datetime) -> PlanView:
    """See `erasure.api.draw`."""
    with scoped(context.scope):
        plan_id = draw_all(context, customer_ids=[customer_id], cause=cause, about=about, now=now).get(customer_id)
        if plan_id is None:
            raise NotFoundError(_("There is no such customer."), place="customer", mend=_("Search again."))
        return view(find(context, plan_id), steps_of(context, [plan_id]))


def draw_all(
    context: AccessContext, *, customer_ids: Sequence[int], cause: Cause, about: str, now: datetime
) -> Mapping[int, int]:
    """See `erasure.api.draw_all`."""
    context.check_operation(OPERATION)
    with scoped(context.scope):
        held = register.hold_persons(context, customer_ids)
        plan_of = _open_plans(context, held.values())
        fresh = list(dict.fromkeys(person for person in held.values() if not plan_of.keys() & person))
        for row in _opened(context, fresh, cause, about, now):
            plan_of.update(dict.fromkeys(row.people, row.id))
    return {asked: next(plan_of[each] for each in person if each in plan_of) for asked, person in held.items()}


def draw_anew(context: AccessContext, row: Plan, ids: tuple[int, ...], now: datetime) -> None:
    """Another person than was planned for, or other data: the lines again, and every preparing step again."""
    _close_others(context, row, ids, now)
    row.people, row.customer_id = list(ids), ids[0]
    row.lines = capabilities.stored(capabilities.planned(context, [ids])[0])
    row.drawn_at = row.changed_at = now
    row.save(update_fields=["people", "customer_id", "lines", "drawn_at", "changed_at"])
    prepared = Task.objects.filter(controller_id=context.controller_id, plan_id=row.id, prepare=True)
    prepared.update(state=StepState.WAITING, done_at=None, next_at=None)


def _open_plans(context: AccessContext, persons: Iterable[Person]) -> dict[int, int]:
    """By customer the plan that is not over. Inside the scope, under the persons' locks."""
    ids = [each for person in persons for each in person]
    rows = Plan.objects.filter(controller_id=context.controller_id, customer_id__in=ids, state__in=sorted(OPEN))
    return dict(rows.order_by("-drawn_at").values_list("customer_id", "id"))


def _close_others(context: AccessContext, row: Plan, ids: tuple[int, ...], now: datetime) -> None:
    """Records that were joined had a plan each: they are one person, who has one."""
    others = Plan.objects.filter(controller_id=context.controller_id, customer_id__in=ids, state__in=_NOT_BEGUN)
    others = others.exclude(id=row.id).order_by("id").select_for_update()
    move_all(context, list(others), Happening.DISMISSED, now=now, dismissed_because="joined")


def _opened(
    context: AccessContext, persons: Sequence[tuple[int, ...]], cause: Cause, about: str, now: datetime
) -> list[Plan]:
    if not persons:
        return []
    rows = [
        Plan(
            controller_id=context.controller_id,
            id=new_id(),
            customer_id=person[0],
            people=list(person),
            cause=cause,
            about=about,
            state=PlanState.DRAWN,
            lines=capabilities.stored(lines),
            held=held,
            drawn_at=now,
            drawn_by=context.operator_id,
            mandate_id=context.mandate_id,
            changed_at=now,
        )
        for person, lines, held in zip(
            persons, capabilities.planned(context, persons), grounds(context, persons), strict=True
        )
    ]
    Plan.objects.bulk_create(rows)
    ids = [row.id for row in rows]
    add_steps(context, ids)
    entry(context, rows, "erasure.drawn", about=about)
    wake_after_commit(context.controller_id, ids)
    return rows


def add_steps(context: AccessContext, plan_ids: Sequence[int]) -> None:
    """A row for each registered step that the plans have none of."""
    steps = in_order()
    with connection.cursor() as cursor:
        cursor.execute(
            _ADD_STEPS,
            [
                context.controller_id,
                StepState.WAITING.value,
                list(plan_ids),
                [step.name for step in steps],
                [int(step.order) for step in steps],
                [step.prepare for step in steps],
            ],
        )
