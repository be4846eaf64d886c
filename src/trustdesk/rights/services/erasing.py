"""Art. 17: drawn, approved and followed in `erasure`. The person is told before it begins: then no address is left."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from trustdesk.delivery.api import message
from trustdesk.delivery.contracts import State as Sent
from trustdesk.erasure import api as erasure
from trustdesk.erasure.contracts import Cause, Job, Outcome, PlanState, Result
from trustdesk.kernel.context import AccessContext
from trustdesk.mandates.api import request_context
from trustdesk.rights.contracts import Happening, Kind, State
from trustdesk.rights.fulfilment import Fulfilment, ToFulfil
from trustdesk.rights.models import Request
from trustdesk.rights.services.closing import finish_held
from trustdesk.rights.services.held import hold, move

PATIENCE = timedelta(days=1)
_ON_ITS_WAY = frozenset({Sent.QUEUED, Sent.CLEARED, Sent.DEFERRED, Sent.HANDING})


def plan(context: AccessContext, one: ToFulfil, now: datetime) -> int:
    """Draw what goes and what stays; the plan's number."""
    drawn = erasure.draw(context, customer_id=one.customer_id, cause=Cause.REQUEST, about=one.reference, now=now)
    return drawn.plan_id


def fulfil(context: AccessContext, one: ToFulfil, now: datetime) -> bool:
    """Let it run; it says itself when it is over. A second request of the same person is done by the same plan."""
    drawn = erasure.plan(context, one.work_id or 0)
    if drawn.state is PlanState.DRAWN:
        erasure.approve(context, plan_id=drawn.plan_id, now=now)
    return False


ERASURE = Fulfilment(fulfil, plan, before="request-erasing")


class ToldFirst:
    """A step of every erasure: letters to the person about the requests behind it leave before the address is gone."""

    name = "rights.told"
    order = 350
    prepare = False

    def run(self, context: AccessContext, jobs: Sequence[Job], now: datetime) -> Sequence[Outcome]:
        letters: dict[int, list[int]] = {job.plan_id: [] for job in jobs}
        for row in _behind(context, list(letters)):
            if row.told_id is not None and row.work_id is not None:
                letters[row.work_id].append(row.told_id)
        return [_told(context, job, letters[job.plan_id], now) for job in jobs]


def _told(context: AccessContext, job: Job, letters: Sequence[int], now: datetime) -> Outcome:
    waiting = [each for each in letters if message(request_context(context), each)[0].state in _ON_ITS_WAY]
    late = job.approved_at is not None and now - job.approved_at > PATIENCE
    if waiting and not late:
        return Outcome(Result.WAITING, {"letters": len(waiting)})
    return Outcome(counts={"letters": len(letters), "unsent": len(waiting)})


class Erased:
    """Registered in `kernel.registries.erased`."""

    def erased(self, context: AccessContext, *, plan_ids: Sequence[int], now: datetime) -> None:
        for row in _behind(context, plan_ids):
            if State(row.state) is State.HELD:
                move(context, row, Happening.RELEASED, now=now)
            if State(row.state) is State.RUNNING:
                finish_held(context, row, now=now, code="erased")


def follow(context: AccessContext, *, now: datetime) -> int:
    """Bring requests where their plans are: held, released, or off again; how many moved. Inside the scope."""
    moved = 0
    rows = Request.objects.filter(
        controller_id=context.controller_id, kind=Kind.ERASURE, state__in=[State.RUNNING, State.HELD]
    )
    for found in list(rows.exclude(work_id=None).order_by("id")):
        row = hold(context, found.id)
        plan_state = erasure.plan(request_context(context), row.work_id or 0).state
        happening = _follows(State(row.state), plan_state)
        if happening is Happening.RETURNED:
            row.approved_at = row.approved_by = row.approved_mandate = row.work_id = None
            row.delegated = False
        if happening is not None:
            move(context, row, happening, now=now)
            moved += 1
    return moved


def _follows(state: State, plan_state: str) -> Happening | None:
    if plan_state == "dismissed":
        return Happening.RETURNED
    if (plan_state == "held") is (state is State.HELD):
        return None
    return Happening.HELD if plan_state == "held" else Happening.RELEASED


def _behind(context: AccessContext, plan_ids: Sequence[int]) -> list[Request]:
    rows = Request.objects.select_for_update().filter(
        controller_id=context.controller_id, kind=Kind.ERASURE, work_id__in=plan_ids, closed_at=None
    )
    return list(rows.order_by("id"))
