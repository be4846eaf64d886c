"""What a mail says that came into the mailbox for requests. Pure: octets in, a frozen value out.

Nothing a mail says of itself is believed: its sender least of all. What machines send (RFC 3834 automatic answers,
RFC 3464 and 8098 reports, lists) is known as such, so that no two machines write to each other.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from email import policy
from email.headerregistry import AddressHeader
from email.message import EmailMessage
from email.parser import BytesParser
from html.parser import HTMLParser

from trustdesk.conversations.api import read
from trustdesk.rights.contracts import Kind

LARGEST = 10_000_000  # octets
LONGEST = 20_000  # letters of text that are kept
_MOST_REFERENCES = 10
_NUMBER = re.compile(r"(?<!\d)\d(?:[\s./_\u2010-\u2015-]?\d){11}(?!\d)")
_BULK = frozenset({"bulk", "junk", "list", "auto_reply"})
_MACHINES = re.compile(r"^(mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)([+.@-]|$)", re.IGNORECASE)
_BLANK_LINES = re.compile(r"\n{3,}")

# By words of the five languages, and only as a first guess: whoever works on the request says what it is.
_WORDS: tuple[tuple[Kind, str], ...] = (
    (Kind.PORTABILITY, r"portab|hordozhat|siirtää tiedot|siirto-oikeus|przenie[sś]|przenosz|übertragbar"),
    (Kind.RESTRICTION, r"restrict|korlátoz|rajoit|ogranicz|einschränk"),
    (
        Kind.HUMAN_REVIEW,
        r"automated decision|automatizált dönt|automaattinen päätös|zautomatyzowan|automatisierte entsch",
    ),
    (Kind.WITHDRAWAL, r"withdraw|visszavon|peruut|peruan|cofam|cofni|wycof|widerruf"),
    (Kind.OBJECTION, r"\bobject|tiltakoz|vastust|sprzeciw|widersprech|widerspruch"),
    (Kind.RECTIFICATION, r"rectif|\bcorrect|helyesb|oikais|korjat|popraw|sprostow|berichtig"),
    (Kind.ERASURE, r"eras|delete|forget|törö?l|poist|unohta|usu[nń]|zapomni|lösch|vergess"),
)


class BrokenMailError(Exception):
    """It can't be read; `args[0]` is why, as a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One message. `machine` is why it is no person's, as a word, or empty; `attachments` how many files hang on it."""

    sender: str = field(repr=False)
    name: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    machine: str
    references: tuple[str, ...] = field(repr=False)
    attachments: int

    @property
    def words(self) -> str:
        return f"{self.subject}\n\n{self.text}".strip()

    @property
    def kind(self) -> Kind:
        """The right it seems to speak of; access where nothing is recognised."""
        said = self.words.lower()
        return next((kind for kind, words in _WORDS if re.search(words, said)), Kind.ACCESS)


def parsed(raw: bytes, *, own: Iterable[str] = ()) -> Mail:
    """The message. `own`: addresses as which the company itself writes. BrokenMailError where it can't be read."""
    if len(raw) > LARGEST:
        raise BrokenMailError("too-large")
    try:
        message = BytesParser(policy=policy.default).parsebytes(raw)
        sender, name = _from(message)
        subject = str(message.get("subject", ""))
        text, attachments = _text(message)
        machine = _machine(message, sender, {address.lower() for address in own})
    except BrokenMailError:
        raise
    except Exception as fault:  # whatever the parser meets in what a stranger has made is that letter's fault
        raise BrokenMailError("unreadable") from fault
    if not sender or not (text.strip() or subject.strip() or attachments):
        raise BrokenMailError("no-sender" if not sender else "empty")
    return Mail(
        sender=sender,
        name=name,
        subject=subject,
        text=text,
        machine=machine,
        references=_references(f"{subject}\n{text}"),
        attachments=attachments,
    )


def _from(message: EmailMessage) -> tuple[str, str]:
    header = message.get("from")
    if not isinstance(header, AddressHeader) or not header.addresses:
        return "", ""
    first = header.addresses[0]
    return (first.addr_spec, first.display_name) if "@" in first.addr_spec else ("", "")


def _machine(message: EmailMessage, sender: str, own: set[str]) -> str:
    """Why no person wrote it; empty where nothing says so."""
    said = {
        name: str(message.get(name, "")).strip().lower() for name in ("auto-submitted", "precedence", "return-path")
    }
    if sender.lower() in own:
        return "own"
    if message.get_content_type() == "multipart/report" or said["return-path"] == "<>" or _MACHINES.match(sender):
        return "report"
    if said["auto-submitted"] not in {"", "no"} or "x-autoreply" in message or "x-autorespond" in message:
        return "automatic"
    if said["precedence"] in _BULK or "list-id" in message or "list-unsubscribe" in message:
        return "list"
    return ""


def _text(message: EmailMessage) -> tuple[str, int]:
    body = message.get_body(("plain", "html"))
    attachments = sum(1 for _part in message.iter_attachments())
    if body is None:
        return "", attachments
    text = body.get_content()
    if not isinstance(text, str):
        raise BrokenMailError("unreadable")
    if body.get_content_subtype() == "html":
        text = _Plain.of(text)
    text = text.replace("\r\n", "\n").replace("\0", "")
    return _BLANK_LINES.sub("\n\n", text).strip()[:LONGEST], attachments


def _references(text: str) -> tuple[str, ...]:
    found = dict.fromkeys(filter(None, (read(match[0]) for match in _NUMBER.finditer(text))))
    return tuple(found)[:_MOST_REFERENCES]


class _Plain(HTMLParser):
    """The words of a page, without what is not shown."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._hidden = 0

    @classmethod
    def of(cls, html: str) -> str:
        reader = cls()
        reader.feed(html)
        reader.close()
        lines = ("".join(reader._parts)).split("\n")
        return "\n".join(" ".join(line.split()) for line in lines)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  # the parser's own
        self._hidden += tag in {"style", "script", "head", "title"}
        if tag in {"p", "br", "div", "tr", "li", "h1", "h2", "h3"}:
            self._parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden = max(0, self._hidden - (tag in {"style", "script", "head", "title"}))

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self._parts.append(" ".join(data.split("\n")))
