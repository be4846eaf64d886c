"""Telling that something changed."""

from django.db import connection

from trustdesk.kernel.context import AccessContext
from trustdesk.live.contracts import Thing
from trustdesk.live.words import CHANNEL, changed


def announce(context: AccessContext, *things: Thing) -> None:
    """Tell the open pages of the context's company that these changed, when the running transaction commits.

    Said twice in a transaction, it is told once; rolled back, it was never said. Committing holds a lock that is one
    for the whole server while it waits for the disk: for what happens some times a second, not for every opening.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_notify(%s, told) FROM unnest(%s::text[]) AS told",
            [CHANNEL, [changed(context.controller_id, thing) for thing in things]],
        )
