"""Taking in what arrived: sealed as it is read, and known again by its content and by its place in the feed."""

import errno
import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from trustdesk.feeds import places
from trustdesk.feeds.contracts import DeliveryState
from trustdesk.feeds.models import Delivery, Feed
from trustdesk.feeds.services.contexts import MANAGE
from trustdesk.feeds.services.rows import feed_of
from trustdesk.feeds.waking import wake
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, TrustdeskError
from trustdesk.kernel.ids import new_id, to_public
from trustdesk.vault.api import destroy_file, seal_file

MOST = 1024**3
"""Bytes of one delivery."""
_LONGEST_PLACE = 500


class TooBigError(TrustdeskError):
    """A delivery is larger than what is taken in at once."""

    code = "too-big"
    status = 413


class StorageFullError(TrustdeskError):
    """The disk has no room left; nothing that was there is lost."""

    code = "storage-full"
    status = 507


def receive(context: AccessContext, *, feed_id: int, pieces: Iterable[bytes], now: datetime, place: str = "") -> int:
    """Take in a file by hand; the delivery's id. The same content is taken in once: then it is the id of the first.
    Needs `feed:manage`.

    NotFoundError where there is no such feed; BadInputError for nothing at all; TooBigError above a gigabyte;
    StorageFullError where the disk is full.
    """
    context.check_operation(MANAGE)
    row = feed_of(context, feed_id)
    delivery_id = store(
        context, row, pieces=pieces, place=place or f"upload:{to_public(new_id())}", by_hand=True, now=now
    )
    wake(context.controller_id, feed_id)
    return delivery_id


def store(
    context: AccessContext,
    feed: Feed,
    *,
    pieces: Iterable[bytes],
    place: str,
    now: datetime,
    cursor: str | None = None,
    by_hand: bool = False,
    most: int = MOST,
) -> int:
    """The delivery's row, its sealed file with its key, and how far the feed was asked: all, or nothing."""
    file_id, measured = new_id(), _Measured(most)
    path = places.empty_file(context.controller_id, file_id)
    kept = False
    try:
        with scoped(context.scope):
            with _room(path):
                seal_file(context, file_id=file_id, pieces=measured.through(pieces), path=path)
                _settle(path)
            _check_there(measured)
            known = _known(feed, measured.digest, place)
            if known is None:
                made = _made(context, feed, place, measured, file_id, by_hand=by_hand, now=now)
                known, kept = made.id, made.file_id == file_id
            if not kept:
                destroy_file(context, file_id, now=now)
            if cursor is not None:
                Feed.objects.filter(controller_id=feed.controller_id, id=feed.id).update(cursor=cursor)
    except BaseException:
        places.delete(context.controller_id, file_id)
        raise
    if not kept:
        places.delete(context.controller_id, file_id)
    return known


def known_place(context: AccessContext, feed: Feed, place: str) -> bool:
    """Whether what the source calls so was taken in."""
    with scoped(context.scope):
        return Delivery.objects.filter(
            controller_id=feed.controller_id, feed_id=feed.id, place=place[:_LONGEST_PLACE]
        ).exists()


def _known(feed: Feed, digest: bytes, place: str) -> int | None:
    held = Delivery.objects.filter(controller_id=feed.controller_id, feed_id=feed.id)
    for found in (held.filter(digest=digest), held.filter(place=place[:_LONGEST_PLACE])):
        row = found.values_list("id", flat=True).first()
        if row is not None:
            return int(row)
    return None


def _made(
    context: AccessContext,
    feed: Feed,
    place: str,
    measured: "_Measured",
    file_id: int,
    *,
    by_hand: bool,
    now: datetime,
) -> Delivery:
    row = Delivery(
        controller_id=feed.controller_id,
        id=new_id(),
        feed_id=feed.id,
        place=place[:_LONGEST_PLACE],
        digest=measured.digest,
        size=measured.size,
        file_id=file_id,
        state=DeliveryState.WAITING,
        received_at=now,
        received_by=context.operator_id if by_hand else None,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # it came twice in the same moment: the other one was first
        known = _known(feed, measured.digest, place) or 0
        return Delivery.objects.get(controller_id=feed.controller_id, id=known)
    detail: dict[str, object] = {"feed": feed.id, "delivery": row.id, "file": measured.digest.hex()}
    context.journal.deed(context, "feed.received", detail=detail | {"by_hand": by_hand})
    return row


@dataclass(slots=True)
class _Measured:
    """What a delivery comes to, learned while it is sealed."""

    most: int
    size: int = 0
    _hash: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    @property
    def digest(self) -> bytes:
        return self._hash.digest()

    def through(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            self.size += len(piece)
            if self.size > self.most:
                raise TooBigError(
                    _("This is more than is taken in at once."), place="file", mend=_("Split it into several files.")
                )
            self._hash.update(piece)
            yield piece


@contextmanager
def _room(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
            raise
        raise StorageFullError(
            _("There is no room left on the disk."), place=str(path.parent), mend=_("Make room and do it again.")
        ) from None


def _check_there(measured: _Measured) -> None:
    if not measured.size:
        raise BadInputError(_("There is nothing in it."), place="file")


def _settle(path: Path) -> None:
    """On the disk before whoever sent it is told that it was taken."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
