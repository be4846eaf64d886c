"""Lists of conversations, follow-ups and happenings. Nothing is opened for them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q

from trustdesk.conversations.contracts import (
    ConversationLine,
    Direction,
    FollowUp,
    Happening,
    How,
    Interaction,
    Joined,
    Kind,
    Meaning,
    Result,
    State,
)
from trustdesk.conversations.models import Conversation, Party
from trustdesk.conversations.models import Event as EventRow
from trustdesk.conversations.models import FollowUp as FollowUpRow
from trustdesk.conversations.models import Interaction as InteractionRow
from trustdesk.conversations.people import person
from trustdesk.conversations.services.held import no_conversation
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext

MOST = 200
_LINES = """
SELECT c.id, c.reference, c.channel, c.queue, c.language, c.state, c.how, c.customer_id, c.assigned_to, c.opened_at,
  c.changed_at,
  (SELECT min(f.due_at) FROM conversations_followup f
    WHERE f.controller_id = c.controller_id AND f.conversation_id = c.id AND f.done_at IS NULL),
  EXISTS (SELECT 1 FROM conversations_complaint p
    WHERE p.controller_id = c.controller_id AND p.conversation_id = c.id AND p.replied_at IS NULL),
  EXISTS (SELECT 1 FROM conversations_interaction i
    WHERE i.controller_id = c.controller_id AND i.conversation_id = c.id AND i.ended_at IS NULL),
  EXISTS (SELECT 1 FROM conversations_interaction i
    WHERE i.controller_id = c.controller_id AND i.conversation_id = c.id AND i.wrap_up_by IS NOT NULL)
FROM conversations_conversation c
WHERE c.controller_id = %s AND c.id IN (
  SELECT coalesce(s.joined_to, s.id) FROM conversations_conversation s WHERE s.controller_id = %s AND s.id = ANY(%s))
ORDER BY c.changed_at DESC, c.id DESC
"""


def conversations(
    context: AccessContext,
    *,
    queue: str = "",
    state: State | None = None,
    assigned_to: int | None = None,
    customer_id: int | None = None,
    language: str = "",
    before: datetime | None = None,
    limit: int = 50,
) -> Sequence[ConversationLine]:
    """The conversations that changed last, newest first, at most 200. Needs `conversation:read`. `before` is the change
    of the last one shown: for the part of the list after it. Of a customer: those of all who are shown as one. What a
    legal hold alone keeps is listed for who may lift a restriction.
    """
    context.check_operation("conversation:read")
    with scoped(context.scope):
        rows = Conversation.objects.filter(controller_id=context.controller_id, joined_to=None)
        if not context.allows("customer:lock"):
            rows = rows.filter(restricted_at=None)
        if customer_id is not None:
            rows = rows.filter(customer_id__in=person(context, customer_id).ids)
        wanted = {"queue": queue, "state": state, "assigned_to": assigned_to, "language": language}
        rows = rows.filter(**{name: value for name, value in wanted.items() if value})
        if before is not None:
            rows = rows.filter(changed_at__lt=before)
        ids = list(rows.order_by("-changed_at", "-id").values_list("id", flat=True)[: min(limit, MOST)])
        return lines(context, ids)


def line(context: AccessContext, conversation_id: int) -> ConversationLine:
    """One of them; opens nothing. Needs `conversation:read`. NotFoundError where there is none. Of a call that has gone
    to a case: the case.
    """
    context.check_operation("conversation:read")
    with scoped(context.scope):
        found = lines(context, [conversation_id])
    if not found:
        raise no_conversation()
    return found[0]


def lines(context: AccessContext, ids: Sequence[int]) -> list[ConversationLine]:
    with connection.cursor() as cursor:
        cursor.execute(_LINES, [context.controller_id, context.controller_id, list(ids)])
        return [_line(row) for row in cursor.fetchall()]


def follow_ups_due(
    context: AccessContext, *, until: datetime, owner_id: int | None = None, queue: str = "", limit: int = 100
) -> Sequence[FollowUp]:
    """What is to be done until then, the most urgent first; its text is not opened. Needs `conversation:read`. Of an
    operator: also what any of the queue may do.
    """
    context.check_operation("conversation:read")
    with scoped(context.scope):
        rows = FollowUpRow.objects.filter(controller_id=context.controller_id, done_at=None, due_at__lte=until)
        if owner_id is not None:
            rows = rows.filter(Q(owner_id=owner_id) | Q(owner_id=None))
        if queue:
            rows = rows.filter(queue=queue)
        found = list(rows.order_by("due_at", "id")[: min(limit, MOST)])
        threads = Conversation.objects.filter(
            controller_id=context.controller_id, id__in={row.conversation_id for row in found}
        )
        references = dict(threads.order_by("id").values_list("id", "reference"))
    return [follow_up_view(row, references[row.conversation_id], None) for row in found]


def pending_wrap_up(context: AccessContext, operator_id: int) -> Sequence[Interaction]:
    """The interactions that wait for this operator's disposition, oldest first. Needs `conversation:read`."""
    context.check_operation("conversation:read")
    with scoped(context.scope):
        rows = InteractionRow.objects.filter(controller_id=context.controller_id, wrap_up_by=operator_id)
        return [interaction(row) for row in rows.order_by("ended_at", "id")[:MOST]]


