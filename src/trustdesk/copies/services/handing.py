"""Handing a copy out: to an officer, or to the person, who has proved to be it. In the log before the first octet."""

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext as _

from trustdesk.copies import places, selectors
from trustdesk.copies.contracts import Download, State
from trustdesk.copies.models import Copy
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext, Opening
from trustdesk.kernel.errors import NotFoundError, RefusedError
from trustdesk.kernel.ids import to_public
from trustdesk.mandates.api import EVERY_CATEGORY
from trustdesk.register.api import proves, shown_as_one
from trustdesk.vault.api import SealedFile, open_file

MEDIA_TYPE = "application/zip"
_PIECE = 1 << 16


def download(context: AccessContext, *, copy_id: int, now: datetime) -> Download:
    """The file, for an officer (see `copies.api`)."""
    context.check_operation("copy:make")
    if EVERY_CATEGORY not in context.categories:
        raise RefusedError(
            _("A copy holds every kind of data, and your mandate does not cover all of them."),
            place="mandate",
            mend=_("Send the copy to the customer, or ask the company to hand it over."),
        )
    return _handed(context, _ready(context, copy_id, now=now), now=now)


def own_download(context: AccessContext, *, customer_id: int, value_id: int, copy_id: int, now: datetime) -> Download:
    """The file, for the customer of a visit (see `copies.api`)."""
    if not proves(context, customer_id=customer_id, value_id=value_id, now=now):
        raise RefusedError(
            _("The address by which you came in is on file for less than thirty days."),
            place="contact point",
            mend=_("Come in by one that we have known for longer, or ask us for the copy."),
        )
    row = _ready(context, copy_id, now=now)
    if row.customer_id not in shown_as_one(context, customer_id):
        raise _nothing()
    return _handed(context, row, now=now)


def _ready(context: AccessContext, copy_id: int, *, now: datetime) -> Copy:
    with scoped(context.scope):
        try:
            row = selectors.found(context, copy_id)
        except NotFoundError:
            raise _nothing() from None
    if row.state != State.READY or row.expires_at is None or row.expires_at <= now:
        raise _nothing()
    return row


def _handed(context: AccessContext, row: Copy, *, now: datetime) -> Download:
    file_id = row.file_id or 0
    opening = Opening("copy.download", [row.customer_id], ["copy"])
    path = places.path_of(context.controller_id, file_id)
    sealed = open_file(context, opening=opening, file_id=file_id, path=path)
    with scoped(context.scope):
        Copy.objects.filter(controller_id=context.controller_id, id=row.id).update(
            downloads=F("downloads") + 1, downloaded_at=now
        )
        detail: dict[str, object] = {"copy": row.id, "by": "operator" if context.operator_id else "person"}
        context.journal.deed(context, "copy.downloaded", subjects=[row.customer_id], detail=detail)
    try:
        size, pieces = sealed.size, _pieces(sealed)
    except OSError:
        raise _nothing() from None
    return Download(name=f"copy-{to_public(row.id)}.zip", media_type=MEDIA_TYPE, size=size, pieces=pieces)


def _pieces(sealed: SealedFile) -> Iterator[bytes]:
    """The content; that the file is whole is known before the first piece is asked for."""
    stream = sealed.open()

    def read() -> Iterator[bytes]:
        with closing(stream):
            while piece := stream.read(_PIECE):
                yield piece

    return read()


def _nothing() -> NotFoundError:
    """The same for another's, for what is over and for what never was."""
    return NotFoundError(_("There is no copy to download here."), place="copy", mend=_("Ask us for a new one."))
