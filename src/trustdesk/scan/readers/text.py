"""Text of any encoding in pieces: logs, CSV, JSON, HTML, source, whatever else has lines or has none."""

import codecs
import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import numpy as np

from trustdesk.scan.contracts import Piece
from trustdesk.scan.readers.references import dereferenced

_OVERLAP = 320
"""More than a spelling, its neighbor and what lies between are long."""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ENDLESS = 1_048_576
_CHUNK = 262_144
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})|\\([nrtbf/\"\\])")
_TAGS = re.compile(r"<[^<>]{0,4096}>")
_CENTRAL_LETTERS = re.compile(rb"[A-Za-z][\xb1\xb6\xbc\xa1\xa6\xac]|[\xb1\xb6\xbc\xa1\xa6\xac][a-z]")
_WINDOWS_LETTERS = re.compile(rb"[\x80-\x9f]")
_POLISH = re.compile(rb"[A-Za-z]\xb3[a-z]|[A-Za-z][\xb9\x9c\x9f\xbf]|[\xa3\x8c\x8f\xaf\xbf][a-z]")
_NORDIC = re.compile(rb"[\xe5\xc5\xf8\xd8\xe6\xc6][a-z]|[a-z][\xe5\xf8\xe6]")

Change = Callable[[str], str]


class Lined(NamedTuple):
    """A text and how many line ends it has: in bytes they are counted in no time."""

    text: str
    ends: int


def decoded(blocks: Iterable[bytes], head: bytes) -> Iterator[Lined]:
    """The text, whatever its encoding; a file of several encodings is read line by line where it has to be."""
    codec, skip = _wide(head)
    if not codec:
        for block in _cut(blocks):
            yield Lined(narrow(block), _line_ends(block))
        return
    decoder = codecs.getincrementaldecoder(codec)("replace")
    for number, block in enumerate(blocks):
        text = decoder.decode(block[skip:] if number == 0 else block)
        yield Lined(text, text.count("\n"))
    yield Lined(decoder.decode(b"", final=True), 0)


def _line_ends(block: bytes) -> int:
    return int(np.count_nonzero(np.frombuffer(block, dtype=np.uint8) == ord("\n")))


def _wide(head: bytes) -> tuple[str, int]:
    for mark, codec in _MARKS:
        if head.startswith(mark):
            return codec, len(mark)
    if len(head) >= len(codecs.BOM_UTF32_LE):
        zeros = head[1:512:2].count(0), head[0:512:2].count(0)
        half = len(head[:512]) // 2
        if zeros[0] > half * 0.6 and zeros[1] < half * 0.2:
            return "utf-16-le", 0
        if zeros[1] > half * 0.6 and zeros[0] < half * 0.2:
            return "utf-16-be", 0
    return "", 0


def _cut(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes, cut after a line or at least after a word."""
    rest = b""
    for block in blocks:
        joined = rest + block if rest else block
        at = max(joined.rfind(b"\n"), 0 if b"\n" in joined else joined.rfind(b" ")) + 1
        if at <= 1 and len(joined) < _ENDLESS:
            rest = joined
            continue
        at = at if at > 1 else len(joined)
        yield joined[:at]
        rest = joined[at:]
    if rest:
        yield rest


def narrow(block: bytes) -> str:
    """Bytes as UTF-8, and where they are none in a page of one byte a letter."""
    try:
        return block.decode("utf-8")
    except UnicodeDecodeError:
        pass
    lines = block.split(b"\n")
    wrong = [line for line in lines if not _is_utf8(line)]
    page = _page(b"\n".join(wrong))
    return "\n".join(line.decode("utf-8") if _is_utf8(line) else line.decode(page, "replace") for line in lines)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _page(lines: bytes) -> str:
    """The page of the languages we know in which these bytes are letters; they agree on most of them."""
    if _CENTRAL_LETTERS.search(lines) and not _WINDOWS_LETTERS.search(lines):
        return "iso-8859-2"
    if _POLISH.search(lines):
        return "cp1250"
    return "cp1252" if _NORDIC.search(lines) else "cp1250"


def pieces(place: str, texts: Iterable[str], *, rows: bool = False) -> Iterator[Piece]:
    """Lines counted, each piece with the end of the one before it; `rows` where each line is a record."""
    return numbered(place, (Lined(text, text.count("\n")) for text in texts), rows=rows)


def numbered(
    place: str, texts: Iterable[Lined], change: Change | None = None, *, rows: bool = False
) -> Iterator[Piece]:
    """The same of texts whose lines are counted; `change` may not add or take any."""
    line, tail = 1, ""
    for text, ends in texts:
        if not text:
            continue
        changed = change(text) if change else text
        yield Piece(place, tail + changed, line - tail.count("\n"), len(tail), rows)
        line += ends
        tail = changed[-_OVERLAP:] if len(changed) >= _OVERLAP else (tail + changed)[-_OVERLAP:]


def unescaped(text: str) -> str:
    """A text with the escapes of JSON (RFC 8259 section 7) read; lines stay as many as they were."""
    return _ESCAPE.sub(_letter, text) if "\\" in text else text


def unescaped_json(text: str) -> str:
    """The same for a text that may quote JSON, as logs do; a backslash elsewhere is one of a path."""
    return unescaped(text) if "\\" in text and '":' in text else text


def _letter(found: re.Match[str]) -> str:
    if found[1]:
        letter = chr(int(found[1], 16))
        return " " if "\ud800" <= letter <= "\udfff" else letter
    return found[2] if found[2] in '/"\\' else " "


def without_tags(text: str) -> str:
    """A text with its tags as blanks and its entities read."""
    text = _TAGS.sub(lambda found: " " + "\n" * found[0].count("\n"), text) if "<" in text else text
    return dereferenced(text)


def chunked(text: str) -> Iterator[str]:
    """A long text cut after lines."""
    start = 0
    while len(text) - start > _CHUNK:
        end = text.rfind("\n", start, start + _CHUNK) + 1
        end = end if end > start else start + _CHUNK
        yield text[start:end]
        start = end
    yield text[start:]


def one_line(cell: str) -> str:
    """A cell of a row, whose line is that of the row."""
    return cell.replace("\n", " ").replace("\r", " ") if "\n" in cell or "\r" in cell else cell
