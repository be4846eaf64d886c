"""What every change of a conversation shares: hold the row, say what happened, tell the open pages."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from trustdesk.conversations.contracts import CONVERSATION, CONVERSATIONS, MAIN, QueueRules
from trustdesk.conversations.models import Conversation, Interaction, QueueRule
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError
from trustdesk.kernel.ids import new_id
from trustdesk.live.api import announce
from trustdesk.live.contracts import Thing

# Each act of a call passes through these: Django takes six times as long to compile them as to have them run.
_OF = "SELECT conversation_id FROM conversations_interaction WHERE controller_id = %s AND id = %s"
_CHANGED = "UPDATE conversations_conversation SET changed_at = %s WHERE controller_id = %s AND id = %s"
_NOTE = """
INSERT INTO conversations_event (controller_id, id, conversation_id, at, kind, operator_id, detail)
VALUES (%s, %s, %s, %s, %s, %s, %s)
"""


def hold(context: AccessContext, conversation_id: int) -> Conversation:
    """The conversation, locked until the transaction ends: that in which its call stands now, where it has gone to a
    case. NotFoundError where the company has none of that id.
    """
    row = (
        Conversation.objects.select_for_update().filter(controller_id=context.controller_id, id=conversation_id).first()
    )
    if row is None:
        raise no_conversation()
    return row if row.joined_to is None else hold(context, row.joined_to)


def hold_interaction(context: AccessContext, interaction_id: int) -> tuple[Conversation, Interaction]:
    """The interaction and its conversation, which is locked first, as everywhere."""
    with connection.cursor() as cursor:
        cursor.execute(_OF, [context.controller_id, interaction_id])
        found = cursor.fetchone()
    if found is None:
        raise no_interaction()
    conversation = hold(context, found[0])
    own = Interaction.objects.filter(controller_id=context.controller_id, id=interaction_id)
    row = own.select_for_update().first()
    if row is None:
        raise no_interaction()
    return conversation, row


def happened(
    context: AccessContext, row: Conversation, kind: str, *, now: datetime, detail: str = "", by: int | None = None
) -> None:
    """One line of the timeline, and the pages that show the conversation or the list are told."""
    note_events(context, row.id, [(kind, detail)], now=now, by=by)
    row.changed_at = now
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED, [now, context.controller_id, row.id])
    tell(context, row.id)


def note_events(
    context: AccessContext,
    conversation_id: int,
    events: Sequence[tuple[str, str]],
    *,
    now: datetime,
    by: int | None = None,
) -> None:
    """Lines of the timeline, each a kind and its detail, in this order."""
    operator = by or context.operator_id or None
    with connection.cursor() as cursor:
        for kind, detail in events:
            cursor.execute(_NOTE, [context.controller_id, new_id(), conversation_id, now, kind, operator, detail])


def tell(context: AccessContext, conversation_id: int) -> None:
    announce(context, Thing(CONVERSATION, conversation_id), Thing(CONVERSATIONS, 0))


def subjects(row: Conversation) -> list[int]:
    """Whom a deed concerns: the customer, where it is known who that is."""
    return [] if row.customer_id is None else [row.customer_id]


def rules_of(context: AccessContext, queue: str) -> QueueRules:
    """What the company asks for in a queue: its own rules, else those of all queues, else the product's."""
    found = QueueRule.objects.filter(controller_id=context.controller_id, queue__in={queue, MAIN})
    rows = {row.queue: row for row in found.order_by("queue")}
    row = rows.get(queue) or rows.get(MAIN)
    if row is None:
        return QueueRules(queue=queue)
    return QueueRules(queue=queue, required=row.required, keep_days=row.keep_days, sector=row.sector)


def no_conversation() -> NotFoundError:
    return NotFoundError(_("There is no such conversation."), place="conversation", mend=_("Look at the list again."))


def no_interaction() -> NotFoundError:
    return NotFoundError(_("There is no such call or message."), place="interaction", mend=_("Load the page again."))
