"""Asking a source what it has. What is taken in is stored with how far the source was asked, in one transaction."""

from datetime import datetime, timedelta

from trustdesk.feeds import places
from trustdesk.feeds.backoff import next_try
from trustdesk.feeds.contracts import Transport
from trustdesk.feeds.models import Feed
from trustdesk.feeds.reading import one_a_line
from trustdesk.feeds.services.contexts import house
from trustdesk.feeds.services.receiving import known_place, store
from trustdesk.feeds.services.secrets import secret_of
from trustdesk.feeds.setups import read_setup
from trustdesk.feeds.transports.arrivals import Asked
from trustdesk.feeds.transports.choosing import LOOKS
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import TrustdeskError
from trustdesk.live.api import announce
from trustdesk.live.contracts import Thing
from trustdesk.outside.api import OutsideError
from trustdesk.outside.contracts import Fault


def fetch(feed: Feed, *, now: datetime) -> int:
    """Look once; how many deliveries came in. What does not work is on the feed's row, with when it is tried again."""
    asked = Asked(
        setup=read_setup(Transport(feed.transport), feed.setup),
        secret=secret_of(feed),
        cursor=feed.cursor,
        lines=one_a_line(feed.format),
        folder=places.drops(feed.controller_id),
        known=lambda place: known_place(_now(feed), feed, place),
        now=now,
    )
    came, fault, where = 0, "", ""
    try:
        for arrival in LOOKS[Transport(feed.transport)](asked):
            store(
                _now(feed),
                feed,
                pieces=arrival.pieces,
                place=arrival.place,
                cursor=arrival.cursor,
                now=clock.now(),
            )
            arrival.stored()
            came += 1
    except OutsideError as told:
        fault, where = str(told.fault), told.where
    except TrustdeskError as told:
        fault, where = str(Fault.REFUSED), told.code
    except OSError:
        fault, where = str(Fault.UNREACHABLE), "folder"
    _stands(_now(feed), feed, asked.cursor, fault, where, now=clock.now())
    return came


def _now(feed: Feed) -> AccessContext:
    """A fresh context: a long look takes longer than one lives."""
    return house(feed.controller_id, now=clock.now())


def _stands(context: AccessContext, feed: Feed, cursor: str, fault: str, where: str, *, now: datetime) -> None:
    """How it went. A cursor that was set by hand meanwhile stays."""
    attempt = feed.attempt + 1 if fault else 0
    with scoped(context.scope):
        rows = Feed.objects.filter(controller_id=feed.controller_id, id=feed.id)
        rows.update(
            fault=fault,
            where=where[:200],
            failing_since=(feed.failing_since or now) if fault else None,
            attempt=attempt,
            asked_at=now,
            next_at=next_try(attempt, now=now) if fault else now + timedelta(minutes=feed.every_minutes),
        )
        if not fault:
            rows.filter(cursor=feed.cursor).update(cursor=cursor)
        announce(context, Thing("feed", feed.id))
