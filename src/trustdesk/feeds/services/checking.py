"""The counting pass: a delivery is read to its end, and stopped where it says what hardly can be true."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timedelta

from trustdesk.feeds.brake import Count, limits_above, seen_of
from trustdesk.feeds.contracts import Brake, DeliveryState, FeedState, Seen
from trustdesk.feeds.models import Delivery, Feed
from trustdesk.feeds.services.opening import records_of
from trustdesk.feeds.services.rows import locked_delivery, locked_feed
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.live.api import announce
from trustdesk.live.contracts import Thing
from trustdesk.register.api import how_many
from trustdesk.updates.contracts import Change
from trustdesk.vault.api import Tokeniser

_DAY = timedelta(days=1)


def check(context: AccessContext, feed: Feed, delivery: Delivery) -> DeliveryState:
    """Count it; the state it is in afterwards. Where it is above a limit, the feed stops with it."""
    begun = clock.now()
    with scoped(context.scope):
        row = locked_delivery(context, delivery.id)
        if row.state not in {DeliveryState.WAITING, DeliveryState.CHECKING}:
            return DeliveryState(row.state)
        row.state = DeliveryState.CHECKING
        row.save(update_fields=["state"])
        announce(context, Thing("feed", feed.id))
    count = Count(Tokeniser(context).digest, begun)
    for record in records_of(context, feed, delivery, now=begun):
        if isinstance(record, Change):
            count.add(record)
        else:
            count.set_aside(record)
    return _checked(context, feed, delivery, count, now=clock.now())


def _checked(context: AccessContext, feed: Feed, delivery: Delivery, count: Count, *, now: datetime) -> DeliveryState:
    brake = Brake(**feed.brake)
    with scoped(context.scope):
        locked_feed(context, feed.id)
        row = locked_delivery(context, delivery.id)
        if row.state != DeliveryState.CHECKING:
            return DeliveryState(row.state)
        before = list(_of_the_day(context, delivery, now=now))
        enough = len(count.persons) + sum(seen.persons for seen, _addresses in before) > brake.least
        seen = seen_of(count, before, customers=how_many(context) if enough else 0)
        above = limits_above(seen, brake)
        row.seen, row.brakes, row.addresses, row.checked_at = asdict(seen), list(above), count.most_moved_to(), now
        row.state = DeliveryState.STOPPED if above else DeliveryState.WORKING
        row.save(update_fields=["seen", "brakes", "addresses", "checked_at", "state"])
        if above:
            Feed.objects.filter(controller_id=feed.controller_id, id=feed.id, state=FeedState.ACTIVE).update(
                state=FeedState.STOPPED
            )
            detail: dict[str, object] = {"feed": feed.id, "delivery": row.id, "limits": [str(one) for one in above]}
            context.journal.deed(context, "feed.stopped", detail=detail)
        announce(context, Thing("feed", feed.id))
    return DeliveryState(row.state)


def _of_the_day(context: AccessContext, delivery: Delivery, *, now: datetime) -> Iterator[tuple[Seen, dict[str, int]]]:
    """What the feed brought within a day, unless somebody looked at it and decided."""
    rows = Delivery.objects.filter(
        controller_id=context.controller_id,
        feed_id=delivery.feed_id,
        received_at__gt=now - _DAY,
        checked_at__isnull=False,
        decided_at=None,
    ).exclude(id=delivery.id)
    for row in rows.order_by("id").only("seen", "addresses"):
        yield Seen(**row.seen), row.addresses
