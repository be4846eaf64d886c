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
    """Carry plans out until their persons are erased, as far as they go now; how many are in each state."""
    context = house(controller_id, now=now)
    states = running.carry_out_all(context, plan_ids=plan_ids, before=Order.SCAN, now=now)
    with scoped(context.scope):
        if _proving(context, now).filter(id__in=plan_ids).exists():
            order_proof(controller_id)
    return dict(Counter(state.value for state in states.values()))


def prove(controller_id: int, *, now: datetime) -> int:
    """Look whether anything is left of those who were erased, those who wait longest first, and certify it; how many
    plans went on. The next ones are a job of their own.
    """
    context = house(controller_id, now=now)
    some = _ids(context, _proving(context, now), AT_ONCE)
    running.carry_out_all(context, plan_ids=some, before=None, now=now)
    if set(_ids(context, _proving(context, now), AT_ONCE)) - set(some):
        order_proof(controller_id)
    return len(some)


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
    """Wake the plans whose persons are not erased yet, and the proof of the others; how many. Companies whose own
    mandate has ended stay closed.
    """
    woken = 0
    for context in _houses(now):
        telling.note_receipts(context, now=now)
        erasing = _ids(context, _erasing(context, now), _MOST)
        wake(context.controller_id, erasing)
        with scoped(context.scope):
            if _proving(context, now).exists():
                order_proof(context.controller_id)
        woken += len(erasing)
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


def _erasing(context: AccessContext, now: datetime) -> QuerySet[Plan, Plan]:
    """Plans with a step before the proof whose time has come. A held one is asked whether the hold still stands."""
    left = _left(context)
    going = Q(state__in=running.GOING) | Q(state=PlanState.DRAWN, id__in=left.filter(prepare=True).values("plan_id"))
    return _awake(context, now).filter(going, id__in=left.filter(place__lt=Order.SCAN).values("plan_id"))


def _proving(context: AccessContext, now: datetime) -> QuerySet[Plan, Plan]:
    """Plans that have nothing left but the proof, whose time has come."""
    erased = _awake(context, now).filter(state__in=running.GOING, erased_at__isnull=False, held_by=None)
    return erased.exclude(id__in=_left(context).filter(place__lt=Order.SCAN).values("plan_id"))


def _awake(context: AccessContext, now: datetime) -> QuerySet[Plan, Plan]:
    rows = Plan.objects.filter(controller_id=context.controller_id)
    return rows.exclude(id__in=_left(context).filter(next_at__gt=now).values("plan_id")).order_by("changed_at")


def _left(context: AccessContext) -> QuerySet[Task, Task]:
    """Steps that are not done."""
    return Task.objects.filter(controller_id=context.controller_id).exclude(state=StepState.DONE)


def _ids(context: AccessContext, rows: QuerySet[Plan, Plan], most: int) -> list[int]:
    with scoped(context.scope):
        return list(rows.values_list("id", flat=True)[:most])
