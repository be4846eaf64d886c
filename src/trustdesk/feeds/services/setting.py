"""Feeds: declared, changed, paused and taken away."""

from dataclasses import asdict
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from trustdesk.feeds import reading
from trustdesk.feeds.contracts import Brake, DeliveryState, FeedState, NewFeed, Transport
from trustdesk.feeds.models import Delivery, Feed
from trustdesk.feeds.services.contexts import MANAGE
from trustdesk.feeds.services.forgetting import forget_file
from trustdesk.feeds.services.rows import locked_feed
from trustdesk.feeds.services.secrets import signing_secret, wrapped
from trustdesk.feeds.setups import read_setup
from trustdesk.feeds.waking import wake
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, ConflictError
from trustdesk.kernel.ids import new_id
from trustdesk.register.api import create_source
from trustdesk.register.api import source as source_of
from trustdesk.register.contracts import NewSource, SourceKind

_LONGEST_NAME, _LONGEST_SECRET = 100, 20_000
_MOST_MINUTES, _MOST_DAYS = 1_440, 3_650


def save_feed(
    context: AccessContext, *, feed_id: int | None, new: NewFeed, now: datetime, source: NewSource | None = None
) -> int:
    """Declare a feed (`feed_id` None), or change one; its id. Needs `feed:manage`. `source` is recorded with it, and
    stands in place of the one that `new` names.

    A feed whose other side changed gets its secret anew: the old one belongs to the old place. BadInputError names the
    part that does not fit, the source that is not one of a feed included; ConflictError for a name that is taken, or
    another way in than the one the feed began with.
    """
    context.check_operation(MANAGE)
    setup = read_setup(new.transport, new.setup)
    _check(new)
    with scoped(context.scope):
        source_id = create_source(context, source=source, now=now) if source is not None else new.source_id
        _check_source(context, source_id)
        row = locked_feed(context, feed_id) if feed_id is not None else None
        if row is not None and row.transport != new.transport:
            raise ConflictError(_("A feed keeps its way in."), place="transport", mend=_("Declare another one."))
        identifier = row.id if row is not None else new_id()
        moved = row is not None and read_setup(Transport(row.transport), row.setup).place != setup.place
        if row is not None and moved and new.secret is None and row.secret is not None:
            raise BadInputError(
                _("The source is at another place now: its secret has to be given anew."), place="secret"
            )
        secret = row.secret if row is not None else None
        if new.secret is not None:
            secret = wrapped(new.secret, context.controller_id, identifier)
        values = {
            "name": new.name.strip(),
            "transport": new.transport,
            "setup": setup.model_dump(mode="json"),
            "secret": secret,
            "format": new.format,
            "reading": dict(new.reading),
            "source_id": source_id,
            "country": new.country,
            "kinds": sorted(new.kinds),
            "outranked_days": new.outranked_days,
            "brake": asdict(new.brake),
            "every_minutes": new.every_minutes,
            "next_at": None,  # it is asked at once, and shown whether that works
            "changed_at": now,
            "changed_by": context.operator_id,
        }
        if row is None:
            values |= {"state": FeedState.ACTIVE}
        try:
            with transaction.atomic():
                Feed.objects.update_or_create(controller_id=context.controller_id, id=identifier, defaults=values)
        except IntegrityError:
            raise ConflictError(_("There is already a feed of this name."), place="name") from None
        detail: dict[str, object] = {"feed": identifier, "transport": str(new.transport), "format": new.format}
        context.journal.deed(context, "feed.set", detail=detail)
    wake(context.controller_id, identifier)
    return identifier


def make_secret(context: AccessContext, *, feed_id: int, now: datetime) -> str:
    """A fresh secret for the signatures of a feed's messages (Standard Webhooks, `whsec_…`), shown this once. The one
    before is good no more. Needs `feed:manage`. ConflictError where no messages come in.
    """
    context.check_operation(MANAGE)
    with scoped(context.scope):
        row = locked_feed(context, feed_id)
        if row.transport != Transport.WEBHOOK:
            raise ConflictError(_("This feed takes no signed messages."), place="feed")
        made = signing_secret()
        _changed(row, secret=wrapped(made, context.controller_id, feed_id), changed_at=now)
        context.journal.deed(context, "feed.secret", detail={"feed": feed_id})
    return made


