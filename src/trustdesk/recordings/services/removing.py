"""A recording is destroyed: key first, row and number with it, the file when that is committed.

A crash between leaves a file without a key and without a row. It says nothing any more, and is found as a stray.
"""

from datetime import datetime

from django.db import connection, transaction

from trustdesk.kernel.context import AccessContext
from trustdesk.recordings import places
from trustdesk.recordings.contracts import Because
from trustdesk.recordings.models import Recording
from trustdesk.vault.api import destroy_stream_key

_COUNT = """
INSERT INTO recordings_tally (controller_id, month, because, recordings, milliseconds)
VALUES (%s, %s, %s, 1, %s)
ON CONFLICT (controller_id, month, because) DO UPDATE
SET recordings = recordings_tally.recordings + 1,
  milliseconds = recordings_tally.milliseconds + excluded.milliseconds
"""


def remove(context: AccessContext, row: Recording, because: Because, *, now: datetime) -> None:
    """Inside the scope, the row locked."""
    controller_id, recording_id = context.controller_id, row.id
    destroy_stream_key(context, recording_id, now=now)
    with connection.cursor() as cursor:
        month = now.date().replace(day=1)
        cursor.execute(_COUNT, [controller_id, month, because, row.milliseconds])
    context.journal.deed(
        context,
        "recording.destroyed",
        subjects=[row.customer_id or row.conversation_id],
        detail={"recording": recording_id, "conversation": row.conversation_id, "because": because},
    )
    Recording.objects.filter(controller_id=controller_id, id=recording_id).delete()
    transaction.on_commit(lambda: places.delete(controller_id, recording_id))
