"""What time itself asks for: reminders, what is late, and the end of keeping."""

from datetime import datetime, timedelta

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import RefusedError
from trustdesk.mandates.api import controllers, system_context
from trustdesk.rights import clock, places
from trustdesk.rights.contracts import Happening
from trustdesk.rights.models import Code, Letter, Request
from trustdesk.rights.services import copying, erasing, notifying
from trustdesk.rights.services.held import move
from trustdesk.rights.services.mailing import KEPT
from trustdesk.vault.api import destroy

_DAY = timedelta(days=1)
_UNANSWERED = timedelta(days=30)
_PURPOSE = "compliance"
_MOST = 1_000


def sweep(*, now: datetime) -> int:
    """Over all companies; how many requests were reminded of, escalated or kept long enough."""
    done = 0
    for company in controllers():
        try:
            context = system_context(company.id, purpose=_PURPOSE, now=now, on_behalf_of=0)
        except RefusedError:
            continue  # its own mandate has ended: nothing of it opens any more
        done += keep(context, now=now)
    return done


def follow(*, now: datetime) -> int:
    """Over all companies: bring requests where that is which was begun for them; how many moved."""
    moved = 0
    for company in controllers():
        try:
            context = system_context(company.id, purpose=_PURPOSE, now=now, on_behalf_of=0)
        except RefusedError:
            continue
        with scoped(context.scope):
            moved += erasing.follow(context, now=now) + copying.follow(context, now=now)
            notifying.note_receipts(context, now=now)
    return moved


def keep(context: AccessContext, *, now: datetime) -> int:
    """Of one company, at most a thousand of each at a time."""
    with scoped(context.scope):
        Code.objects.filter(controller_id=context.controller_id, expires_at__lt=now - _DAY).delete()
        Letter.objects.filter(controller_id=context.controller_id, taken_at__lt=now - KEPT).delete()
        return _remind(context, now) + _escalate(context, now) + _forget(context, now)


def _remind(context: AccessContext, now: datetime) -> int:
    """Once: what is due within a week, and who was asked a month ago and has not answered."""
    waiting = Request.objects.filter(controller_id=context.controller_id, closed_at=None, reminded_at=None)
    due = waiting.filter(suspended_since=None, due_at__lte=now + clock.REMIND_BEFORE)
    silent = waiting.filter(suspended_since__lte=now - _UNANSWERED)
    rows = list((due | silent).select_for_update().order_by("due_at")[:_MOST])
    for row in rows:
        row.reminded_at = now
        move(context, row, Happening.REMINDED, now=now, code="silent" if row.suspended_since else "due")
    return len(rows)


def _escalate(context: AccessContext, now: datetime) -> int:
    """Once: what is due within three days, or overdue."""
    waiting = Request.objects.filter(
        controller_id=context.controller_id, closed_at=None, escalated_at=None, suspended_since=None
    )
    rows = list(waiting.filter(due_at__lte=now + clock.ESCALATE_BEFORE).select_for_update().order_by("due_at")[:_MOST])
    for row in rows:
        row.escalated_at = now
        move(context, row, Happening.ESCALATED, now=now, code="overdue" if row.due_at <= now else "due")
    return len(rows)


def _forget(context: AccessContext, now: datetime) -> int:
    """What was kept long enough goes with its history, and its key."""
    over = list(
        Request.objects.filter(controller_id=context.controller_id, keep_until__lte=now).order_by("keep_until")[:_MOST]
    )
    for row in over:
        destroy(context, row.id, places.PROOF, now=now)
        row.delete()
    if over:
        context.journal.deed(context, "rights.kept_long_enough", detail={"requests": len(over)})
    return len(over)
