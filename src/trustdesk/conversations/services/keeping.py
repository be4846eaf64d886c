"""What the rules of keeping say, done every night: closed conversations, complaint files, misses, viewers. What a legal
hold keeps stays until it is released.
"""

from datetime import datetime, timedelta

from trustdesk.conversations import places, watching
from trustdesk.conversations.contracts import State
from trustdesk.conversations.models import Complaint, Conversation, Miss, Viewer
from trustdesk.conversations.services.held import happened, hold, rules_of
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import RefusedError
from trustdesk.mandates.api import controllers, system_context
from trustdesk.vault.api import destroy

_DAY = timedelta(days=1)
_PURPOSE = "records"
_MOST = 1_000
ESCALATE_BEFORE = timedelta(days=3)


def sweep(*, now: datetime) -> int:
    """Over all companies; how many conversations and files were deleted. Ended mandates stay closed."""
    gone = 0
    for company in controllers():
        try:
            context = system_context(company.id, purpose=_PURPOSE, now=now, on_behalf_of=0)
        except RefusedError:
            continue
        gone += keep_rules(context, now=now)
    return gone


def keep_rules(context: AccessContext, *, now: datetime) -> int:
    """Of one company, at most a thousand conversations and a thousand files at a time."""
    own = {"controller_id": context.controller_id}
    with scoped(context.scope):
        Miss.objects.filter(**own, at__lt=now - _DAY).delete()
        Viewer.objects.filter(**own, seen_at__lt=now - _DAY).delete()
        _escalate(context, now)
        return _forget_closed(context, now) + _forget_files(context, now)


def forget(context: AccessContext, row: Conversation, *, now: datetime) -> None:
    """Delete a conversation, and the key of its own where it has one. A complaint file of it stays by itself."""
    nobody = row.customer_id is None
    row.delete()
    if nobody:
        destroy(context, row.subject_id, places.SERVICE, now=now)


def stand_still(context: AccessContext, conversation_id: int) -> bool:
    """Lock a conversation until the transaction ends, so that it is not deleted while a legal hold is placed or
    released; false where it is gone already. Inside the scope.
    """
    found = Conversation.objects.filter(controller_id=context.controller_id, id=conversation_id)
    return found.select_for_update().first() is not None


def let_go(context: AccessContext, conversation_id: int, *, now: datetime) -> None:
    """No legal hold keeps it any more: where its customer was erased meanwhile it is deleted, else the rules of keeping
    count again. Inside the scope.
    """
    found = Conversation.objects.filter(
        controller_id=context.controller_id, id=conversation_id, restricted_at__isnull=False
    )
    row = found.select_for_update().first()
    if row is not None:
        forget(context, row, now=now)
        context.journal.deed(context, "conversations.let_go", detail={"conversation": conversation_id})


def _forget_closed(context: AccessContext, now: datetime) -> int:
    # A reference that leads to a case goes with the case.
    closed = Conversation.objects.filter(controller_id=context.controller_id, state=State.CLOSED, joined_to=None)
    free = closed.exclude(id__in=watching.held(context))
    gone = 0
    for queue in closed.values_list("queue", flat=True).distinct().order_by("queue"):
        kept = timedelta(days=rules_of(context, queue).keep_days)
        over = free.filter(queue=queue, closed_at__lte=now - kept).order_by("closed_at").select_for_update()
        rows = list(over[: _MOST - gone])
        held = watching.held(context)  # asked again with the rows locked: a hold may have come before the lock
        for row in rows:
            if row.id not in held:
                forget(context, row, now=now)
                gone += 1
    if gone:
        context.journal.deed(context, "conversations.kept_long_enough", detail={"conversations": gone})
    return gone


def _forget_files(context: AccessContext, now: datetime) -> int:
    """A file whose years are over, and the key with the last one of its subject."""
    files = Complaint.objects.filter(controller_id=context.controller_id)
    free = files.exclude(conversation_id__in=watching.held(context))
    over = list(free.filter(keep_until__lte=now).order_by("keep_until")[:_MOST])
    for row in over:
        row.delete()
        if not files.filter(subject_id=row.subject_id).exists():
            destroy(context, row.subject_id, places.COMPLAINT, now=now)
    if over:
        context.journal.deed(context, "conversations.complaints.kept_long_enough", detail={"files": len(over)})
    return len(over)


def _escalate(context: AccessContext, now: datetime) -> None:
    """What is due within three days, or overdue, is said once in the log and in its conversation."""
    files = Complaint.objects.filter(controller_id=context.controller_id, replied_at=None, escalated_at=None)
    for row in list(files.filter(due_at__lte=now + ESCALATE_BEFORE).order_by("due_at", "id")[:_MOST]):
        if row.conversation_id is not None:
            happened(context, hold(context, row.conversation_id), "escalated", now=now, detail=row.number)
        Complaint.objects.filter(controller_id=context.controller_id, id=row.id).update(escalated_at=now)
        subjects = [] if row.customer_id is None else [row.customer_id]
        context.journal.deed(
            context, "conversations.complaint.escalated", subjects=subjects, detail={"complaint": row.id}
        )
