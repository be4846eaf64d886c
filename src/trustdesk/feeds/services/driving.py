"""One feed at work: asked where it is due, and what it brought applied. One process at a time."""

import logging
from datetime import datetime, timedelta

from django.db import DatabaseError, InterfaceError
from django.db.models import Q

from trustdesk.feeds.backoff import MOST_TRIES, next_try
from trustdesk.feeds.contracts import ASKED, DeliveryState, FeedState
from trustdesk.feeds.models import Delivery, Feed
from trustdesk.feeds.services.checking import check
from trustdesk.feeds.services.contexts import house
from trustdesk.feeds.services.fetching import fetch
from trustdesk.feeds.services.forgetting import forget_old
from trustdesk.feeds.services.rows import locked_delivery
from trustdesk.feeds.services.working import work
from trustdesk.feeds.waking import wake
from trustdesk.isolation.api import held_alone, scoped
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import RefusedError, TrustdeskError
from trustdesk.live.api import announce
from trustdesk.live.contracts import Thing
from trustdesk.mandates.api import controllers

_log = logging.getLogger(__name__)
_OPEN = (DeliveryState.WAITING, DeliveryState.CHECKING, DeliveryState.WORKING)
UNFORESEEN = "fault"
SLICE = timedelta(seconds=45)
"""Then other feeds have their turn."""


def run(controller_id: int, feed_id: int, *, until: datetime) -> bool:
    """Ask where it is due, then apply, the oldest first; True where something is left to do at once. RefusedError where
    the company's mandate has ended: nothing of it opens any more.
    """
    with held_alone(f"feeds.feed|{controller_id}|{feed_id}") as alone:
        return alone and _run(controller_id, feed_id, until=until)


def due(context: AccessContext, *, now: datetime) -> list[int]:
    """The feeds with something to do."""
    with scoped(context.scope):
        active = Feed.objects.filter(controller_id=context.controller_id, state=FeedState.ACTIVE)
        asked = active.filter(transport__in=list(ASKED)).filter(_due(now)).values_list("id", flat=True)
        brought = Delivery.objects.filter(
            _due(now), controller_id=context.controller_id, state__in=_OPEN, feed_id__in=active.values("id")
        )
        return sorted({*asked, *brought.values_list("feed_id", flat=True)})


def sweep(*, now: datetime) -> int:
    """Over all companies: wake the feeds with something to do; how many. Companies whose own mandate has ended stay
    closed.
    """
    woken = 0
    for company in controllers():
        try:
            context = house(company.id, now=now)
        except RefusedError:
            continue
        for feed_id in due(context, now=now):
            wake(company.id, feed_id)
            woken += 1
    return woken


def forget(*, now: datetime) -> int:
    """Over all companies: destroy files whose week is over; how many."""
    forgotten = 0
    for company in controllers():
        try:
            context = house(company.id, now=now)
        except RefusedError:
            continue
        forgotten += forget_old(context, now=now)
    return forgotten


def _due(now: datetime) -> Q:
    return Q(next_at=None) | Q(next_at__lte=now)


def _run(controller_id: int, feed_id: int, *, until: datetime) -> bool:
    feed = _active(controller_id, feed_id)
    if feed is None:
        return False
    now = clock.now()
    if feed.transport in ASKED and (feed.next_at is None or feed.next_at <= now):
        fetch(feed, now=now)
    tried: set[int] = set()
    while clock.now() < until:
        feed = _active(controller_id, feed_id)
        delivery = _next(feed, tried) if feed is not None else None
        if feed is None or delivery is None:
            return False
        tried.add(delivery.id)
        if _worked(feed, delivery, until=until):
            return True
    return True


def _active(controller_id: int, feed_id: int) -> Feed | None:
    context = house(controller_id, now=clock.now())
    with scoped(context.scope):
        return Feed.objects.filter(controller_id=controller_id, id=feed_id, state=FeedState.ACTIVE).first()


def _next(feed: Feed, tried: set[int]) -> Delivery | None:
    """The oldest that can be worked on now; one that failed is passed over until its time has come."""
    now = clock.now()
    context = house(feed.controller_id, now=now)
    with scoped(context.scope):
        rows = Delivery.objects.filter(_due(now), controller_id=feed.controller_id, feed_id=feed.id, state__in=_OPEN)
        return rows.exclude(id__in=tried).order_by("id").first()


def _worked(feed: Feed, delivery: Delivery, *, until: datetime) -> bool:
    """Check and apply one delivery; True where time was over. What goes wrong is on its row, with when it is tried
    again; what nobody foresaw is in the log of the program too, without its words.
    """
    try:
        if delivery.state != DeliveryState.WORKING:
            context = house(feed.controller_id, now=clock.now())
            if check(context, feed, delivery) is not DeliveryState.WORKING:
                return False
        return work(feed, delivery, until=until)
    except RefusedError as fault:
        _missed(feed, delivery, fault.code, for_good=False, now=clock.now())  # a mandate can be widened
    except TrustdeskError as fault:
        _missed(feed, delivery, str(getattr(fault, "reason", fault.code)), for_good=True, now=clock.now())
    except (DatabaseError, InterfaceError):
        raise  # there is nowhere to say so; the sweep comes again
    except Exception as fault:  # noqa: BLE001 - one delivery may not hold up the others
        _log.error("a delivery could not be worked on: %s", type(fault).__name__)
        _missed(feed, delivery, UNFORESEEN, for_good=False, now=clock.now())
    return False


def _missed(feed: Feed, delivery: Delivery, reason: str, *, for_good: bool, now: datetime) -> None:
    context = house(feed.controller_id, now=now)
    with scoped(context.scope):
        row = locked_delivery(context, delivery.id)
        if row.state not in _OPEN:
            return
        row.attempt, row.reason = row.attempt + 1, reason
        if for_good or row.attempt >= MOST_TRIES:
            row.state, row.next_at = DeliveryState.FAILED, None
            detail: dict[str, object] = {"feed": feed.id, "delivery": row.id, "reason": reason}
            context.journal.deed(context, "feed.failed", detail=detail)
        else:
            row.next_at = next_try(row.attempt, now=now)
        row.save(update_fields=["attempt", "reason", "state", "next_at"])
        announce(context, Thing("feed", feed.id))
