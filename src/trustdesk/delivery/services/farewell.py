"""Handing out what was sent to one customer, and forgetting what was to many: called through the privacy registry."""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import starmap
from typing import Any

from django.db import connection

from trustdesk.delivery.models import Call, Endpoint, Message, Turn
from trustdesk.delivery.places import SERVICE, message_place
from trustdesk.isolation.api import joined
from trustdesk.kernel.context import AccessContext, Opening
from trustdesk.kernel.ids import to_public
from trustdesk.kernel.persons import Held, going, gone, records
from trustdesk.kernel.registries import Person, Planned
from trustdesk.register.api import shown_as_one
from trustdesk.vault.api import SealedBox, open_many

_COUNTS = """
SELECT 'messages', customer_id, count(*) FROM delivery_message
WHERE controller_id = %(controller)s AND customer_id = ANY(%(records)s) GROUP BY customer_id
UNION ALL
SELECT 'webhook-calls', customer_id, count(*) FROM delivery_call
WHERE controller_id = %(controller)s AND customer_id = ANY(%(records)s) GROUP BY customer_id
"""
# Their history and attempts go with them.
_DELETIONS = (
    """
WITH held AS MATERIALIZED (
  SELECT id FROM delivery_call
  WHERE controller_id = %(controller)s AND customer_id = ANY(%(records)s) ORDER BY id FOR UPDATE
), gone AS (
  DELETE FROM delivery_call c USING held WHERE c.controller_id = %(controller)s AND c.id = held.id
  RETURNING c.customer_id
)
SELECT 'webhook-calls', customer_id, count(*) FROM gone GROUP BY customer_id
""",
    """
WITH held AS MATERIALIZED (
  SELECT id FROM delivery_message
  WHERE controller_id = %(controller)s AND customer_id = ANY(%(records)s) ORDER BY id FOR UPDATE
), gone AS (
  DELETE FROM delivery_message m USING held WHERE m.controller_id = %(controller)s AND m.id = held.id
  RETURNING m.customer_id
)
SELECT 'messages', customer_id, count(*) FROM gone GROUP BY customer_id
""",
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


def plan(context: AccessContext, persons: Sequence[Person]) -> Sequence[Sequence[Planned]]:
    """What `erase` would do: messages and calls to other systems, all of which go."""
    with joined(context.scope), connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"controller": context.controller_id, "records": records(persons)})
        return going(persons, starmap(Held, cursor.fetchall()))


def erase(context: AccessContext, persons: Sequence[Person]) -> Sequence[int]:
    """Forget every message and call about the persons, also those that wait; rows for each person (GDPR Art. 17)."""
    named: dict[str, Any] = {"controller": context.controller_id, "records": records(persons)}
    held: list[Held] = []
    with joined(context.scope), connection.cursor() as cursor:
        for statement in _DELETIONS:
            cursor.execute(statement, named)
            held += starmap(Held, cursor.fetchall())
        return gone(context, "delivery.erased", persons, held)
