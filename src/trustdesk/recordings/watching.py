"""Recordings follow their conversation: whose it is, in the same transaction; and what is held keeps it."""

from collections.abc import Sequence
from datetime import datetime

from trustdesk.isolation.api import joined
from trustdesk.kernel.context import AccessContext
from trustdesk.recordings.models import Hold, Recording
from trustdesk.recordings.services import filing


class RecordingsHeld:
    """See `kernel.registries.LegalHold`."""

    def holds(self, context: AccessContext, customer_ids: Sequence[int]) -> Sequence[str]:
        with joined(context.scope):
            own = {"controller_id": context.controller_id}
            theirs = Recording.objects.filter(**own, customer_id__in=list(customer_ids))
            living = Hold.objects.filter(
                **own, released_at__isnull=True, conversation_id__in=theirs.values("conversation_id")
            )
            return [f"{row.ground} {row.file_number}" for row in living.order_by("placed_at", "id")]


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
