"""Whose a recording is, as soon as that is known: its key goes under the customer's own, and leaves it again where it
was somebody else. A third party's leg is not the customer's: what they said does not die with the customer's keys.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from trustdesk.conversations.api import line, standings
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError, RefusedError
from trustdesk.mandates.api import controllers, system_context
from trustdesk.recordings.contracts import THIRD, Because
from trustdesk.recordings.models import Copy, Listening, Recording
from trustdesk.recordings.people import together
from trustdesk.recordings.services.holding import HELD_CLASS, living
from trustdesk.recordings.services.removing import remove
from trustdesk.vault.api import refile_stream_key, unfile_stream_key

_LOOKED_BACK = timedelta(days=7)  # who is identified later is filed by whoever identifies


def file_under(context: AccessContext, *, conversation_id: int, customer_id: int, now: datetime) -> int:
    """File a conversation's recordings under a customer (see `recordings.api`)."""
    del now  # a wrapping has no date of its own; the log's entry has one
    with scoped(context.scope):
        rows = list(
            Recording.objects.select_for_update()
            .filter(controller_id=context.controller_id, conversation_id=conversation_id)
            .exclude(customer_id=customer_id)
            .exclude(role=THIRD)
            .order_by("id")
        )
        # A reference identifies nobody: who typed it may be a stranger to this customer.
        doubted = {
            each for each, one in standings(context, {row.interaction_id for row in rows}).items() if one.unconfirmed
        }
        rows = [row for row in rows if row.interaction_id not in doubted]
        put_under(context, rows, customer_id=customer_id)
    return len(rows)


def put_under(context: AccessContext, rows: Sequence[Recording], *, customer_id: int, **more: object) -> None:
    """Recordings of one conversation, that are held, go under the customer's keys; while a legal hold lies on it, under
    the class that no erasure destroys. `more` stands in the log's entry. Inside the scope.
    """
    if not rows:
        return
    conversation_id = rows[0].conversation_id
    held = living(context, conversation_id).exists()
    for row in rows:
        row.filed_class = HELD_CLASS if held else row.retention_class
        row.customer_id = customer_id
        refile_stream_key(context, file_id=row.id, customer_id=customer_id, retention_class=row.filed_class)
        row.save(update_fields=["customer_id", "filed_class"])
    detail: dict[str, object] = {"conversation": conversation_id, "recordings": [row.id for row in rows], **more}
    context.journal.deed(context, "recording.filed", subjects=[customer_id], detail=detail)


def unfile(context: AccessContext, *, conversation_id: int, customer_id: int, now: datetime) -> int:
    """Take a conversation's recordings off a customer whose they are not: each key is wrapped under the company's, over
    the customer's wrapping. Links to a copy that the customer was sent open nothing any more. How many recordings.

    One whose key died with the customer's is destroyed whole: nobody can hear it.
    """
    with scoped(context.scope):
        wrong = together(context, [customer_id]).ids | {customer_id}
        own = {"controller_id": context.controller_id, "conversation_id": conversation_id, "customer_id__in": wrong}
        rows = list(Recording.objects.select_for_update().filter(**own).order_by("id"))
        take_off(context, rows, customer_id=customer_id, now=now)
        Copy.objects.filter(**own).delete()
        Listening.objects.filter(**own).delete()
    return len(rows)


def take_off(context: AccessContext, rows: Sequence[Recording], *, customer_id: int, now: datetime) -> None:
    """Recordings of one conversation, that are held, leave the customer's keys. Inside the scope."""
    for row in rows:
        try:
            unfile_stream_key(context, file_id=row.id)
        except NotFoundError:
            remove(context, row, Because.ERASED, now=now)
            continue
        row.customer_id, row.filed_class = None, ""
        row.save(update_fields=["customer_id", "filed_class"])
    if rows:
        context.journal.deed(
            context,
            "recording.unfiled",
            subjects=[customer_id],
            detail={"conversation": rows[0].conversation_id, "recordings": [row.id for row in rows]},
        )


def file_known_everywhere(*, now: datetime) -> int:
    """The job's round over all companies: recordings whose conversation has got a customer."""
    filed = 0
    for company in controllers():
        with suppress(RefusedError):  # no living mandate of its own: nobody gets at the keys
            filed += _file_known(system_context(company.id, purpose="records", now=now, on_behalf_of=0), now=now)
    return filed


def _file_known(context: AccessContext, *, now: datetime) -> int:
    with scoped(context.scope):
        unknown = Recording.objects.filter(
            controller_id=context.controller_id, customer_id__isnull=True, began_at__gt=now - _LOOKED_BACK
        ).exclude(role=THIRD)
        waiting = list(unknown.order_by("conversation_id").values_list("conversation_id", flat=True).distinct())
    filed = 0
    for conversation_id in waiting:
        with suppress(NotFoundError, RefusedError):  # no such conversation any more, or a customer who was forgotten
            customer_id = line(context, conversation_id).customer_id
            if customer_id is not None:
                filed += file_under(context, conversation_id=conversation_id, customer_id=customer_id, now=now)
    return filed
