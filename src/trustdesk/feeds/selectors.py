"""How feeds and deliveries stand. Nothing here writes."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count

from trustdesk.feeds.contracts import (
    LIVING,
    Brake,
    DeliveryState,
    DeliveryView,
    FeedState,
    FeedView,
    Limit,
    ParkedView,
    Seen,
    Standing,
    Transport,
)
from trustdesk.feeds.models import Chunk, Delivery, Feed, Parked
from trustdesk.feeds.services.contexts import check_reading
from trustdesk.feeds.services.rows import delivery_of, feed_of
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.outside.contracts import Fault
from trustdesk.updates.contracts import ChangeKind

MOST = 200


def feeds(context: AccessContext) -> Sequence[FeedView]:
    """The company's feeds by name, paused ones too. Needs `update:read`, `feed:work` or `feed:manage`."""
    check_reading(context)
    with scoped(context.scope):
        rows = list(Feed.objects.filter(controller_id=context.controller_id).order_by("name"))
        return _views(context, rows)


def feed(context: AccessContext, feed_id: int) -> FeedView:
    """One feed. Needs `update:read`, `feed:work` or `feed:manage`. NotFoundError where there is none."""
    check_reading(context)
    row = feed_of(context, feed_id)
    with scoped(context.scope):
        return _views(context, [row])[0]


def deliveries(context: AccessContext, *, feed_id: int | None = None, limit: int = 50) -> Sequence[DeliveryView]:
    """What came in, the newest first, by one feed or all. Needs `update:read`, `feed:work` or `feed:manage`."""
    check_reading(context)
    with scoped(context.scope):
        rows = Delivery.objects.filter(controller_id=context.controller_id)
        if feed_id is not None:
            rows = rows.filter(feed_id=feed_id)
        return _delivery_views(context, list(rows.order_by("-id")[: min(limit, MOST)]))


def delivery(context: AccessContext, delivery_id: int) -> DeliveryView:
    """One delivery. Needs `update:read`, `feed:work` or `feed:manage`. NotFoundError where there is none."""
    check_reading(context)
    row = delivery_of(context, delivery_id)
    with scoped(context.scope):
        return _delivery_views(context, [row])[0]


def stopped(context: AccessContext) -> Sequence[DeliveryView]:
    """What the brake has stopped and nobody has decided on, the oldest first. Needs `update:read`, `feed:work` or
    `feed:manage`.
    """
    check_reading(context)
    with scoped(context.scope):
        rows = Delivery.objects.filter(controller_id=context.controller_id, state=DeliveryState.STOPPED)
        return _delivery_views(context, list(rows.order_by("id")[:MOST]))


def parked(context: AccessContext, *, delivery_id: int, after: int = -1, limit: int = 50) -> Sequence[ParkedView]:
    """Records of a delivery that were set aside, in its order, from behind the record `after` on. Needs `update:read`,
    `feed:work` or `feed:manage`.
    """
    check_reading(context)
    with scoped(context.scope):
        rows = Parked.objects.filter(
            controller_id=context.controller_id, delivery_id=delivery_id, number__gt=after
        ).order_by("number")
        return [
            ParkedView(
                number=row.number,
                position=row.position,
                place=row.place,
                code=row.code,
                parked_at=row.parked_at,
                taken_at=row.taken_at,
            )
            for row in rows[: min(limit, MOST)]
        ]


def standing(context: AccessContext) -> Standing:
    """How many feeds there are, fail, or stand still, for the examination and the first page. Counts only."""
    with scoped(context.scope):
        rows = Feed.objects.filter(controller_id=context.controller_id).exclude(state=FeedState.PAUSED)
        failing = rows.exclude(failing_since=None)
        return Standing(
            feeds=rows.count(),
            failing=failing.count(),
            stopped=rows.filter(state=FeedState.STOPPED).count(),
            failed=Delivery.objects.filter(controller_id=context.controller_id, state=DeliveryState.FAILED).count(),
            oldest_failing_at=failing.order_by("failing_since").values_list("failing_since", flat=True).first(),
        )


def _views(context: AccessContext, rows: Sequence[Feed]) -> list[FeedView]:
    mine = Delivery.objects.filter(controller_id=context.controller_id, feed_id__in=[row.id for row in rows])
    # One look by index a feed, and those that wait: not all that ever came.
    last = {row.id: mine.filter(feed_id=row.id).order_by("-id").values_list("received_at", flat=True) for row in rows}
    waiting = Counter(mine.filter(state__in=list(LIVING - {DeliveryState.FAILED})).values_list("feed_id", flat=True))
    of_feed = dict(mine.exclude(file_id=None).values_list("id", "feed_id"))
    aside: Counter[int] = Counter()
    for held in _aside(context, list(of_feed)):
        aside[of_feed[held["delivery_id"]]] += held["count"]
    return [_view(row, last[row.id].first(), waiting[row.id], aside[row.id]) for row in rows]


def _aside(context: AccessContext, delivery_ids: Sequence[int]) -> list[dict[str, int]]:
    rows = Parked.objects.filter(controller_id=context.controller_id, delivery_id__in=delivery_ids, taken_at=None)
    return list(rows.order_by().values("delivery_id").annotate(count=Count("number")))  # type: ignore[arg-type]


def _view(row: Feed, last: datetime | None, waiting: int, aside: int) -> FeedView:
    return FeedView(
        feed_id=row.id,
        name=row.name,
        transport=Transport(row.transport),
        setup=row.setup,
        format=row.format,
        reading=row.reading,
        source_id=row.source_id,
        country=row.country,
        kinds=frozenset(ChangeKind(kind) for kind in row.kinds),
        outranked_days=row.outranked_days,
        brake=Brake(**row.brake),
        every_minutes=row.every_minutes,
        state=FeedState(row.state),
        has_secret=row.secret is not None,
        cursor=row.cursor if row.transport == Transport.HTTP else "",
        asked_at=row.asked_at,
        next_at=row.next_at,
        fault=Fault(row.fault) if row.fault else None,
        where=row.where,
        failing_since=row.failing_since,
        last_delivery_at=last,
        waiting=waiting,
        parked=aside,
    )


def _delivery_views(context: AccessContext, rows: Sequence[Delivery]) -> list[DeliveryView]:
    ids = [row.id for row in rows]
    fates: dict[int, Counter[str]] = defaultdict(Counter)
    dealt: Counter[int] = Counter()
    chunks = Chunk.objects.filter(controller_id=context.controller_id, delivery_id__in=ids).order_by("number")
    for delivery_id, records, counted in chunks.values_list("delivery_id", "records", "fates"):
        fates[delivery_id].update(counted)
        dealt[delivery_id] += records
    aside = {held["delivery_id"]: held["count"] for held in _aside(context, ids)}
    return [
        DeliveryView(
            delivery_id=row.id,
            feed_id=row.feed_id,
            place=row.place,
            size=row.size,
            state=DeliveryState(row.state),
            reason=row.reason,
            attempt=row.attempt,
            next_at=row.next_at,
            seen=Seen(**row.seen),
            brakes=[Limit(one) for one in row.brakes],
            records=dealt[row.id],
            parked=aside.get(row.id, 0),
            counts=dict(fates[row.id]),
            received_at=row.received_at,
            finished_at=row.finished_at,
            decided_at=row.decided_at,
            kept=row.file_id is not None,
        )
        for row in rows
    ]
