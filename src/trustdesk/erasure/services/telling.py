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

EVENT, NOTICE = "customer.erased", "recipient-erased"


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
    """Call or write to those who can be; how many in each erasure. The others wait for somebody who tells them by
    hand.
    """
    told = dict.fromkeys((job.plan_id for job in jobs), 0)
    untold = _untold(context, list(told))
    customers = {job.plan_id: job.customer_id for job in jobs}
    known = {each.name: each.recipient_id for each in clearance.recipients(context)} if untold else {}
    for row in untold:
        if row.recipient in known:
            told[row.plan_id] += call_or_mail(context, row, known[row.recipient], customers[row.plan_id], now=now)
    return list(told.values())


def call_or_mail(context: AccessContext, row: Told, recipient_id: int, customer_id: int, *, now: datetime) -> bool:
    """Tell one recipient: by a call where their system listens, else by mail where they have an address for it; whether
    either went out. Both name the person by our reference and by nothing else.
    """
    key, facts = f"{row.plan_id}:{row.id}", {"customer": to_public(customer_id)}
    calls = delivery.send_webhook(context, event=EVENT, key=key, facts=facts, recipient_ids=[recipient_id], now=now)
    if calls:
        row.way, row.call_ids = Way.WEBHOOK, list(calls)
    else:
        row.notice_id = delivery.send_notice(
            context, recipient_id=recipient_id, template=NOTICE, facts=facts, key=key, now=now
        )
        row.way = Way.BY_HAND if row.notice_id is None else Way.MAIL
    if row.way != Way.BY_HAND:
        row.told_at = now
        row.save(update_fields=["way", "call_ids", "notice_id", "told_at"])
    return row.way != Way.BY_HAND


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
    return changed + _note_mails(context)


def _note_mails(context: AccessContext) -> int:
    """Who said that the mail has arrived has it; where none could be sent it is told by hand; how many rows changed."""
    with scoped(context.scope):
        waiting = Told.objects.select_for_update().filter(
            controller_id=context.controller_id, way=Way.MAIL, received_at__isnull=True
        )
        rows = {row.notice_id: row for row in waiting if row.notice_id is not None}
        changed = 0
        for notice in delivery.notices_of(context, list(rows)):
            row = rows[notice.notice_id]
            if notice.received_at is not None:
                row.received_at = notice.received_at
            elif notice.state is State.FAILED:
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
