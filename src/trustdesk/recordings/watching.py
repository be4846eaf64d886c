"""Recordings follow their conversation: whose it is, in the same transaction; and what is held keeps it."""

from datetime import datetime

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.recordings.models import Hold
from trustdesk.recordings.services import filing


class RecordingsFollow:
    """See `kernel.registries.ConversationWatch`."""

    def identified(self, context: AccessContext, *, conversation_id: int, customer_id: int, now: datetime) -> None:
        filing.file_under(context, conversation_id=conversation_id, customer_id=customer_id, now=now)

    def taken_back(self, context: AccessContext, *, conversation_id: int, customer_id: int, now: datetime) -> None:
        filing.unfile(context, conversation_id=conversation_id, customer_id=customer_id, now=now)

    def held(self, context: AccessContext) -> frozenset[int]:
        with scoped(context.scope):
            living = Hold.objects.filter(controller_id=context.controller_id, released_at__isnull=True)
            return frozenset(living.values_list("conversation_id", flat=True))
