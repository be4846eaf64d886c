"""The company's mailbox for requests: set, and read by the worker (IMAP, RFC 9051; TLS always, RFC 8314). Its server
is reached as connected systems are: one in the own house only where the settings name its net.

What was taken in whole is deleted there: a second store of it would be one more to search after an erasure. What has
attachments, and what could not be read, is moved into a folder of its own, for somebody to look at.
"""

import contextlib
import imaplib
import ssl
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice

from django.utils.translation import gettext as _
from imap_tools import BaseMailBox
from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, MailboxLoginError

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, NotFoundError, RefusedError
from trustdesk.mandates.api import controllers, system_context
from trustdesk.outside.api import OutsideError, Post
from trustdesk.outside.contracts import Fault
from trustdesk.rights import mails
from trustdesk.rights.contracts import Mailbox, NewMailbox, Security, Taken
from trustdesk.rights.models import Mailbox as Row
from trustdesk.rights.services.mailing import park, take_mail
from trustdesk.vault.api import root_unwrap, root_wrap

ATTACHMENTS = "Attachments"
PARKED = "Parked"
_MOST = 50  # letters at a time; the next round is minutes away
_LARGEST_PORT = 65535


def set_mailbox(context: AccessContext, *, new: NewMailbox, now: datetime) -> None:
    """Say which mailbox is read from now on (IMAP over TLS). Needs `delivery:manage`. BadInputError where it is
    incomplete (a password is kept for the same server and user only), or where the folder is one of those into which
    letters are put away. It is not reached: see `try_mailbox`. A paused one stays paused.
    """
    context.check_operation("delivery:manage")
    if not new.host.strip() or not new.user.strip() or not 0 < new.port <= _LARGEST_PORT:
        raise BadInputError(_("A mailbox has a server, a port and a user."), place="mailbox", mend=_("Fill it in."))
    if not all(typed.isprintable() for typed in (new.host, new.user, new.folder)):
        raise BadInputError(_("Something that can't be typed stands in it."), place="mailbox", mend=_("Write it anew."))
    if not new.folder.strip() or new.folder.strip() in {ATTACHMENTS, PARKED}:
        raise BadInputError(
            _("This folder can't be read from: letters are put away into it."), place="folder", mend=_("Name another.")
        )
    with scoped(context.scope):
        known = Row.objects.filter(controller_id=context.controller_id).first()
        if not new.password and (known is None or (known.host, known.user) != (new.host.strip(), new.user.strip())):
            # Kept for another server it would be handed to whoever answers there.
            raise BadInputError(_("The mailbox needs its password."), place="password", mend=_("Fill it in."))
        wrapped = root_wrap(new.password.encode(), label=_label(context)) if new.password else None
        Row.objects.update_or_create(
            controller_id=context.controller_id,
            defaults={
                "host": new.host.strip(),
                "port": new.port,
                "security": new.security,
                "user": new.user.strip(),
                "folder": new.folder.strip(),
                "password": wrapped or (known.password if known else b""),
                "failing_since": None,
                "fault": "",
                "changed_at": now,
                "changed_by": context.operator_id,
            },
        )
        context.journal.deed(context, "rights.mailbox.set", detail={"port": new.port, "security": new.security})


def try_mailbox(context: AccessContext, *, now: datetime) -> Mailbox:
    """Reach the mailbox, sign in and open its folder; how it stands then, fault and all. Reads no letter. Needs
    `delivery:manage`. NotFoundError where none is set. Not inside a transaction: it waits for another machine.
    """
    context.check_operation("delivery:manage")
    row = _held(context)
    _none, fault = _reached(context, row, lambda _box: 0)
    with scoped(context.scope):
        _noted(context, row, fault, read_at=row.read_at, now=now)
        context.journal.deed(context, "rights.mailbox.tried", detail={"worked": not fault})
    return _seen(_held(context))


def pause_mailbox(context: AccessContext, *, now: datetime) -> None:
    """Read it no more until it is taken up again. Needs `delivery:manage`. NotFoundError where none is set."""
    _pause(context, now, "rights.mailbox.paused")


def resume_mailbox(context: AccessContext) -> None:
    """Read it again. Needs `delivery:manage`. NotFoundError where none is set."""
    _pause(context, None, "rights.mailbox.resumed")


def _pause(context: AccessContext, paused_at: datetime | None, deed: str) -> None:
    context.check_operation("delivery:manage")
    with scoped(context.scope):
        row = _held(context)
        if (row.paused_at is None) is not (paused_at is None):
            row.paused_at = paused_at
            row.save(update_fields=["paused_at"])
            context.journal.deed(context, deed, detail={})


def remove_mailbox(context: AccessContext) -> None:
    """Read none any more. Needs `delivery:manage`."""
    context.check_operation("delivery:manage")
    with scoped(context.scope):
        if Row.objects.filter(controller_id=context.controller_id).delete()[0]:
            context.journal.deed(context, "rights.mailbox.removed", detail={})


