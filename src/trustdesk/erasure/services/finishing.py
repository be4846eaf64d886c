"""The end of plans: every step is done, what law keeps is noted with its day, and whoever waits for it hears of it."""

import json
from collections.abc import Sequence
from datetime import datetime

from trustdesk.erasure import capabilities
from trustdesk.erasure.contracts import Happening
from trustdesk.erasure.models import Plan
from trustdesk.erasure.services.moving import alike, move_all
from trustdesk.kernel import registries
from trustdesk.kernel.context import AccessContext


def finish(context: AccessContext, rows: Sequence[Plan], *, now: datetime) -> None:
    """Inside the scope."""
    kept = dict(zip((row.id for row in rows), capabilities.kept(context, [row.people for row in rows]), strict=True))
    for _same, some in alike(rows, lambda row: json.dumps(capabilities.stored(kept[row.id]))):
        lines = kept[some[0].id]
        move_all(
            context,
            some,
            Happening.FINISHED,
            now=now,
            done_at=now,
            kept=capabilities.stored(lines),
            kept_until=capabilities.next_day(lines),
        )
    for _name, watch in registries.erased:
        watch.erased(context, plan_ids=[row.id for row in rows], now=now)
