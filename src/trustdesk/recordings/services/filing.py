"""Whose a recording is, as soon as that is known: its key goes under the customer's own."""

from datetime import datetime

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.recordings.models import Recording
from trustdesk.recordings.services.holding import HELD_CLASS, living
from trustdesk.vault.api import refile_stream_key


def file_under(context: AccessContext, *, conversation_id: int, customer_id: int, now: datetime) -> int:
    """File a conversation's recordings under a customer (see `recordings.api`)."""
    del now  # a wrapping has no date of its own; the log's entry has one
    with scoped(context.scope):
        rows = list(
            Recording.objects.select_for_update()
            .filter(controller_id=context.controller_id, conversation_id=conversation_id)
            .exclude(customer_id=customer_id)
            .order_by("id")
        )
        held = bool(rows) and living(context, conversation_id).exists()
        for row in rows:
            row.filed_class = HELD_CLASS if held else row.retention_class
            row.customer_id = customer_id
            refile_stream_key(context, file_id=row.id, customer_id=customer_id, retention_class=row.filed_class)
            row.save(update_fields=["customer_id", "filed_class"])
        if rows:
            context.journal.deed(
                context,
                "recording.filed",
                subjects=[customer_id],
                detail={"conversation": conversation_id, "recordings": [row.id for row in rows]},
            )
    return len(rows)
