"""Recordings follow their conversation: whose it is, in the same transaction; and what is held keeps it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import connection

from trustdesk.isolation.api import joined
from trustdesk.kernel.context import AccessContext
from trustdesk.recordings.models import Hold
from trustdesk.recordings.services import filing

# Asked before every step of every erasure: the few holds that live come first, and whose they are second.
_LIVING = """
SELECT DISTINCT r.customer_id, h.ground, h.file_number FROM recordings_hold h
JOIN recordings_recording r ON r.controller_id = h.controller_id AND r.conversation_id = h.conversation_id
WHERE h.controller_id = %s AND h.released_at IS NULL AND r.customer_id = ANY(%s)
"""


class RecordingsHeld:
    """See `kernel.registries.LegalHold`."""

    def holds(self, context: AccessContext, customer_ids: Sequence[int]) -> Mapping[int, Sequence[str]]:
        grounds: dict[int, list[str]] = {}
        with joined(context.scope), connection.cursor() as cursor:
            cursor.execute(_LIVING, [context.controller_id, list(customer_ids)])
            for customer_id, ground, file_number in cursor.fetchall():
                grounds.setdefault(customer_id, []).append(f"{ground} {file_number}")
        return grounds


class RecordingsFollow:
    """See `kernel.registries.ConversationWatch`."""

    def identified(self, context: AccessContext, *, conversation_id: int, customer_id: int, now: datetime) -> None:
        filing.file_under(context, conversation_id=conversation_id, customer_id=customer_id, now=now)

    def taken_back(self, context: AccessContext, *, conversation_id: int, customer_id: int, now: datetime) -> None:
        filing.unfile(context, conversation_id=conversation_id, customer_id=customer_id, now=now)

    def held(self, context: AccessContext) -> frozenset[int]:
        with joined(context.scope):
            living = Hold.objects.filter(controller_id=context.controller_id, released_at__isnull=True)
            return frozenset(living.values_list("conversation_id", flat=True))
