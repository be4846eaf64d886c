"""Who looks at a conversation just now, and who writes in it: so that two don't answer the same person."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from trustdesk.conversations.contracts import VIEWING, Viewer
from trustdesk.conversations.models import Conversation
from trustdesk.conversations.models import Viewer as Row
from trustdesk.conversations.services.held import no_conversation
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.live.api import announce
from trustdesk.live.contracts import Thing

SEEN_FOR = timedelta(seconds=45)
WRITING_FOR = timedelta(seconds=15)


def look(context: AccessContext, *, conversation_id: int, writing: bool, now: datetime) -> None:
    """The operator of the context looks at it, and writes or not. Needs `conversation:read`. Pages say so every twenty
    seconds; the other viewers are told where something changed.
    """
    context.check_operation("conversation:read")
    own = {"controller_id": context.controller_id, "conversation_id": conversation_id}
    with scoped(context.scope):
        if not Conversation.objects.filter(controller_id=context.controller_id, id=conversation_id).exists():
            raise no_conversation()
        before = Row.objects.filter(**own, operator_id=context.operator_id).first()
        Row.objects.update_or_create(
            controller_id=context.controller_id,
            conversation_id=conversation_id,
            operator_id=context.operator_id,
            defaults={"seen_at": now, "writing_at": now if writing else None},
        )
        if before is None or before.seen_at <= now - SEEN_FOR or _writes(before, now) != writing:
            announce(context, Thing(VIEWING, conversation_id))


def leave_page(context: AccessContext, *, conversation_id: int) -> None:
    """The operator looks elsewhere. Needs `conversation:read`."""
    context.check_operation("conversation:read")
    with scoped(context.scope):
        gone, _each = Row.objects.filter(
            controller_id=context.controller_id, conversation_id=conversation_id, operator_id=context.operator_id
        ).delete()
        if gone:
            announce(context, Thing(VIEWING, conversation_id))


def viewers(context: AccessContext, conversation_id: int, *, now: datetime) -> Sequence[Viewer]:
    """Who else looks at it just now. Needs `conversation:read`."""
    context.check_operation("conversation:read")
    with scoped(context.scope):
        rows = Row.objects.filter(
            controller_id=context.controller_id, conversation_id=conversation_id, seen_at__gt=now - SEEN_FOR
        ).exclude(operator_id=context.operator_id)
        return [Viewer(operator_id=row.operator_id, writing=_writes(row, now)) for row in rows.order_by("operator_id")]


def _writes(row: Row, now: datetime) -> bool:
    return row.writing_at is not None and row.writing_at > now - WRITING_FOR
