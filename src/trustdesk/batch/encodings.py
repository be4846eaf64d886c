"""Bytes to lines: which encoding, where it breaks, and never more than one bounded piece in memory."""

import codecs
import io
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from trustdesk.batch.contracts import RECORD_LIMIT, FileReason, UnreadableFileError, gettext_noop

ENCODINGS = ("utf-8", "utf-16", "cp1250", "cp1252", "iso-8859-2", "iso-8859-15")
_BLOCK = 262_144
_SINGLE_BYTE = frozenset(ENCODINGS[2:])
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_CHOOSE = gettext_noop("Save the list as UTF-8, or say its encoding: cp1250, cp1252, iso-8859-2 or iso-8859-15.")
# ISO 8859 puts control characters where the Windows pages have quotes and letters: a list holds none of them.
_C1_TO_NOTHING = {code: None for code in range(0x80, 0xA0) if code != 0x85}


class Codec(NamedTuple):
    name: str
    mark_length: int


def _wrong(message: str, place: int, mend: str = _CHOOSE) -> UnreadableFileError:
    return UnreadableFileError(FileReason.WRONG_ENCODING, message, place=f"byte {place}", mend=mend)


def _is_utf8_beyond_ascii(head: bytes) -> bool:
    if head.isascii():
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head, final=False)
    except UnicodeDecodeError:
        return False
    return True


def decide(head: bytes, chosen: str) -> Codec:
    """The codec for a file that begins with `head`; UnreadableFileError where the choice contradicts the bytes."""
    if chosen and chosen not in ENCODINGS:
        raise _wrong(gettext_noop("This encoding is not one we read."), 0)
    if head.startswith((codecs.BOM_UTF32_BE, codecs.BOM_UTF32_LE)):
        raise _wrong(gettext_noop("The file is UTF-32."), 0)
    for mark, codec in _BOMS:
        if head.startswith(mark):
            if chosen and not codec.startswith(chosen):
                raise _wrong(gettext_noop("The file begins with the mark of another encoding than was said."), 0)
            return Codec(codec, len(mark))
    if chosen == "utf-16" or head[1:64:2].count(0) > 8 or head[0:64:2].count(0) > 8:
        raise _wrong(
            gettext_noop("UTF-16 without a byte order mark can be read in two ways."),
            0,
            gettext_noop("Save the list as UTF-8."),
        )
    if chosen in _SINGLE_BYTE and _is_utf8_beyond_ascii(head):
        raise _wrong(
            gettext_noop("The file is UTF-8: read as was said, its letters would be garbled."),
            0,
            gettext_noop("Choose utf-8."),
        )
    return Codec(chosen or "utf-8", 0)


class Lines:
    """Pieces of text, each with a flag whether the line ends with it.

    A line longer than the record limit comes in several pieces, so that a file of one endless line stays small in
    memory. Line ends of all three kinds become one.
    """

    def __init__(self, stream: BinaryIO, chosen: str) -> None:
        self._stream = stream
        head = stream.read(65_536)
        self.empty = not head
        self._codec = decide(head, chosen)
        self.base = self._codec.mark_length
        self.head = codecs.getincrementaldecoder(self._codec.name)("replace").decode(head[self.base :])
        stream.seek(self.base)
        self.bytes_read = self.base

    def _texts(self) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder(self._codec.name)()
        newlines = io.IncrementalNewlineDecoder(None, translate=True)
        while True:
            block = self._stream.read(_BLOCK)
            kept = len(decoder.getstate()[0])
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                place = self.bytes_read - kept + error.start
                raise _wrong(
                    gettext_noop("From here on the bytes are not in the encoding that was said, or in UTF-8."), place
                ) from None
            if self._codec.name.startswith("iso-8859"):
                self._check_no_controls(text)
            self.bytes_read += len(block)
            yield newlines.decode(text, final=not block)
            if not block:
                return

    def _check_no_controls(self, text: str) -> None:
        if len(text.translate(_C1_TO_NOTHING)) != len(text):
            place = self.bytes_read + next(i for i, letter in enumerate(text) if ord(letter) in _C1_TO_NOTHING)
            raise _wrong(
                gettext_noop("This byte is no letter in ISO 8859: the list is rather cp1250 or cp1252."), place
            )

    def __iter__(self) -> Iterator[tuple[str, bool]]:
        carry = ""
        for text in self._texts():
            *whole, rest = (carry + text).split("\n")
            for line in whole:
                yield line, True
            carry = rest
            if len(carry) > RECORD_LIMIT:
                yield carry, False
                carry = ""
        if carry:
            yield carry, True