def mailbox(context: AccessContext) -> Mailbox | None:
    """The mailbox as it is set, without its password. Needs `delivery:read` or `request:work`."""
    if not context.allows("delivery:read"):
        context.check_operation("request:work")
    with scoped(context.scope):
        row = Row.objects.filter(controller_id=context.controller_id).first()
    return _seen(row) if row else None


def _seen(row: Row) -> Mailbox:
    return Mailbox(
        host=row.host,
        port=row.port,
        security=Security(row.security),
        user=row.user,
        folder=row.folder,
        paused_at=row.paused_at,
        read_at=row.read_at,
        failing_since=row.failing_since,
        fault=row.fault,
    )


def read_all(*, now: datetime) -> int:
    """Over all companies; how many letters were taken."""
    taken = 0
    for company in controllers():
        try:
            context = system_context(company.id, purpose="compliance", now=now, on_behalf_of=0)
        except RefusedError:
            continue  # its own mandate has ended: nothing of it opens any more
        with contextlib.suppress(NotFoundError):
            taken += read_mailbox(context, now=now)
    return taken


def read_mailbox(context: AccessContext, *, now: datetime) -> int:
    """Take what lies in the mailbox, fifty letters at most; how many. What goes wrong stands on it; a paused one is
    left alone. NotFoundError where none is set. Not inside a transaction: each letter is one.
    """
    row = _held(context)
    if row.paused_at is not None:
        return 0
    taken, fault = _reached(context, row, lambda box: _emptied(context, box, row.folder, now))
    with scoped(context.scope):
        _noted(context, row, fault, read_at=row.read_at if fault else now, now=now)
    return taken


def _held(context: AccessContext) -> Row:
    with scoped(context.scope):
        row = Row.objects.filter(controller_id=context.controller_id).first()
    if row is None:
        raise NotFoundError(_("No mailbox is set."), place="mailbox", mend=_("Set it in the console."))
    return row


def _reached(context: AccessContext, row: Row, act: Callable[[BaseMailBox], int]) -> tuple[int, str]:
    """What `act` says of the opened folder; else nothing, and what is wrong."""
    try:
        with _signed_in(row, root_unwrap(bytes(row.password), label=_label(context)).decode()) as box:
            return act(box), ""
    except OutsideError as told:
        return 0, "not-allowed" if told.fault is Fault.NOT_ALLOWED else "connection"
    except MailboxLoginError:
        return 0, "sign-in"
    except MailboxFolderSelectError:
        return 0, "folder"
    except ssl.SSLError:
        return 0, "certificate"
    except (OSError, ImapToolsError, imaplib.IMAP4.error):
        return 0, "connection"


@contextlib.contextmanager
def _signed_in(row: Row, password: str) -> Iterator[BaseMailBox]:
    box = Post(row.host, row.port, starttls=row.security == Security.STARTTLS)
    try:
        box.login(row.user, password, initial_folder=row.folder)
        yield box
        box.logout()
    finally:
        with contextlib.suppress(OSError):
            box.client.shutdown()


def _emptied(context: AccessContext, box: BaseMailBox, folder: str, now: datetime) -> int:
    """One letter after another: taken in a transaction of its own, then put away. Where it stops between, the letter is
    known by its digest the next time.
    """
    taken, validity = 0, box.folder.status(folder, ["UIDVALIDITY"])["UIDVALIDITY"]
    for uid in list(islice(box.uids("ALL"), _MOST)):
        raw = _raw(box, uid)
        if raw is None:
            park(context, named=f"{box.client.host}|{validity}|{uid}".encode(), reason="too-large", now=now)
            _put(box, uid, PARKED)
            continue
        letter = take_mail(context, raw=raw, now=now)
        if letter.taken is Taken.PARKED:
            _put(box, uid, PARKED)
        elif letter.reason == "attachments":
            _put(box, uid, ATTACHMENTS)
        else:
            box.delete(uid)
        taken += 1
    return taken


def _raw(box: BaseMailBox, uid: str) -> bytes | None:
    """The octets of a letter, unread as before; None where it is too large to be fetched."""
    _said, sizes = box.client.uid("fetch", uid, "(RFC822.SIZE)")
    size = int(bytes(sizes[0]).split(b"RFC822.SIZE ")[1].split(b")")[0].split()[0])
    if size > mails.LARGEST:
        return None
    _said, parts = box.client.uid("fetch", uid, "(BODY.PEEK[])")
    return next(bytes(part[1]) for part in parts if isinstance(part, tuple))


def _put(box: BaseMailBox, uid: str, folder: str) -> None:
    if not box.folder.exists(folder):
        box.folder.create(folder)
    box.move(uid, folder)


def _noted(context: AccessContext, row: Row, fault: str, *, read_at: datetime | None, now: datetime) -> None:
    """Of the mailbox as it was when it was reached: what was set anew meanwhile is another one."""
    Row.objects.filter(controller_id=context.controller_id, changed_at=row.changed_at).update(
        failing_since=(row.failing_since or now) if fault else None, fault=fault, read_at=read_at
    )


def _label(context: AccessContext) -> str:
    return f"rights|mailbox|{context.controller_id}"