def timeline(
    context: AccessContext, customer_id: int, *, before: datetime | None = None, limit: int = 100
) -> Sequence[Happening]:
    """What happened in the customer's conversations, newest first, to stand beside the register's own; opens nothing.
    Needs `conversation:read`.
    """
    context.check_operation("conversation:read")
    with scoped(context.scope):
        ids = person(context, customer_id).ids
        threads = {
            row.id: row
            for row in Conversation.objects.filter(controller_id=context.controller_id, customer_id__in=ids).order_by(
                "-changed_at", "id"
            )[:MOST]
        }
        events = EventRow.objects.filter(controller_id=context.controller_id, conversation_id__in=list(threads))
        if before is not None:
            events = events.filter(at__lt=before)
        return [
            happening(row, threads[row.conversation_id]) for row in events.order_by("-at", "-id")[: min(limit, MOST)]
        ]


def interactions(context: AccessContext, conversation_id: int) -> Sequence[Interaction]:
    """The calls and messages of one conversation with the operators who took part, oldest first; opens nothing. Needs
    `conversation:read`.
    """
    context.check_operation("conversation:read")
    with scoped(context.scope):
        return _interactions(context, conversation_id)


def _interactions(context: AccessContext, conversation_id: int) -> list[Interaction]:
    own = {"controller_id": context.controller_id, "conversation_id": conversation_id}
    joined: dict[int, list[Joined]] = {}
    for one in Party.objects.filter(**own, operator_id__isnull=False).order_by("joined_at", "id"):
        if one.operator_id is not None:
            joined.setdefault(one.interaction_id, []).append(
                Joined(operator_id=one.operator_id, joined_at=one.joined_at, left_at=one.left_at)
            )
    rows = InteractionRow.objects.filter(**own).order_by("started_at", "id")
    return [interaction(row, joined.get(row.id, ())) for row in rows]


def interaction(row: InteractionRow, operators: Sequence[Joined] = ()) -> Interaction:
    return Interaction(
        interaction_id=row.id,
        conversation_id=row.conversation_id,
        kind=Kind(row.kind),
        direction=Direction(row.direction),
        queue=row.queue,
        line=row.line,
        started_at=row.started_at,
        answered_at=row.answered_at,
        ended_at=row.ended_at,
        result=Result(row.result) if row.result else None,
        wrap_up_by=row.wrap_up_by,
        disposition=row.disposition,
        meaning=Meaning(row.meaning) if row.meaning else None,
        disposed_at=row.disposed_at,
        disposed_by=row.disposed_by,
        unconfirmed=row.unconfirmed,
        operators=tuple(operators),
    )


def happening(row: EventRow, thread: Conversation) -> Happening:
    return Happening(
        at=row.at,
        kind=row.kind,
        operator_id=row.operator_id,
        conversation_id=row.conversation_id,
        reference=thread.reference,
        channel=Kind(thread.channel),
        detail=row.detail,
    )


def follow_up_view(row: FollowUpRow, reference: str, text: str | None) -> FollowUp:
    return FollowUp(
        follow_up_id=row.id,
        conversation_id=row.conversation_id,
        reference=reference,
        meaning=Meaning(row.meaning),
        due_at=row.due_at,
        owner_id=row.owner_id,
        queue=row.queue,
        text=text,
        created_at=row.created_at,
        created_by=row.created_by,
        done_at=row.done_at,
        done_by=row.done_by,
    )


def _line(row: tuple[Any, ...]) -> ConversationLine:
    return ConversationLine(
        conversation_id=row[0],
        reference=row[1],
        channel=Kind(row[2]),
        queue=row[3],
        language=row[4],
        state=State(row[5]),
        how=How(row[6]),
        customer_id=row[7],
        assigned_to=row[8],
        opened_at=row[9],
        changed_at=row[10],
        due_at=row[11],
        complaint=row[12],
        talking=row[13],
        wrap_up=row[14],
    )
