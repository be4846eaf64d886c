"""Handing out and forgetting what was sent to one customer: called through the privacy registry."""

import json
from collections.abc import Iterator, Mapping

from django.db import connection

from trustdesk.delivery.models import Call, Message
from trustdesk.delivery.places import SERVICE, message_place
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext, Opening
from trustdesk.kernel.ids import to_public
from trustdesk.vault.api import SealedBox, open_many

# Their history and attempts go with them.
_DELETIONS = (
    "DELETE FROM delivery_call WHERE controller_id = %s AND customer_id = %s",
    "DELETE FROM delivery_message WHERE controller_id = %s AND customer_id = %s",
)


def export(context: AccessContext, customer_id: int) -> Iterator[Mapping[str, object]]:
    """Every message with what it said and what became of it, in one opening (GDPR Art. 15(3)); and who was told."""
    with scoped(context.scope):
        rows = list(Message.objects.filter(controller_id=context.controller_id, customer_id=customer_id).order_by("id"))
        calls = list(Call.objects.filter(controller_id=context.controller_id, customer_id=customer_id).order_by("id"))
        boxes = [SealedBox(row.customer_id, SERVICE, message_place(row.id), bytes(row.sealed)) for row in rows]
        opening = Opening("delivery.export", [customer_id], ["message"])
        texts = open_many(context, opening=opening, boxes=boxes) if boxes else []
    for row, said in zip(rows, texts, strict=True):
        subject, text = json.loads(said) if said is not None else (None, None)
        yield {
            "kind": "message",
            "message": to_public(row.id),
            "channel": row.channel,
            "purpose": row.purpose,
            "subject": subject,
            "text": text,
            "state": row.state,
            "queued_at": row.queued_at,
            "handed_at": row.handed_at,
            "delivered_at": row.delivered_at,
        }
    for call in calls:
        yield {"kind": "webhook", "event": call.event, "state": call.state, "occurred_at": call.occurred_at}


def erase(context: AccessContext, customer_id: int) -> int:
    """Forget every message and call about the customer, also those that wait; the number of rows (GDPR Art. 17)."""
    with scoped(context.scope), connection.cursor() as cursor:
        deleted = 0
        for statement in _DELETIONS:
            cursor.execute(statement, [context.controller_id, customer_id])
            deleted += cursor.rowcount
    return deleted
