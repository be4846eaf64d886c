"""Rows of feeds and deliveries, found in the scope of a context and locked where they are about to change."""

from django.utils.translation import gettext as _

from trustdesk.feeds.models import Delivery, Feed
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError


def feed_of(context: AccessContext, feed_id: int) -> Feed:
    """NotFoundError where there is none to be seen from here."""
    with scoped(context.scope):
        row = Feed.objects.filter(controller_id=context.controller_id, id=feed_id).first()
    return _there(row)


def locked_feed(context: AccessContext, feed_id: int) -> Feed:
    """Inside the scope: nobody else changes it until the transaction ends."""
    return _there(Feed.objects.select_for_update().filter(controller_id=context.controller_id, id=feed_id).first())


def delivery_of(context: AccessContext, delivery_id: int) -> Delivery:
    """NotFoundError where there is none to be seen from here."""
    with scoped(context.scope):
        row = Delivery.objects.filter(controller_id=context.controller_id, id=delivery_id).first()
    return _known(row)


def locked_delivery(context: AccessContext, delivery_id: int) -> Delivery:
    """Inside the scope: nobody else changes it until the transaction ends."""
    return _known(
        Delivery.objects.select_for_update().filter(controller_id=context.controller_id, id=delivery_id).first()
    )


def _there(row: Feed | None) -> Feed:
    if row is None:
        raise NotFoundError(_("There is no such feed."), place="feed")
    return row


def _known(row: Delivery | None) -> Delivery:
    if row is None:
        raise NotFoundError(_("There is no such delivery."), place="delivery")
    return row
