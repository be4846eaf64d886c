"""Signed messages that come by themselves: believed, stored, and answered at once; applied by the worker."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _
from standardwebhooks import Webhook, WebhookVerificationError

from trustdesk.feeds.contracts import FeedState, Transport
from trustdesk.feeds.services.contexts import house
from trustdesk.feeds.services.receiving import store
from trustdesk.feeds.services.rows import feed_of
from trustdesk.feeds.services.secrets import secret_of
from trustdesk.feeds.waking import wake
from trustdesk.kernel.errors import NotFoundError, RefusedError

MESSAGE_LIMIT = 1_048_576
"""Bytes of one message."""
_LONGEST_ID = 200


def take_message(controller_id: int, feed_id: int, *, body: bytes, headers: Mapping[str, str], now: datetime) -> int:
    """One message of a feed, signed after Standard Webhooks; the delivery's id. The same message again is the one that
    was taken before.

    RefusedError where there is no such feed, no secret, or the signature is missing, wrong or older than five minutes:
    which of them is not said. NotFoundError while the feed is paused: whoever sends comes again.
    """
    try:
        context = house(controller_id, now=now)
        feed = feed_of(context, feed_id)
    except (RefusedError, NotFoundError):
        raise _refused() from None
    secret = secret_of(feed) if feed.transport == Transport.WEBHOOK else ""
    if not secret:
        raise _refused()
    try:
        Webhook(secret).verify(body, dict(headers), json_parse=False)
    except (WebhookVerificationError, ValueError):
        raise _refused() from None
    if feed.state == FeedState.PAUSED:
        raise NotFoundError(_("This feed takes nothing for now."), place="feed")
    given = {name.lower(): value for name, value in headers.items()}["webhook-id"]
    delivery_id = store(
        context, feed, pieces=[body], place=f"message:{given[:_LONGEST_ID]}", now=now, most=MESSAGE_LIMIT
    )
    wake(controller_id, feed_id)
    return delivery_id


def _refused() -> RefusedError:
    return RefusedError("The signature is not that of a feed.", place="webhook-signature")
