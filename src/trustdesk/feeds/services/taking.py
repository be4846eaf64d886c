"""Handing changes on to the register. One that it chokes on is set aside; the others of its chunk are taken."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import DatabaseError, InterfaceError, transaction

from trustdesk.feeds.models import Delivery, Feed
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import TrustdeskError
from trustdesk.updates.api import policy, take
from trustdesk.updates.contracts import Change, ChangeKind, Terms, Verdict

FAULT = "fault"
"""The code of what went wrong with a record in a way that nobody foresaw."""


def terms_of(context: AccessContext, feed: Feed, delivery: Delivery) -> Terms:
    """On what terms the feed's changes are taken: its own, and what the company wants of every feed."""
    wanted = policy(context)
    return Terms(
        feed_id=feed.id,
        delivery_id=delivery.id,
        source_id=feed.source_id,
        kinds=frozenset(ChangeKind(kind) for kind in feed.kinds),
        outranked_for=timedelta(days=feed.outranked_days),
        tell=wanted.tell,
        thresholds=wanted.thresholds,
        received_at=delivery.received_at,
    )


def taken(
    context: AccessContext, changes: Sequence[Change], *, terms: Terms, alone: bool, now: datetime
) -> list[Verdict | str]:
    """What became of each, in their order; a code where it could not be taken. In the caller's transaction. `alone`:
    they were tried together before, and something unforeseen went wrong.
    """
    if not changes:
        return []
    if not alone:
        try:
            with transaction.atomic():
                return list(take(context, changes, terms=terms, now=now))
        except TrustdeskError:
            pass  # whose fault it is shows when they are taken one by one
    found: list[Verdict | str] = []
    for change in changes:
        try:
            with transaction.atomic():
                found += take(context, [change], terms=terms, now=now)
        except TrustdeskError as fault:
            found.append(fault.code)
        except (DatabaseError, InterfaceError):
            raise
        except Exception:
            if not alone:
                raise
            found.append(FAULT)
    return found
