"""How a feed stands, and a company's figures: what became of changes, and how long they took from feed to desk."""

from collections.abc import Mapping
from datetime import datetime
from typing import LiteralString

from trustdesk.kernel.context import AccessContext
from trustdesk.updates import wire
from trustdesk.updates.contracts import Fate, Figures

_BY_FATE = "SELECT fate, count(*) FROM updates_change WHERE controller_id = %s AND feed_id = %s GROUP BY fate"
_PERIOD: LiteralString = " FROM updates_change WHERE controller_id = %s AND decided_at >= %s AND decided_at < %s"
_BY: LiteralString = " GROUP BY fate"
_FATES: LiteralString = "SELECT fate, count(*), count(*) FILTER (WHERE undone_at IS NOT NULL)" + _PERIOD + _BY
_TIMES = """
SELECT percentile_cont(ARRAY[0.5, 0.99]) WITHIN GROUP (ORDER BY extract(epoch FROM decided_at - received_at))
FROM updates_change WHERE controller_id = %s AND decided_at >= %s AND decided_at < %s
  AND decided_by IS NULL AND fate IN ('updated', 'confirmed')
"""


def standing(context: AccessContext, feed_id: int) -> Mapping[Fate, int]:
    """How many changes of a feed became what, ever. Needs `update:read`."""
    context.check_operation("update:read")
    with wire.within(context):
        return {Fate(fate): count for fate, count in wire.fetch(_BY_FATE, context.controller_id, feed_id)}


def figures(context: AccessContext, *, since: datetime, until: datetime) -> Figures:
    """What became of the changes decided in a period, and how long those took that no person had to look at. Needs
    `update:read`.
    """
    context.check_operation("update:read")
    period = (context.controller_id, since, until)
    with wire.within(context):
        fates = wire.fetch(_FATES, *period)
        times = wire.fetch(_TIMES, *period)[0][0] or (None, None)
    return Figures(
        fates={Fate(fate): count for fate, count, _undone in fates},
        undone=sum(row[2] for row in fates),
        median=times[0],
        p99=times[1],
    )
