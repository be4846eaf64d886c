"""From an opened message to what its carrier takes."""

import re
from datetime import datetime
from urllib.parse import urljoin

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from trustdesk.decision.contracts import Channel, PurposeKind
from trustdesk.delivery import references
from trustdesk.delivery.bounces import BOUNCE, MESSAGE_ID, UNSUBSCRIBE, tagged
from trustdesk.delivery.composing import Letter, Unsubscribe, compose, deliverable, needs_utf8
from trustdesk.delivery.contracts import RECEIPT_PATH, UNSUBSCRIBE_PATH, Sender
from trustdesk.delivery.references import Reference
from trustdesk.delivery.services.opening import Opened
from trustdesk.delivery.services.rows import Row
from trustdesk.delivery.transports.parcel import Mail, Parcel, Text
from trustdesk.kernel.ids import to_public

GATEWAY = "sms"
_NOT_LIST = re.compile(r"[^a-z0-9-]+")


def parcel(controller_id: int, row: Row, opened: Opened, sender: Sender, *, now: datetime) -> Parcel:
    """The message as its channel wants it. BadInputError where the address can't be written on that channel."""
    reference = Reference(controller_id, row.id)
    if row.channel == Channel.SMS:
        return _text(reference, row, opened, sender)
    return _mail(reference, row, opened, sender, now=now)


def _mail(reference: Reference, row: Row, opened: Opened, sender: Sender, *, now: datetime) -> Mail:
    domain = sender.mail_address.rpartition("@")[2]
    stop = None if row.urgent else _unsubscribe(reference, row, sender, domain)
    letter = Letter(
        sender=sender.mail_address,
        sender_name=sender.mail_name,
        recipient=deliverable(opened.address),
        reply_to=sender.reply_to,
        subject=opened.subject,
        text=_whole(row, opened.text, "" if stop is None else stop.link, sender.imprint),
        language=row.language,
        message_id=f"<{references.written(MESSAGE_ID, reference)}@{domain}>",
        at=now,
        unsubscribe=stop,
    )
    mailbox = sender.return_mailbox
    return Mail(
        name=to_public(row.id),
        sender=tagged(mailbox, BOUNCE, reference) if mailbox else sender.mail_address,
        recipient=letter.recipient,
        content=compose(letter),
        utf8=needs_utf8(letter),
        envelope_id=references.written(BOUNCE, reference),
    )


def _text(reference: Reference, row: Row, opened: Opened, sender: Sender) -> Text:
    return Text(
        name=gateway_name(reference.controller_id, reference.message_id),
        sender=sender.sms_name,
        recipient=opened.address.split(" ")[0],  # E.164; an extension is nothing that an SMS could dial
        text=_whole(row, opened.text, "" if row.urgent else unsubscribe_link(reference), ""),
        valid_until=row.not_after,
        receipt_url=urljoin(settings.TRUSTDESK_ADDRESS, RECEIPT_PATH),
    )


def gateway_name(controller_id: int, message_id: int) -> str:
    """By which an SMS gateway knows a message again."""
    return references.written(GATEWAY, Reference(controller_id, message_id))


def unsubscribe_link(reference: Reference) -> str:
    """Where one POST, or somebody who follows the link, ends messages of this purpose on this channel."""
    written = references.written(UNSUBSCRIBE, reference)
    return urljoin(settings.TRUSTDESK_ADDRESS, f"{UNSUBSCRIBE_PATH}{written}/")


def _unsubscribe(reference: Reference, row: Row, sender: Sender, domain: str) -> Unsubscribe:
    name = _NOT_LIST.sub("-", row.purpose.lower()).strip("-")
    return Unsubscribe(
        link=unsubscribe_link(reference),
        mailbox=tagged(sender.return_mailbox, UNSUBSCRIBE, reference) if sender.return_mailbox else "",
        list_id=f"{name}.{reference.controller_id}.{domain}",
    )


def _whole(row: Row, text: str, link: str, imprint: str) -> str:
    """What can be stopped says how, and who sent it (Directive 2002/58/EC Art. 13(2), (4)); advertising says it is."""
    if not link:
        return text
    with translation.override(row.language):
        label = _("Advertisement") if row.purpose_kind is PurposeKind.MARKETING else ""
        stop = _("Stop these messages: %(link)s") % {"link": link}
    return "\n\n".join(part for part in (label, text, stop, imprint) if part)
