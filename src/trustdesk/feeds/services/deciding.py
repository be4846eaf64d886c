"""What an operator decides: go on after the brake, discard, try again."""

from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.feeds.contracts import DeliveryState, FeedState
from trustdesk.feeds.models import Delivery, Feed, Parked
from trustdesk.feeds.services.contexts import MANAGE
from trustdesk.feeds.services.forgetting import forget_file
from trustdesk.feeds.services.rows import locked_delivery
from trustdesk.feeds.waking import wake
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import ConflictError


def go_on(context: AccessContext, *, delivery_id: int, now: datetime) -> None:
    """What the brake stopped is applied after all: somebody has looked at the counts. Needs `feed:manage`. The feed
    goes on with it. ConflictError where it is not stopped, or no longer kept.
    """
    context.check_operation(MANAGE)
    with scoped(context.scope):
        row = _stopped(context, delivery_id)
        row.state, row.decided_at, row.decided_by = DeliveryState.WORKING, now, context.operator_id
        row.save(update_fields=["state", "decided_at", "decided_by"])
        _deed(context, "feed.went_on", row)
        _released(context, row.feed_id)
    wake(context.controller_id, row.feed_id)


def discard(context: AccessContext, *, delivery_id: int, now: datetime) -> None:
    """Nothing (more) of it is applied, and its file is destroyed. Needs `feed:manage`. What was applied of it stays;
    the changes of a delivery are taken back by `updates.api.undo`. ConflictError where it is done.
    """
    context.check_operation(MANAGE)
    with scoped(context.scope):
        row = locked_delivery(context, delivery_id)
        if row.state in {DeliveryState.DONE, DeliveryState.DISCARDED}:
            raise ConflictError(_("This delivery is over."), place="delivery")
        row.state, row.decided_at, row.decided_by = DeliveryState.DISCARDED, now, context.operator_id
        row.finished_at, row.next_at = now, None
        row.save(update_fields=["state", "decided_at", "decided_by", "finished_at", "next_at"])
        forget_file(context, row, now=now)
        _deed(context, "feed.discarded", row)
        _released(context, row.feed_id)
    wake(context.controller_id, row.feed_id)


def retry(context: AccessContext, *, delivery_id: int, now: datetime) -> None:
    """Try a failed delivery again; of one that is done, the records that were set aside: after the mapping was mended,
    say. Needs `feed:manage`. ConflictError where its file is destroyed, or nothing of it waits.
    """
    context.check_operation(MANAGE)
    with scoped(context.scope):
        row = locked_delivery(context, delivery_id)
        aside = Parked.objects.filter(controller_id=row.controller_id, delivery_id=row.id, taken_at=None).exists()
        if row.file_id is None:
            raise ConflictError(_("This delivery is no longer kept."), place="delivery", mend=_("Give the file again."))
        if not (row.state == DeliveryState.FAILED or (row.state == DeliveryState.DONE and aside)):
            raise ConflictError(_("Nothing of this delivery waits to be tried again."), place="delivery")
        row.state = DeliveryState.WORKING if row.checked_at is not None else DeliveryState.WAITING
        row.attempt, row.next_at, row.reason, row.finished_at, row.retry_at = 0, None, "", None, now
        row.save(update_fields=["state", "attempt", "next_at", "reason", "finished_at", "retry_at"])
        _deed(context, "feed.retried", row)
    wake(context.controller_id, row.feed_id)


def _stopped(context: AccessContext, delivery_id: int) -> Delivery:
    row = locked_delivery(context, delivery_id)
    if row.state != DeliveryState.STOPPED:
        raise ConflictError(_("This delivery was not stopped."), place="delivery")
    if row.file_id is None:
        raise ConflictError(_("This delivery is no longer kept."), place="delivery", mend=_("Give the file again."))
    return row


def _released(context: AccessContext, feed_id: int) -> None:
    """The feed goes on where nothing of it is stopped any more."""
    held = {"controller_id": context.controller_id}
    if not Delivery.objects.filter(**held, feed_id=feed_id, state=DeliveryState.STOPPED).exists():
        Feed.objects.filter(**held, id=feed_id, state=FeedState.STOPPED).update(state=FeedState.ACTIVE)


def _deed(context: AccessContext, what: str, row: Delivery) -> None:
    context.journal.deed(context, what, detail={"feed": row.feed_id, "delivery": row.id})
