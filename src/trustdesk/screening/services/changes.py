"""What is touched while a list is being screened: noted by the database from the moment a watch stands (migration 2).

A watch counts once everybody who may not have seen it is done: whoever commits later has noted, whoever committed
before is seen by the first look at the data.
"""

import time
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import ConflictError

PATIENCE_SECONDS = 60.0
_PAUSE = 0.02

_WATCH = """
INSERT INTO screening_watch (controller_id, run_id, since) VALUES (%s, %s, %s)
ON CONFLICT (controller_id, run_id) DO NOTHING
"""
_STANDS = "SELECT 1 FROM screening_watch WHERE controller_id = %s AND run_id = %s"
_UNWATCH = "DELETE FROM screening_watch WHERE controller_id = %s AND run_id = %s"
# Notes are for all who watch; the last one to leave takes them along.
_FORGET = """
DELETE FROM screening_change WHERE controller_id = %s
  AND NOT EXISTS (SELECT FROM screening_watch w WHERE w.controller_id = screening_change.controller_id)
"""
_LATEST = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text"
_ALL_DONE = "SELECT pg_snapshot_xmin(pg_current_snapshot()) >= %s::xid8"


def watch(context: AccessContext, run_id: int, *, now: datetime, patience: float = PATIENCE_SECONDS) -> None:
    """Begin to watch, and wait until the watch counts. Not inside a transaction.

    ConflictError where somebody else's transaction does not end.
    """
    with scoped(context.scope), connection.cursor() as cursor:
        cursor.execute(_WATCH, [context.controller_id, run_id, now])
    with connection.cursor() as cursor:
        cursor.execute(_LATEST)
        (latest,) = cursor.fetchone() or ("0",)
        until = time.monotonic() + patience
        while True:
            cursor.execute(_ALL_DONE, [latest])
            (done,) = cursor.fetchone() or (False,)
            if done:
                return
            if time.monotonic() > until:
                raise ConflictError(
                    _("Another piece of work in the database does not end; screening waits for it."),
                    place="database",
                    mend=_("Look at running imports and backups, then start the screening again."),
                )
            time.sleep(_PAUSE)


def unwatch(context: AccessContext, run_id: int) -> None:
    """End to watch."""
    with scoped(context.scope), connection.cursor() as cursor:
        cursor.execute(_UNWATCH, [context.controller_id, run_id])
        cursor.execute(_FORGET, [context.controller_id])


def watched(context: AccessContext, run_id: int) -> bool:
    """Whether a watch of this run stands, from before it was interrupted."""
    with scoped(context.scope), connection.cursor() as cursor:
        cursor.execute(_STANDS, [context.controller_id, run_id])
        return cursor.fetchone() is not None
