"""Handing out and forgetting what was sent to one customer: called through the privacy registry."""

import json
from collections.abc import Iterator, Mapping

from django.db import connection

from trustdesk.delivery.models import Call, Endpoint, Message, Turn
from trustdesk.delivery.places import SERVICE, message_place
from trustdesk.isolation.api import joined
from trustdesk.kernel.context import AccessContext, Opening
from trustdesk.kernel.ids import to_public
from trustdesk.kernel.registries import Planned
from trustdesk.register.api import shown_as_one
from trustdesk.vault.api import SealedBox, open_many

# Their history and attempts go with them.
_DELETIONS = (
    "DELETE FROM delivery_call WHERE controller_id = %s AND customer_id = %s",
    "DELETE FROM delivery_message WHERE controller_id = %s AND customer_id = %s",
)


def export(context: AccessContext, customer_id: int) -> Iterator[Mapping[str, object]]:
    """Every message with what it said and what became of it, in one opening (GDPR Art. 15(3)); and who was told."""
    with joined(context.scope):
        ids = shown_as_one(context, customer_id)
        own = {"controller_id": context.controller_id}
        rows = list(Message.objects.filter(**own, customer_id__in=ids).order_by("id"))
        calls = list(Call.objects.filter(**own, customer_id__in=ids).order_by("id"))
        turns = list(Turn.objects.filter(**own, message_id__in=[row.id for row in rows]).order_by("message_id", "id"))
        endpoints = Endpoint.objects.filter(**own, id__in=[call.endpoint_id for call in calls]).order_by("id")
        names = dict(endpoints.values_list("id", "name"))
        boxes = [SealedBox(row.customer_id, SERVICE, message_place(row.id), bytes(row.sealed)) for row in rows]
        opening = Opening("delivery.export", ids, ["message"])
        texts = open_many(context, opening=opening, boxes=boxes) if boxes else []
    for row, said in zip(rows, texts, strict=True):
        subject, text = json.loads(said) if said is not None else (None, None)
        yield {
            "kind": "message",
            "message": to_public(row.id),
            "channel": row.channel,
            "value": to_public(row.value_id),
            "purpose": row.purpose,
            "template": row.template,
            "language": row.language,
            "subject": subject,
            "text": text,
            "state": row.state,
            "reason": row.reason,
            "status": row.status,
            "attempts": row.attempt,
            "not_after": row.not_after,
            "queued_at": row.queued_at,
            "handed_at": row.handed_at,
            "delivered_at": row.delivered_at,
            "former": row.former,
        }
    for turn in turns:
        yield {
            "kind": "message-turn",
            "message": to_public(turn.message_id),
            "at": turn.at,
            "what": turn.happening,
            "before": turn.before,
            "after": turn.after,
            "reason": turn.reason,
            "status": turn.status,
        }
    for call in calls:
        yield {
            "kind": "webhook",
            "recipient": names[call.endpoint_id],
            "event": call.event,
            "values": [to_public(each) for each in call.value_ids],
            "state": call.state,
            "occurred_at": call.occurred_at,
        }


def plan(context: AccessContext, customer_id: int) -> Iterator[Planned]:
    """What `erase` would do: messages and calls to other systems, all of which go."""
    owned = {"controller_id": context.controller_id, "customer_id": customer_id}
    with joined(context.scope):
        yield Planned("messages", Message.objects.filter(**owned).count())
        yield Planned("webhook-calls", Call.objects.filter(**owned).count())


def erase(context: AccessContext, customer_id: int) -> int:
    """Forget every message and call about the customer, also those that wait; the number of rows (GDPR Art. 17)."""
    with joined(context.scope), connection.cursor() as cursor:
        deleted = 0
        for statement in _DELETIONS:
            cursor.execute(statement, [context.controller_id, customer_id])
            deleted += cursor.rowcount
    return deleted
