"""What was delivered is kept no longer than it takes: until it is applied, a week where it can't be."""

from datetime import datetime, timedelta

from trustdesk.feeds import places
from trustdesk.feeds.contracts import LIVING, DeliveryState
from trustdesk.feeds.models import Delivery
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.vault.api import destroy_file

KEPT_FOR = timedelta(days=7)
TOO_OLD = "too-old"
_A_DAY, _AN_HOUR = timedelta(days=1), timedelta(hours=1)


def forget_file(context: AccessContext, row: Delivery, *, now: datetime) -> None:
    """Destroy the key of a delivery's file, and the file. Inside the scope."""
    if row.file_id is None:
        return
    destroy_file(context, row.file_id, now=now)
    places.delete(context.controller_id, row.file_id)
    Delivery.objects.filter(controller_id=row.controller_id, id=row.id).update(file_id=None)
    row.file_id = None


def forget_old(context: AccessContext, *, now: datetime) -> int:
    """Destroy files whose week is over, what nobody knows of, and a day later the digests of addresses; how many files.
    A delivery that was not applied by then is discarded.
    """
    forgotten = 0
    with scoped(context.scope):
        mine = Delivery.objects.filter(controller_id=context.controller_id)
        for row in mine.filter(received_at__lt=now - KEPT_FOR).exclude(file_id=None).order_by("id").select_for_update():
            forget_file(context, row, now=now)
            forgotten += 1
            if row.state in LIVING:
                mine.filter(id=row.id).update(
                    state=DeliveryState.DISCARDED, reason=TOO_OLD, finished_at=now, next_at=None
                )
                detail: dict[str, object] = {"feed": row.feed_id, "delivery": row.id, "reason": TOO_OLD}
                context.journal.deed(context, "feed.discarded", detail=detail)
        mine.filter(checked_at__lt=now - _A_DAY).exclude(addresses={}).update(addresses={})
        known = set(mine.exclude(file_id=None).values_list("file_id", flat=True))
    for file_id, path in places.files_of(context.controller_id):
        if file_id not in known and path.stat().st_mtime < (now - _AN_HOUR).timestamp():
            places.delete(context.controller_id, file_id)  # whoever wrote it was killed before its row was there
            forgotten += 1
    return forgotten
