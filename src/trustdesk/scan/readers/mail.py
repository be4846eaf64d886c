"""Mail: messages (RFC 5322) with their parts and attachments, and mailboxes of them (RFC 4155)."""

import re
from collections.abc import Iterable, Iterator
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from itertools import pairwise

from trustdesk.scan.contracts import Piece, Reason, Unread
from trustdesk.scan.readers.budget import Budget, Source, UnreadableError
from trustdesk.scan.readers.members import Parts, Read, guarded, in_memory, inside
from trustdesk.scan.readers.text import chunked, decoded, pieces, without_tags

_FROM = re.compile(rb"^From [^\n]{1,200}\d{4}[^\n]{0,20}\n", re.MULTILINE)
_DEEPEST = 30


def read_message(budget: Budget, source: Source, content: bytes, read: Read) -> Parts:
    """Headers as people read them, texts, and each attachment as a file of its own."""
    try:
        message = message_from_bytes(content)
    except (MessageError, ValueError, RecursionError):
        raise UnreadableError(Reason.BROKEN) from None
    yield from _Mail(budget, source, read).parts(message, 0)


class _Mail:
    """One message on its way to pieces."""

    def __init__(self, budget: Budget, source: Source, read: Read) -> None:
        self._budget, self._source, self._read = budget, source, read

    def parts(self, message: Message, level: int) -> Parts:
        place = self._source.place
        if level > _DEEPEST:
            yield Unread(place, Reason.TOO_DEEP)
            return
        self._budget.member()
        headers = "\n".join(f"{name}: {_readable(text)}" for name, text in message.items())
        yield Piece(inside(place, "headers"), headers)
        inner = message.get_payload()
        if isinstance(inner, list):
            for part in inner:
                if isinstance(part, Message):
                    yield from self.parts(part, level + 1)
            return
        payload = message.get_payload(decode=True)
        content = payload if isinstance(payload, bytes) else b""
        self._budget.spend(len(content))
        name = _readable(message.get_filename() or "")
        if message.get_content_maintype() == "text" and not name:
            yield from _text(inside(place, "text"), message, content)
        elif content:
            name = name or f"part.{message.get_content_subtype()}"
            source = in_memory(inside(place, name), name, content, self._source.depth + 1)
            yield from guarded(source.place, lambda: self._read(source))


def _text(place: str, message: Message, content: bytes) -> Iterator[Piece]:
    charset = message.get_content_charset() or ""
    try:
        text = content.decode(charset or "utf-8")
    except (LookupError, UnicodeDecodeError):
        text = "".join(part.text for part in decoded([content], content[:512]))
    yield from pieces(place, chunked(without_tags(text) if message.get_content_subtype() == "html" else text))


def _readable(text: object) -> str:
    try:
        return str(make_header(decode_header(str(text))))
    except (LookupError, UnicodeError, ValueError, MessageError):
        return str(text)


def messages(blocks: Iterable[bytes], most: int) -> Iterator[bytes]:
    """The messages of a mailbox; one longer than `most` ends the reading."""
    rest = b""
    for block in blocks:
        rest += block
        found = [match.start() for match in _FROM.finditer(rest)]
        starts = [at for at in found if at == 0 or rest[max(at - 3, 0) : at].endswith((b"\n\n", b"\n\r\n"))]
        for start, end in pairwise(starts):
            yield rest[start:end].partition(b"\n")[2]
        rest = rest[starts[-1] :] if starts else rest
        if len(rest) > most:
            raise UnreadableError(Reason.TOO_BIG)
    if rest:
        yield rest.partition(b"\n")[2] if rest.startswith(b"From ") else rest