def pause(context: AccessContext, *, feed_id: int, now: datetime) -> None:
    """Ask it no more, and apply nothing of it, until it is taken up again. Needs `feed:manage`. A chunk that is being
    applied is applied to its end. ConflictError where the brake has stopped it: that is decided on the delivery.
    """
    context.check_operation(MANAGE)
    with scoped(context.scope):
        row = locked_feed(context, feed_id)
        if row.state == FeedState.STOPPED:
            raise ConflictError(_("The brake has stopped this feed."), place="feed", mend=_("Decide on the delivery."))
        _changed(row, state=FeedState.PAUSED, changed_at=now)
        context.journal.deed(context, "feed.paused", detail={"feed": feed_id})


def resume(context: AccessContext, *, feed_id: int, now: datetime) -> None:
    """Go on. Needs `feed:manage`. ConflictError while a delivery that the brake has stopped is not decided on."""
    context.check_operation(MANAGE)
    with scoped(context.scope):
        row = locked_feed(context, feed_id)
        stopped = Delivery.objects.filter(
            controller_id=context.controller_id, feed_id=feed_id, state=DeliveryState.STOPPED
        )
        if stopped.exists():
            raise ConflictError(_("The brake has stopped this feed."), place="feed", mend=_("Decide on the delivery."))
        _changed(row, state=FeedState.ACTIVE, next_at=None, attempt=0, changed_at=now)
        context.journal.deed(context, "feed.resumed", detail={"feed": feed_id})
    wake(context.controller_id, feed_id)


def ask_now(context: AccessContext, *, feed_id: int) -> None:
    """Ask the source at once, and try again what failed and waits for its time. Needs `feed:manage`."""
    context.check_operation(MANAGE)
    with scoped(context.scope):
        row = locked_feed(context, feed_id)
        _changed(row, next_at=None)
        Delivery.objects.filter(controller_id=context.controller_id, feed_id=feed_id).exclude(next_at=None).update(
            next_at=None
        )
        context.journal.deed(context, "feed.asked", detail={"feed": feed_id})
    wake(context.controller_id, feed_id)


def start_over(context: AccessContext, *, feed_id: int) -> None:
    """Ask the source for everything again, from its beginning: what was taken before changes nothing. Needs
    `feed:manage`.
    """
    context.check_operation(MANAGE)
    with scoped(context.scope):
        row = locked_feed(context, feed_id)
        _changed(row, cursor="", next_at=None)
        context.journal.deed(context, "feed.started-over", detail={"feed": feed_id})
    wake(context.controller_id, feed_id)


def remove(context: AccessContext, *, feed_id: int, now: datetime) -> None:
    """It is the company's no longer: what waited is not applied, its files and its secret are gone. Needs
    `feed:manage`. What it changed stays changed, with its source; the log keeps what was done.
    """
    context.check_operation(MANAGE)
    with scoped(context.scope):
        row = locked_feed(context, feed_id)
        mine = Delivery.objects.filter(controller_id=context.controller_id, feed_id=feed_id)
        for each in mine.exclude(file_id=None).order_by("id").select_for_update():
            forget_file(context, each, now=now)
        row.delete()
        context.journal.deed(context, "feed.removed", detail={"feed": feed_id})


def _changed(row: Feed, **values: object) -> None:
    Feed.objects.filter(controller_id=row.controller_id, id=row.id).update(**values)


def _check(new: NewFeed) -> None:
    if not new.name.strip() or len(new.name) > _LONGEST_NAME or not new.name.isprintable():
        raise BadInputError(_("A feed needs a name of at most 100 letters."), place="name")
    if new.secret is not None and len(new.secret) > _LONGEST_SECRET:
        raise BadInputError(_("This secret is too long."), place="secret")
    if not (len(new.country) == 2 and new.country.isalpha() and new.country.isupper()):
        raise BadInputError(_("This is not the code of a country."), place="country", mend="FI")
    if not new.kinds:
        raise BadInputError(_("Name at least one kind of change that it may bring."), place="kinds")
    if not 1 <= new.every_minutes <= _MOST_MINUTES:
        raise BadInputError(_("Between one minute and a day."), place="every_minutes")
    if not 0 <= new.outranked_days <= _MOST_DAYS:
        raise BadInputError(_("Between nothing and ten years."), place="outranked_days")
    _check_brake(new.brake)
    reading.check(new.format, new.reading)


def _check_source(context: AccessContext, source_id: int) -> None:
    if source_of(context, source_id).kind is not SourceKind.FEED:
        raise BadInputError(
            _("Changes come from a source that is a feed."), place="source_id", mend=_("Declare one for it.")
        )


def _check_brake(brake: Brake) -> None:
    for name in ("deaths", "one_address", "register", "future"):
        if not 0 <= getattr(brake, name) <= 1:
            raise BadInputError(_("A share is between nothing and all."), place=f"brake.{name}")
    if brake.least < 0:
        raise BadInputError(_("This number is not below nought."), place="brake.least")
