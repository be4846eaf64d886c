"""What the worker does: plans that may go on, receipts that may have come, and what law need not keep any more."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q

from trustdesk.clearance import api as clearance
from trustdesk.erasure.contracts import Cause, PlanState, StepState
from trustdesk.erasure.models import Plan, Task
from trustdesk.erasure.services import considering, keeping, running, telling
from trustdesk.erasure.services.waking import order_look_at_purpose, wake
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError, RefusedError
from trustdesk.mandates.api import controllers, system_context

PURPOSE = "compliance"
_CHUNK = 200
_MOST = 500


def house(controller_id: int, *, now: datetime, on_behalf_of: int = 0) -> AccessContext:
    """The company's own context, under its own mandate: to forget is the company's duty, whoever answers its calls."""
    return system_context(controller_id, purpose=PURPOSE, now=now, on_behalf_of=on_behalf_of)


def run(controller_id: int, plan_id: int, *, now: datetime) -> str:
    """Carry a plan out as far as it goes now; its state then."""
    return running.carry_out(house(controller_id, now=now), plan_id=plan_id, now=now).state.value


def look(controller_id: int, customer_id: int, *, cause: str, about: str, now: datetime) -> str:
    """Consider one customer; nothing where the register knows nobody of that number any more."""
    context = house(controller_id, now=now)
    try:
        found = considering.consider(context, customer_id=customer_id, cause=Cause(cause), about=about, now=now)
    except NotFoundError:
        return "unknown"
    return "planned" if found.plan else "carried"


def look_at_purpose(controller_id: int, purpose: str, *, after: int, now: datetime) -> int:
    """Consider a chunk of those who consented to it, each in a transaction of its own, and order the next."""
    context = house(controller_id, now=now)
    found = clearance.relying_on(context, purpose=purpose, after=after, limit=_CHUNK)
    for customer_id in found:
        look(controller_id, customer_id, cause=Cause.PURPOSE_ENDED, about=purpose, now=now)
    if len(found) == _CHUNK:
        order_look_at_purpose(controller_id, purpose=purpose, after=found[-1])
    return len(found)


def sweep(*, now: datetime) -> int:
    """Wake the plans; how many. Companies whose own mandate has ended stay closed."""
    woken = 0
    for context in _houses(now):
        telling.note_receipts(context, now=now)
        for plan_id in _due(context, now):
            wake(context.controller_id, plan_id)
            woken += 1
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


def _due(context: AccessContext, now: datetime) -> list[int]:
    """Plans with a step whose time has come; a held one is asked whether the hold still stands."""
    with scoped(context.scope):
        own = {"controller_id": context.controller_id}
        resting = Task.objects.filter(**own, next_at__gt=now).exclude(state=StepState.DONE)
        going = Q(state__in=running.GOING) | Q(
            state=PlanState.DRAWN,
            id__in=Task.objects.filter(**own, prepare=True).exclude(state=StepState.DONE).values("plan_id"),
        )
        rows = Plan.objects.filter(going, **own).exclude(id__in=resting.values("plan_id"))
        return list(rows.order_by("changed_at").values_list("id", flat=True)[:_MOST])
