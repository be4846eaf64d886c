"""Recordings whose day has come: destroyed by a job, unless a legal hold keeps them; and what falls due next."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import RefusedError
from trustdesk.mandates.api import controllers, system_context
from trustdesk.recordings.contracts import Because, Due, State
from trustdesk.recordings.models import Hold, Recording
from trustdesk.recordings.services.removing import remove

# FOR UPDATE OF the recording alone: a hold that is being placed waits for the row, or the row for the hold.
_DUE = """
SELECT id FROM recordings_recording AS one
WHERE controller_id = %s AND keep_until <= %s AND state <> %s AND NOT EXISTS (
  SELECT FROM recordings_hold AS held
  WHERE held.controller_id = one.controller_id AND held.conversation_id = one.conversation_id
    AND held.released_at IS NULL
)
ORDER BY keep_until, id LIMIT %s FOR UPDATE OF one SKIP LOCKED
"""
_PREVIEW = """
SELECT date_trunc('day', keep_until) AS day, count(*), sum(milliseconds), count(*) FILTER (WHERE EXISTS (
  SELECT FROM recordings_hold AS held
  WHERE held.controller_id = one.controller_id AND held.conversation_id = one.conversation_id
    AND held.released_at IS NULL
))
FROM recordings_recording AS one WHERE controller_id = %s AND keep_until < %s
GROUP BY day ORDER BY day
"""
CHUNK = 100


def destroy_due(context: AccessContext, *, now: datetime, limit: int = CHUNK) -> int:
    """Destroy what is due (see `recordings.api`)."""
    with scoped(context.scope):
        with connection.cursor() as cursor:
            cursor.execute(_DUE, [context.controller_id, now, State.OPEN, limit])
            due = [identifier for (identifier,) in cursor.fetchall()]
        # Asked again with the rows locked: a hold may have come between the question and the lock.
        held = Hold.objects.filter(controller_id=context.controller_id, released_at__isnull=True)
        rows = Recording.objects.filter(controller_id=context.controller_id, id__in=due)
        for row in rows.exclude(conversation_id__in=held.values("conversation_id")).order_by("id"):
            remove(context, row, Because.DUE, now=now)
    return len(due)


def destroy_due_everywhere(*, now: datetime) -> int:
    """The job's round: every company with a living mandate of its own, a chunk a transaction."""
    destroyed = 0
    for company in controllers():
        try:
            context = system_context(company.id, purpose="records", now=now, on_behalf_of=0)
        except RefusedError:
            continue
        while done := destroy_due(context, now=now):
            destroyed += done
    return destroyed


def due(context: AccessContext, *, until: datetime) -> Sequence[Due]:
    """What falls due, by day (see `recordings.api`)."""
    context.check_operation("recording:read")
    with scoped(context.scope), connection.cursor() as cursor:
        cursor.execute(_PREVIEW, [context.controller_id, until])
        return [
            Due(date=day, recordings=many, milliseconds=int(length), held=held)
            for day, many, length, held in cursor.fetchall()
        ]
