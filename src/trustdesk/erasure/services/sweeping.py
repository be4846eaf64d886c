"""What the worker does: plans that may go on, receipts that may have come, and what law need not keep any more."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db.models import Q, QuerySet

from trustdesk.clearance import api as clearance
from trustdesk.erasure.contracts import AT_ONCE, Cause, Order, PlanState, StepState
from trustdesk.erasure.models import Plan, Task
from trustdesk.erasure.services import considering, keeping, running, telling
from trustdesk.erasure.services.waking import order_look_at_purpose, order_proof, wake
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError, RefusedError
from trustdesk.mandates.api import controllers, system_context

PURPOSE = "compliance"
_MOST = 1000


def house(controller_id: int, *, now: datetime, on_behalf_of: int = 0) -> AccessContext:
    """The company's own context, under its own mandate: to forget is the company's duty, whoever answers its calls."""
    return system_context(controller_id, purpose=PURPOSE, now=now, on_behalf_of=on_behalf_of)


def run(controller_id: int, plan_ids: Sequence[int], *, now: datetime) -> dict[str, int]:
    """Carry plans out as far as they go now, and order the look at what may be left; how many are in each state."""
    context = house(controller_id, now=now)
    states = running.carry_out_all(context, plan_ids=plan_ids, before=Order.SCAN, now=now)
    order_proof(controller_id, _erased(context, plan_ids, now))
    return dict(Counter(state.value for state in states.values()))


def prove(controller_id: int, plan_ids: Sequence[int], *, now: datetime) -> dict[str, int]:
    """Go on with plans whose persons are erased: look whether anything is left, and certify it."""
    states = running.carry_out_all(house(controller_id, now=now), plan_ids=plan_ids, before=None, now=now)
    return dict(Counter(state.value for state in states.values()))


def look(controller_id: int, customer_id: int, *, cause: str, about: str, now: datetime) -> str:
    """Consider one customer; nothing where the register knows nobody of that number any more."""
    context = house(controller_id, now=now)
    try:
        found = considering.consider(context, customer_id=customer_id, cause=Cause(cause), about=about, now=now)
    except NotFoundError:
        return "unknown"
    return "planned" if found.plan else "carried"


def look_at_purpose(controller_id: int, purpose: str, *, after: int, now: datetime) -> int:
    """Consider a chunk of those who consented to it, and order the next."""
    context = house(controller_id, now=now)
    found = clearance.relying_on(context, purpose=purpose, after=after, limit=AT_ONCE)
    considering.consider_all(context, customer_ids=found, cause=Cause.PURPOSE_ENDED, about=purpose, now=now)
    if len(found) == AT_ONCE:
        order_look_at_purpose(controller_id, purpose=purpose, after=found[-1])
    return len(found)


def sweep(*, now: datetime) -> int:
    """Wake the plans; how many. Companies whose own mandate has ended stay closed."""
    woken = 0
    for context in _houses(now):
        telling.note_receipts(context, now=now)
        erasing, proving = _due(context, now)
        wake(context.controller_id, erasing)
        order_proof(context.controller_id, proving)
        woken += len(erasing) + len(proving)
    return woken


def let_die_everywhere(*, now: datetime) -> int:
    """How many plans of all companies had something whose day has come."""
    return sum(keeping.let_die(context, now=now) for context in _houses(now))


def _houses(now: datetime) -> Iterator[AccessContext]:
    for company in controllers():
        try:
            yield house(company.id, now=now)
        except RefusedError:
            continue


def _due(context: AccessContext, now: datetime) -> tuple[list[int], list[int]]:
    """Plans with a step whose time has come: those whose persons are not erased yet, and those who wait for their
    proof. A held one is asked whether the hold still stands.
    """
    with scoped(context.scope):
        left = _left(context)
        going = Q(state__in=running.GOING) | Q(
            state=PlanState.DRAWN, id__in=left.filter(prepare=True).values("plan_id")
        )
        rows = Plan.objects.filter(going, controller_id=context.controller_id)
        rows = rows.exclude(id__in=left.filter(next_at__gt=now).values("plan_id")).order_by("changed_at")
        before = left.filter(place__lt=Order.SCAN).values("plan_id")
        erasing, proving = rows.filter(id__in=before), rows.exclude(id__in=before)
        return list(erasing.values_list("id", flat=True)[:_MOST]), list(proving.values_list("id", flat=True)[:_MOST])


def _erased(context: AccessContext, plan_ids: Sequence[int], now: datetime) -> list[int]:
    """Of these the plans that have nothing left but the proof, where that is due."""
    with scoped(context.scope):
        left = _left(context).filter(plan_id__in=plan_ids)
        waiting = left.filter(Q(place__lt=Order.SCAN) | Q(next_at__gt=now))
        due = left.exclude(plan_id__in=waiting.values("plan_id"))
        return list(due.order_by("plan_id").values_list("plan_id", flat=True).distinct())


def _left(context: AccessContext) -> QuerySet[Task, Task]:
    """Steps that are not done."""
    return Task.objects.filter(controller_id=context.controller_id).exclude(state=StepState.DONE)
