"""The minute's look over all companies: which lanes have something due."""

from datetime import datetime

from django.db import connection

from trustdesk.delivery.services.contexts import house
from trustdesk.delivery.services.waking import NOTICE, WEBHOOK, wake
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import RefusedError
from trustdesk.mandates.api import controllers

_DUE = """
SELECT channel, bool_or(urgent) FROM delivery_message
WHERE controller_id = %s AND ((state IN ('queued', 'deferred') AND next_at <= %s) OR state IN ('cleared', 'handing'))
GROUP BY channel
UNION ALL
SELECT %s, false FROM delivery_call
WHERE controller_id = %s AND ((state IN ('queued', 'deferred') AND next_at <= %s) OR state = 'handing')
HAVING count(*) > 0
UNION ALL
SELECT %s, false FROM delivery_notice
WHERE controller_id = %s AND state IN ('queued', 'deferred') AND next_at <= %s
HAVING count(*) > 0
"""


def sweep(*, now: datetime) -> int:
    """Wake the lanes with something due; how many. Companies whose own mandate has ended stay closed."""
    woken = 0
    for company in controllers():
        try:
            context = house(company.id, now=now)
        except RefusedError:
            continue
        for lane, urgent in _due(context, now):
            wake(company.id, lane, urgent=urgent)
            woken += 1
    return woken


def _due(context: AccessContext, now: datetime) -> list[tuple[str, bool]]:
    with scoped(context.scope), connection.cursor() as cursor:
        cursor.execute(_DUE, [*_of(context, now), WEBHOOK, *_of(context, now), NOTICE, *_of(context, now)])
        return list(cursor.fetchall())


def _of(context: AccessContext, now: datetime) -> list[int | datetime]:
    return [context.controller_id, now]
