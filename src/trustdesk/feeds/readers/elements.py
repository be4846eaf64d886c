"""The elements of one list inside a JSON document, one by one, without holding the document."""

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple

from trustdesk.batch.contracts import FileReason, ListFile, UnreadableFileError, gettext_noop
from trustdesk.feeds.readers.values import FaultCode

MOST = 1_048_576
"""Letters of one element; what is longer is passed over without being kept."""
_BLOCK = 65_536
_TOKEN = re.compile(r'\\.?|["\[\]{},]', re.DOTALL)
_HEAD = 4_096  # the list begins within so many letters, or it is not there


class Element(NamedTuple):
    """One element, or a code of why it is none. `number` counts from one."""

    number: int
    value: Any
    code: str = ""


def elements(file: ListFile, name: str) -> Iterator[Element]:
    """The elements of the document's list `name`, or of the document where it is a list itself.

    UnreadableFileError for bytes that are not UTF-8 (with the byte), and where there is no such list. A document that
    ends too early ends with a code.
    """
    with file.open("rb") as stream:
        texts = _texts(stream)
        rest = _begin(texts, name)
        for number, (text, code) in enumerate(_pieces(rest, texts), start=1):
            yield Element(number, None, code) if code else _element(number, text)


def _element(number: int, text: str) -> Element:
    try:
        return Element(number, json.loads(text, parse_int=str, parse_float=str))
    except (ValueError, RecursionError):
        return Element(number, None, FaultCode.NOT_JSON)


def _texts(stream: BinaryIO) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    read = 0
    while True:
        block = stream.read(_BLOCK)
        kept = len(decoder.getstate()[0])
        try:
            text = decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            if not block:  # cut off in the middle of a letter
                return
            raise UnreadableFileError(
                FileReason.WRONG_ENCODING,
                gettext_noop("From here on the bytes are not in the encoding that was said, or in UTF-8."),
                place=f"byte {read - kept + error.start}",
            ) from None
        read += len(block)
        if text:
            yield text
        if not block:
            return


def _begin(texts: Iterator[str], name: str) -> str:
    """What was read after the bracket that opens the list."""
    opens = re.compile(r'\A\s*\[|(?<!\\)"' + re.escape(name) + r'"\s*:\s*\[')
    head = ""
    for text in texts:
        head += text
        if found := opens.search(head):
            return head[found.end() :]
        if len(head) > _HEAD + _BLOCK:
            break
    if not head:
        raise UnreadableFileError(FileReason.EMPTY, gettext_noop("The file is empty."))
    raise UnreadableFileError(
        FileReason.HEADER, gettext_noop("There is no list of changes in this document."), place="byte 0"
    )


def _pieces(rest: str, texts: Iterator[str]) -> Iterator[tuple[str, str]]:
    """The text of each element, or a code; the last one is cut off where the document ends inside the list."""
    scan = _Scan()
    text: str | None = rest
    while text is not None:
        yield from scan.feed(text)
        if scan.ended:
            return
        text = next(texts, None)
    yield "", FaultCode.TRUNCATED


class _Scan:
    """Where elements begin and end: by brackets and commas outside of strings."""

    def __init__(self) -> None:
        self.ended = False
        self._depth = 0
        self._quoted = False
        self._escaped = False
        self._parts: list[str] = []
        self._size = 0

    def feed(self, text: str) -> Iterator[tuple[str, str]]:
        begin = 0
        start = 1 if self._escaped else 0
        self._escaped = False
        for token in _TOKEN.finditer(text, start):
            mark = token[0]
            if mark[0] == "\\":
                self._escaped = len(mark) == 1  # what it escapes comes with the next text
            elif mark == '"':
                self._quoted = not self._quoted
            elif not self._quoted and self._ends(mark):
                self._keep(text[begin : token.start()])
                begin = token.end()
                yield from self._taken()
                if mark != ",":
                    self.ended = True
                    return
        self._keep(text[begin:])

    def _ends(self, mark: str) -> bool:
        """Whether an element ends here: at a comma or a closing bracket that is not inside of it."""
        if mark in "[{":
            self._depth += 1
        elif not self._depth:
            return True
        elif mark in "]}":
            self._depth -= 1
        return False

    def _keep(self, text: str) -> None:
        self._size += len(text)
        if self._size <= MOST:
            self._parts.append(text)
        else:
            self._parts.clear()

    def _taken(self) -> Iterator[tuple[str, str]]:
        text, size = "".join(self._parts), self._size
        self._parts, self._size = [], 0
        if size > MOST:
            yield "", FaultCode.TOO_LONG
        elif text.strip():
            yield text, ""
