"""What law kept dies on its own day: the capability forgets it, and its key is destroyed."""

import logging
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from trustdesk.erasure import capabilities
from trustdesk.erasure.models import Plan
from trustdesk.erasure.services.doing import forget
from trustdesk.erasure.services.holding import grounds
from trustdesk.erasure.services.moving import entry
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext

_CHUNK = 100
_log = logging.getLogger(__name__)


def let_die(context: AccessContext, *, now: datetime) -> int:
    """Of one company: how many persons had something kept that nothing keeps any more. What a legal hold keeps waits
    for its release.
    """
    due = _due(context, now)
    try:
        return _die(context, due, now)
    except Exception as fault:
        if len(due) == 1:
            raise
        _log.warning("what %s plans keep dies plan by plan: %s", len(due), type(fault).__name__)
    died, faults = 0, []
    for plan_id in due:  # the one that fails keeps nobody else's from dying
        try:
            died += _die(context, [plan_id], now)
        except Exception as fault:  # noqa: BLE001 - raised when the others are done
            faults.append(fault)
    if faults:
        raise faults[0]
    return died


def _die(context: AccessContext, plan_ids: Sequence[int], now: datetime) -> int:
    with scoped(context.scope):
        rows = Plan.objects.filter(controller_id=context.controller_id, id__in=plan_ids)
        locked = list(rows.order_by("id").select_for_update())
        held = grounds(context, [row.people for row in locked])
        free = [row for row, found in zip(locked, held, strict=True) if not found]
        persons = [row.people for row in free]
        counts: Counter[str] = Counter()
        for gone in forget(context, persons, now=now) if free else ():
            counts.update(gone)
        for row, kept in zip(free, capabilities.kept(context, persons), strict=True):
            row.kept, row.kept_until, row.changed_at = capabilities.stored(kept), capabilities.next_day(kept), now
            row.save(update_fields=["kept", "kept_until", "changed_at"])
        entry(context, free, "erasure.kept_long_enough", counts=dict(counts))
    return len(free)


def _due(context: AccessContext, now: datetime) -> list[int]:
    with scoped(context.scope):
        rows = Plan.objects.filter(controller_id=context.controller_id, kept_until__lte=now.date())
        return list(rows.order_by("kept_until", "id").values_list("id", flat=True)[:_CHUNK])
