"""Recordings follow their conversation: whose it is, in the same transaction; and what is held keeps it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from trustdesk.isolation.api import joined
from trustdesk.kernel.context import AccessContext
from trustdesk.recordings.models import Hold, Recording
from trustdesk.recordings.services import filing


class RecordingsHeld:
    """See `kernel.registries.LegalHold`."""

    def holds(self, context: AccessContext, customer_ids: Sequence[int]) -> Mapping[int, Sequence[str]]:
        with joined(context.scope):
            own = {"controller_id": context.controller_id}
            theirs = Recording.objects.filter(**own, customer_id__in=list(customer_ids))
            living = Hold.objects.filter(
                **own, released_at__isnull=True, conversation_id__in=theirs.values("conversation_id")
            )
            rows = list(living.order_by("placed_at", "id"))
            grounds: dict[int, list[str]] = {}
            if rows:
                held = theirs.filter(conversation_id__in=[row.conversation_id for row in rows])
                for conversation_id, customer_id in set(held.values_list("conversation_id", "customer_id")):
                    grounds.setdefault(customer_id or 0, []).extend(
                        f"{row.ground} {row.file_number}" for row in rows if row.conversation_id == conversation_id
                    )
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
