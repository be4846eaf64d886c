"""Telling those to whom data of the person were given (GDPR Art. 19), and whether they received it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.clearance import api as clearance
from trustdesk.delivery import api as delivery
from trustdesk.delivery.contracts import State
from trustdesk.erasure.contracts import Job, ToldView, Way
from trustdesk.erasure.models import Told
from trustdesk.erasure.services.reading import OPERATION
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import ConflictError, NotFoundError
from trustdesk.kernel.ids import new_id, to_public
from trustdesk.register import api as register

EVENT = "customer.erased"


def collect(context: AccessContext, jobs: Sequence[Job]) -> list[int]:
    """Write down everybody who was given anything; of how many in each erasure. Inside the step's transaction."""
    given = register.given_to(context, [job.people for job in jobs])
    rows = [
        Told(
            controller_id=context.controller_id, id=new_id(), plan_id=job.plan_id, recipient=recipient, way=Way.BY_HAND
        )
        for job, recipients in zip(jobs, given, strict=True)
        for recipient in sorted(recipients)
    ]
    Told.objects.bulk_create(rows, ignore_conflicts=True)
    return [len(recipients) for recipients in given]


def tell(context: AccessContext, jobs: Sequence[Job], *, now: datetime) -> list[int]:
    """Call the endpoints of those who have one; how many in each erasure. The others wait for somebody who tells them
    by hand.
    """
    told = dict.fromkeys((job.plan_id for job in jobs), 0)
    untold = _untold(context, list(told))
    customers = {job.plan_id: job.customer_id for job in jobs}
    known = {each.name: each.recipient_id for each in clearance.recipients(context)} if untold else {}
    for row in untold:
        calls: Sequence[int] = ()
        if row.recipient in known:
            calls = delivery.send_webhook(
                context,
                event=EVENT,
                key=f"{row.plan_id}:{row.id}",
                facts={"customer": to_public(customers[row.plan_id])},
                recipient_ids=[known[row.recipient]],
                now=now,
            )
        if calls:
            row.way, row.call_ids, row.told_at = Way.WEBHOOK, list(calls), now
            row.save(update_fields=["way", "call_ids", "told_at"])
            told[row.plan_id] += 1
    return list(told.values())


def note_receipts(context: AccessContext, *, now: datetime) -> int:
    """What the endpoints took since is received, and what none took is told by hand; how many rows changed."""
    with scoped(context.scope):
        waiting = list(
            Told.objects.filter(
                controller_id=context.controller_id, way=Way.WEBHOOK, received_at__isnull=True
            ).select_for_update()
        )
        states = _states(context, [call for row in waiting for call in row.call_ids])
        changed = 0
        for row in waiting:
            of_row = [states.get(call, State.FAILED) for call in row.call_ids]
            if all(state is State.SENT for state in of_row):
                row.received_at = now
            elif any(state in {State.FAILED, State.REFUSED} for state in of_row):
                row.way, row.told_at = Way.BY_HAND, None
            else:
                continue
            row.save(update_fields=["received_at", "way", "told_at"])
            changed += 1
    return changed


def received(context: AccessContext, *, told_id: int, now: datetime) -> None:
    """See `erasure.api.received`."""
    context.check_operation(OPERATION)
    with scoped(context.scope):
        row = Told.objects.select_for_update().filter(controller_id=context.controller_id, id=told_id).first()
        if row is None:
            raise NotFoundError(_("There is no such recipient."), place="recipient")
        if row.received_at is not None:
            raise ConflictError(_("This recipient has confirmed it already."), place="recipient")
        row.told_at, row.received_at, row.received_by = row.told_at or now, now, context.operator_id
        row.save(update_fields=["told_at", "received_at", "received_by"])
        context.journal.deed(context, "erasure.received", detail={"plan": row.plan_id, "recipient": row.id})


def of_plan(context: AccessContext, plan_id: int) -> Sequence[ToldView]:
    """See `erasure.api.told`."""
    context.check_operation(OPERATION)
    with scoped(context.scope):
        rows = Told.objects.filter(controller_id=context.controller_id, plan_id=plan_id).order_by("recipient")
        return [ToldView(row.id, row.recipient, Way(row.way), row.told_at, row.received_at) for row in rows]


def _untold(context: AccessContext, plan_ids: Sequence[int]) -> list[Told]:
    rows = Told.objects.filter(controller_id=context.controller_id, plan_id__in=plan_ids, told_at__isnull=True)
    return list(rows.order_by("id"))


def _states(context: AccessContext, call_ids: Sequence[int]) -> Mapping[int, State]:
    return {call.call_id: call.state for call in delivery.calls_of(context, call_ids)}
