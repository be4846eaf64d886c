"""Letters by mail: one becomes a request, or is added to the one whose reference it quotes. Who a mail says it is from
is kept for whoever answers, and identifies nobody.
"""

from datetime import datetime, timedelta

from django.conf import settings

from trustdesk.delivery.api import sender_of
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import TrustdeskError
from trustdesk.kernel.ids import new_id
from trustdesk.mandates.api import controller
from trustdesk.rights import mails
from trustdesk.rights.contracts import Channel, Letter, NewRequest, Taken
from trustdesk.rights.models import Letter as Row
from trustdesk.rights.models import Request
from trustdesk.rights.services.receiving import receive, repeat
from trustdesk.seal.api import derive, mac

KEPT = timedelta(days=90)


def take_mail(context: AccessContext, *, raw: bytes, now: datetime) -> Letter:
    """Take one message in (see `rights.api`)."""
    context.check_operation("request:take")
    key = _digest(raw)
    with scoped(context.scope):
        earlier = Row.objects.filter(controller_id=context.controller_id, digest=key).first()
        if earlier is not None:
            return letter(earlier)
        try:
            with scoped(context.scope):
                taken, reason, request_id = _dealt_with(context, raw, now)
        except TrustdeskError as fault:  # it was understood, and is none of those that can be taken in
            taken, reason, request_id = Taken.PARKED, fault.code, None
        return _kept(context, key, taken, reason, request_id, now=now)


def park(context: AccessContext, *, named: bytes, reason: str, now: datetime) -> Letter:
    """Note a letter that was not even fetched: `named` is what it is known by in its mailbox."""
    key = _digest(named)
    with scoped(context.scope):
        earlier = Row.objects.filter(controller_id=context.controller_id, digest=key).first()
        return letter(earlier) if earlier else _kept(context, key, Taken.PARKED, reason, None, now=now)


def letters_taken(context: AccessContext, *, limit: int = 100) -> list[Letter]:
    """The newest letters (see `rights.api`)."""
    if not context.allows("delivery:read"):
        context.check_operation("request:take")
    with scoped(context.scope):
        rows = Row.objects.filter(controller_id=context.controller_id).order_by("-taken_at", "-id")
        return [letter(row) for row in rows[:limit]]


def letter(row: Row) -> Letter:
    return Letter(
        letter_id=row.id, taken_at=row.taken_at, taken=Taken(row.taken), reason=row.reason, request_id=row.request_id
    )


def _digest(octets: bytes) -> bytes:
    return mac(derive(bytes.fromhex(settings.SECRET_KEY), "trustdesk rights letter"), octets)


def _kept(
    context: AccessContext, key: bytes, taken: Taken, reason: str, request_id: int | None, *, now: datetime
) -> Letter:
    row = Row.objects.create(
        controller_id=context.controller_id,
        id=new_id(),
        digest=key,
        taken_at=now,
        taken=taken,
        reason=reason,
        request_id=request_id,
    )
    return letter(row)


def _dealt_with(context: AccessContext, raw: bytes, now: datetime) -> tuple[Taken, str, int | None]:
    sender = sender_of(context)
    own = {address for address in (sender.mail_address, sender.reply_to, sender.return_mailbox) if address}
    try:
        mail = mails.parsed(raw, own=own)
    except mails.BrokenMailError as fault:
        return Taken.PARKED, str(fault), None
    if mail.machine:
        return Taken.IGNORED, mail.machine, None
    reason = "attachments" if mail.attachments else ""
    words = f"{mail.words}\n\n[{mail.attachments}]" if mail.attachments else mail.words
    quoted = _quoted(context, mail)
    if quoted is not None:
        repeat(context, request_id=quoted, words=f"{mail.sender}\n\n{words}"[: mails.LONGEST], now=now)
        return Taken.ADDED, reason, quoted
    new = NewRequest(
        kind=mail.kind,
        channel=Channel.MAIL,
        received_at=now,
        language=controller(context.controller_id).languages[0],
        words=words[: mails.LONGEST],
        name=mail.name[:200],
        reply_to=mail.sender[:200],
    )
    return Taken.OPENED, reason, receive(context, new=new, now=now).request_id


def _quoted(context: AccessContext, mail: mails.Mail) -> int | None:
    """An open request whose reference stands in it. Nothing is answered, so guessing tells nobody anything."""
    found = Request.objects.filter(
        controller_id=context.controller_id, reference__in=mail.references, closed_at=None
    ).order_by("-id")
    return found.values_list("id", flat=True).first() if mail.references else None
