"""What comes back to the return mailbox: delivery status notifications (RFC 3464) and unsubscriptions by mail."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.parser import HeaderParser

from trustdesk.delivery import references
from trustdesk.delivery.references import Reference

BOUNCE, UNSUBSCRIBE, MESSAGE_ID = "bounce", "unsubscribe", "message-id"
_TAGS = {"b": BOUNCE, "u": UNSUBSCRIBE}
_TAG = re.compile(r"\+([bu])\.([^@\s>]+)@", re.IGNORECASE)
_WRITTEN_ID = re.compile(r"<([^@<>\s]+)@[^<>\s]+>")
_ACTIONS = ("failed", "delayed", "delivered", "relayed", "expanded")  # RFC 3464, 2.3.3; the worst first
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_ADDRESSED = ("To", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To")


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a notification says of one message. `action`: failed, delayed, delivered, relayed or expanded (RFC 3464,
    2.3.3).
    """

    reference: Reference
    action: str
    status: str


@dataclass(frozen=True, slots=True)
class StopByMail:
    """Somebody answered the List-Unsubscribe mailbox."""

    reference: Reference


def tagged(mailbox: str, use: str, reference: Reference) -> str:
    """The mailbox with a tag that says which message it is about: `returns+b.01k8….2.…@example.org`."""
    local, _at, domain = mailbox.rpartition("@")
    letter = next(letter for letter, named in _TAGS.items() if named == use)
    return f"{local}+{letter}.{references.written(use, reference)}@{domain}"


def understand(raw: bytes) -> Bounce | StopByMail | None:
    """What a message to the return mailbox tells us; None where it is nothing we sent for, or not understood."""
    mail = message_from_bytes(raw)  # the lenient policy: a notification is often broken itself
    named = dict(_named(mail))
    if UNSUBSCRIBE in named:
        return StopByMail(named[UNSUBSCRIBE])
    blocks = next(_reports(mail), [])
    action, status = _said(blocks)
    reference = named.get(BOUNCE) or _envelope_id(blocks) or _returned_id(mail)
    return Bounce(reference, action, status) if reference is not None and action else None


def _named(mail: Message) -> Iterator[tuple[str, Reference]]:
    """The references in the addresses it was sent to, by their use."""
    for tag in _TAG.finditer(" ".join(str(value) for name in _ADDRESSED for value in mail.get_all(name, []))):
        use = _TAGS[tag[1].lower()]
        found = references.read(use, tag[2])
        if found is not None:
            yield use, found


def _reports(mail: Message) -> Iterator[list[Message]]:
    """The field blocks of each delivery status: the message's own first, then one a recipient (RFC 3464, 2.1)."""
    for part in mail.walk():
        if part.get_content_type() == "message/delivery-status":
            payload = part.get_payload()
            if isinstance(payload, list):
                yield [block for block in payload if isinstance(block, Message)]


def _said(blocks: list[Message]) -> tuple[str, str]:
    """Action and status. One mail has one recipient; of several blocks the worst counts."""
    found = []
    for block in blocks:
        action = str(block.get("Action", "")).split(";")[0].strip().lower()
        status = _STATUS.search(str(block.get("Status", "")))
        if action in _ACTIONS:
            found.append((_ACTIONS.index(action), status[0] if status else ""))
    if not found:
        return "", ""
    worst, status_text = min(found)
    return _ACTIONS[worst], status_text


def _envelope_id(blocks: list[Message]) -> Reference | None:
    """The ENVID given with MAIL (RFC 3461, 4.4), where the server knew what that is."""
    return next(
        filter(None, (references.read(BOUNCE, str(block.get("Original-Envelope-Id", "")).strip()) for block in blocks)),
        None,
    )


def _returned_id(mail: Message) -> Reference | None:
    """The Message-ID in the part of our mail that came back, whole or its headers only."""
    for part in mail.walk():
        kind, payload = part.get_content_type(), part.get_payload()
        if kind == "text/rfc822-headers" and isinstance(payload, str):
            returned: Message = HeaderParser().parsestr(payload)
        elif kind == "message/rfc822" and isinstance(payload, list) and isinstance(payload[0], Message):
            returned = payload[0]
        else:
            continue
        written = _WRITTEN_ID.search(str(returned.get("Message-ID", "")))
        found = references.read(MESSAGE_ID, written[1]) if written else None
        if found is not None:
            return found
    return None
