"""Whose a conversation is, in which queue, and whether it is open: each with its line in the timeline."""

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from trustdesk.conversations.contracts import State
from trustdesk.conversations.models import Conversation, FollowUp, Interaction
from trustdesk.conversations.services.held import happened, hold, subjects
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, ConflictError


def assign(context: AccessContext, *, conversation_id: int, operator_id: int | None, now: datetime) -> None:
    """Give it to an operator, or (None) back to the queue. Needs `conversation:work`."""
    context.check_operation("conversation:work")
    with scoped(context.scope):
        row = hold(context, conversation_id)
        row.assigned_to = operator_id
        row.save(update_fields=["assigned_to"])
        happened(context, row, "assigned", now=now, detail="" if operator_id is None else str(operator_id))


def requeue(context: AccessContext, *, conversation_id: int, queue: str, now: datetime) -> None:
    """Another queue's work from now on, of nobody yet. Needs `conversation:work`."""
    context.check_operation("conversation:work")
    if not queue.strip():
        raise BadInputError(_("Say which queue."), place="queue", mend=_("Choose one."))
    with scoped(context.scope):
        row = hold(context, conversation_id)
        row.queue, row.assigned_to = queue.strip(), None
        row.save(update_fields=["queue", "assigned_to"])
        happened(context, row, "requeued", now=now, detail=row.queue)


def wait(context: AccessContext, *, conversation_id: int, now: datetime) -> None:
    """It waits for the customer, or for a day. Needs `conversation:work`."""
    _into(context, conversation_id, State.WAITING, "waiting", now)


def reopen(context: AccessContext, *, conversation_id: int, now: datetime) -> None:
    """Open again. Needs `conversation:work`."""
    _into(context, conversation_id, State.OPEN, "reopened", now)


def close(context: AccessContext, *, conversation_id: int, now: datetime) -> None:
    """Nothing more is to be done in it. Needs `conversation:work`. ConflictError where a call goes on or waits for its
    disposition, or where something is still to be followed up.
    """
    _into(context, conversation_id, State.CLOSED, "closed", now)


def closable(context: AccessContext, row: Conversation) -> bool:
    """Whether nothing goes on, waits for its disposition, or is still to be done."""
    own = {"controller_id": context.controller_id, "conversation_id": row.id}
    going_on = Interaction.objects.filter(Q(ended_at=None) | Q(wrap_up_by__isnull=False), **own).exists()
    return not going_on and not FollowUp.objects.filter(done_at=None, **own).exists()


def close_held(context: AccessContext, row: Conversation, *, now: datetime) -> None:
    """The same for whoever holds the row already."""
    row.state, row.closed_at = State.CLOSED, now
    row.save(update_fields=["state", "closed_at"])
    happened(context, row, "closed", now=now)
    context.journal.deed(context, "conversations.closed", subjects=subjects(row), detail={"conversation": row.id})


def _into(context: AccessContext, conversation_id: int, state: State, kind: str, now: datetime) -> None:
    context.check_operation("conversation:work")
    with scoped(context.scope):
        row = hold(context, conversation_id)
        if row.state == state:
            return
        if state is not State.CLOSED:
            row.state, row.closed_at = state, None
            row.save(update_fields=["state", "closed_at"])
            happened(context, row, kind, now=now)
            return
        if not closable(context, row):
            raise ConflictError(
                _("Something in it is still to be done."),
                place="conversation",
                mend=_("End the call, say what came of it, and do what is due."),
            )
        close_held(context, row, now=now)
