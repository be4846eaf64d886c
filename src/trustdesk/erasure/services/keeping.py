"""What law kept dies on its own day: the capability forgets it, and its key is destroyed."""

from datetime import datetime

from trustdesk.erasure import capabilities
from trustdesk.erasure.models import Plan
from trustdesk.erasure.services.doing import forget
from trustdesk.erasure.services.holding import grounds
from trustdesk.erasure.services.moving import entry
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext

_CHUNK = 100


def let_die(context: AccessContext, *, now: datetime) -> int:
    """Of one company: how many persons had something kept that nothing keeps any more. What a legal hold keeps waits
    for its release.
    """
    died = 0
    for plan_id in _due(context, now):
        with scoped(context.scope):
            row = Plan.objects.select_for_update().get(controller_id=context.controller_id, id=plan_id)
            if grounds(context, row.people):
                continue
            counts = forget(context, row.people, now=now)
            kept = capabilities.kept(context, row.people)
            row.kept, row.kept_until, row.changed_at = capabilities.stored(kept), capabilities.next_day(kept), now
            row.save(update_fields=["kept", "kept_until", "changed_at"])
            entry(context, row, "erasure.kept_long_enough", counts=counts)
            died += 1
    return died


def _due(context: AccessContext, now: datetime) -> list[int]:
    with scoped(context.scope):
        rows = Plan.objects.filter(controller_id=context.controller_id, kept_until__lte=now.date())
        return list(rows.order_by("kept_until", "id").values_list("id", flat=True)[:_CHUNK])
