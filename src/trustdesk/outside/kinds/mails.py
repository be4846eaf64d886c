"""One mail read for one person: who stands in it, whether it speaks of them, and what is left without them."""

import email
import email.policy
import hashlib
import html
import re
from collections.abc import Iterable, Mapping, Sequence
from email.message import EmailMessage
from email.utils import getaddresses

from trustdesk.outside.contracts import EMAIL, NAME, PHONE, Person
from trustdesk.outside.matching import Whose, phone_notations
from trustdesk.outside.setups import ImapSetup

MARK = "X-Trustdesk-Taken-Out"
"""The header of a mail somebody was taken out of: the digest of what it was, so that it is made once."""
_PARTIES = ("From", "Sender", "Reply-To", "To", "Cc", "Bcc", "Delivered-To", "Return-Path")
_KEPT = ("From", "Reply-To", "To", "Cc", "Subject", "Date", "Message-ID", "In-Reply-To", "References")
_TAG = re.compile(r"<(?:style|script)\b.*?</(?:style|script)>|<[^>]*>", re.DOTALL | re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s<>,;:\"()]+@[^\s<>,;:\"()]+")
_BETWEEN = r"[\s()/.\u00a0-]*"
_GONE = "[…]"
_NOTE = "[Taken out on the person's request; attachments and formatting are gone with it.]"


class Reader:
    """What is known of the person, ready for one mail after the other."""

    def __init__(self, setup: ImapSetup, person: Person) -> None:
        self._own = tuple(place.casefold() for place in setup.own)
        self._now = {address.casefold() for address in person.known.get(EMAIL, ())}
        self._once = {address.casefold() for address in person.former.get(EMAIL, ())} - self._now
        told = {key: person.known.get(key, ()) for key in {EMAIL, *setup.mentioned}}
        self._speaking = _pattern({key: values for key, values in told.items() if key != NAME})
        self._taken_out = _pattern({**told, "former": person.former.get(EMAIL, ())})

    def whose(self, raw: bytes) -> Whose:
        """Theirs where they are a party or are spoken of by an identifier; doubtful by an address of once."""
        mail = _parsed(raw)
        parties = _parties(mail)
        if parties & self._now:
            return Whose.THEIRS
        if parties & self._once:
            return Whose.DOUBTFUL
        spoken = self._speaking is not None and self._speaking.search(_text(mail) + "\n" + _header(mail, "Subject"))
        return Whose.THEIRS if spoken else Whose.ANOTHERS

    def alone(self, raw: bytes) -> bool:
        """Nobody but the person and the company stands in it: it may go as a whole."""
        parties = _parties(_parsed(raw))
        return bool(parties & self._now) and not any(
            party not in self._now | self._once and not self._company(party) for party in parties
        )

    def taken_out(self, raw: bytes) -> bytes:
        """The mail without the person: the other parties, the instant and the text stay, attachments don't."""
        mail, left = _parsed(raw), EmailMessage(policy=email.policy.SMTP)
        for name in _KEPT:
            value = self._cut(_header(mail, name))
            if value:
                left[name] = value
        left[MARK] = digest(raw)
        left.set_content(f"{self._cut(_text(mail)).strip()}\n\n{_NOTE}\n")
        return left.as_bytes()

    def _cut(self, text: str) -> str:
        return self._taken_out.sub(_GONE, text) if self._taken_out is not None else text

    def _company(self, party: str) -> bool:
        return any(party == place or party.endswith(f"@{place}") for place in self._own)


def digest(raw: bytes) -> str:
    """By which a mail that was taken apart is known again."""
    return hashlib.sha256(raw).hexdigest()[:32]


def shown(raw: bytes) -> dict[str, str | None]:
    """The few headers that a dry run shows a little of."""
    mail = _parsed(raw)
    return {name.lower(): _header(mail, name) for name in ("From", "To", "Subject")}


def readable(raw: bytes) -> dict[str, str]:
    """What a person reads of it."""
    mail = _parsed(raw)
    said = {name.lower(): _header(mail, name) for name in ("Date", "From", "To", "Subject")}
    return {name: text for name, text in {**said, "text": _text(mail).strip()}.items() if text}


def _parsed(raw: bytes) -> EmailMessage:
    return email.message_from_bytes(raw, policy=email.policy.default)


def _header(mail: EmailMessage, name: str) -> str:
    """One header as a line; what can't be read as such a header is read as it stands."""
    try:
        return " ".join(str(mail.get(name, "")).split())
    except (ValueError, IndexError, AttributeError):  # the library's own parsers fail so on what is no mail
        return next(
            (" ".join(str(text).split()) for held, text in mail.raw_items() if held.lower() == name.lower()), ""
        )


def _parties(mail: EmailMessage) -> frozenset[str]:
    return frozenset(address.casefold() for name in _PARTIES for address in _addresses(_header(mail, name)))


def _addresses(text: str) -> list[str]:
    """Header by header: some releases of the library give nothing for a list in which one is empty, or where a name
    has a comma without quotes. What it can't part is read address by address.
    """
    found = [address for _name, address in getaddresses([text]) if "@" in address] if text else []
    return found or _ADDRESS.findall(text)


def _text(mail: EmailMessage) -> str:
    """What can be read of it: plain parts, else formatted ones without their marks."""
    plain: list[str] = []
    formatted: list[str] = []
    for part in mail.walk():
        kind = part.get_content_type()
        if part.is_multipart() or kind not in {"text/plain", "text/html"} or part.is_attachment():
            continue
        payload = part.get_payload(decode=True)
        content = payload.decode(_charset(part), "replace") if isinstance(payload, bytes) else ""
        (plain if kind == "text/plain" else formatted).append(content)
    return "\n".join(plain) if plain else "\n".join(html.unescape(_TAG.sub(" ", one)) for one in formatted)


def _charset(part: EmailMessage) -> str:
    named = part.get_content_charset("utf-8") or "utf-8"
    try:
        "".encode(named)
    except LookupError:
        return "latin-1"
    return named


def _pattern(values: Mapping[str, Sequence[str]]) -> re.Pattern[str] | None:
    """All identifiers as one expression, the longest first, each as a word of its own."""
    parts = {part for key, texts in values.items() for text in texts if text.strip() for part in _parts(key, text)}
    if not parts:
        return None
    return re.compile("|".join(sorted(parts, key=lambda part: (-len(part), part))), re.IGNORECASE)


def _parts(key: str, text: str) -> Iterable[str]:
    if key == PHONE:
        for written in phone_notations(text):
            yield rf"(?<!\d)\+?{_BETWEEN.join(written)}(?!\d)"
    else:
        yield rf"(?<![\w.+-]){re.escape(text.strip())}(?![\w-])"
