"""The view of a text that is searched: one byte a letter, so that a place in it is the place in the text.

Case and diacritics are gone, everything that is neither letter nor digit is one blank. Letters that fold into two
(ß, æ) keep a byte of their own: the spellings with two letters are variants of the name, not of the text.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

Letters = np.ndarray[tuple[int], np.dtype[np.unsignedinteger[Any]]]

BLANK = 0x20
OTHER = 0x01
"""A letter of another script."""
VANISHING = 0x02
"""Combining marks, soft hyphens and what else is not seen: a text that has any is composed anew without them."""
SHARP_S, ASH = 0x03, 0x04
LIGATURE = 0x05
"""Two letters in one sign, as some PDFs have them."""
BARRIER = "\ue000"
"""Between texts that are searched at once: nothing reaches over it."""
_BARRIER_BYTE = 0x00
_PLANE = 65_536
_LINE_END = 0x0A
_LOOKED_AT = (range(0x2E80), range(0x3000, 0x3100), range(0xE000, 0xE001), range(0xFB00, 0x10000))
"""Where letters of our languages, digits and signs are; between lie the letters of East Asia."""
_LIGATURES = "\ufb00\ufb01\ufb02\ufb03\ufb04\ufb05\ufb06\u0132\u0133"
_OWN = {
    "ß": SHARP_S,
    "ẞ": SHARP_S,
    "æ": ASH,
    "Æ": ASH,
    **dict.fromkeys("łŁ", ord("l")),
    **dict.fromkeys("øØ", ord("o")),
    **dict.fromkeys("đĐðÐ", ord("d")),
    "\N{LATIN SMALL LETTER DOTLESS I}": ord("i"),
    **dict.fromkeys(_LIGATURES, LIGATURE),
    # Signs that stand for an apostrophe and count as letters elsewhere.
    **dict.fromkeys("\u02b9\u02bb\u02bc\u02bd\u02c8", BLANK),
    BARRIER: _BARRIER_BYTE,
}
_UNSEEN = frozenset({"Cf", "Mn", "Me"})


def _byte(letter: str) -> int:
    if letter in _OWN:
        return _OWN[letter]
    if unicodedata.category(letter) in _UNSEEN:
        return VANISHING
    plain = [one for one in unicodedata.normalize("NFKD", letter.casefold()) if not unicodedata.combining(one)]
    if len(plain) == 1 and plain[0].isascii() and plain[0].isalnum():
        return ord(plain[0])
    return OTHER if letter.isalpha() else BLANK


@lru_cache(maxsize=1)
def _table() -> "np.ndarray[tuple[int], np.dtype[np.uint8]]":
    table = np.full(_PLANE, OTHER, dtype=np.uint8)
    for part in _LOOKED_AT:
        table[part.start : part.stop] = [_byte(chr(code)) for code in part]
    return table


@lru_cache(maxsize=1)
def _latin() -> bytes:
    return _table()[:256].tobytes()


class View(NamedTuple):
    """A text as it is searched, its view of the same length, and its letters as numbers."""

    text: str
    folded: bytes
    letters: Letters

    @property
    def is_indented(self) -> bool:
        """Whether a line goes on further in than by one blank."""
        at = self.letters
        begun = (at[:-2] == _LINE_END) & (at[1:-1] == BLANK)
        return bool(begun.any()) and bool((begun & (at[2:] == BLANK)).any())


def view(text: str) -> View:
    """The view of a text, or of what it is once all that can't be seen or is two letters in one was spelled out."""
    seen = _folded(text)
    if text.isascii():
        return seen
    if VANISHING in seen.folded:
        text = "".join(one for one in unicodedata.normalize("NFC", text) if _byte_of(one) != VANISHING)
        seen = _folded(text)
    if LIGATURE in seen.folded:
        text = re.sub(f"[{_LIGATURES}]", lambda found: unicodedata.normalize("NFKC", found[0]), text)
        seen = _folded(text)
    return seen


def _byte_of(letter: str) -> int:
    code = ord(letter)
    return int(_table()[code]) if code < _PLANE else BLANK


def _folded(text: str) -> View:
    if (narrow := _narrow(text)) is not None:
        return View(text, narrow.translate(_latin()), np.frombuffer(narrow, dtype=np.uint8))
    units = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype="<u2")
    if len(units) == len(text):
        return View(text, np.take(_table(), units, mode="clip").tobytes(), units)
    # Letters beyond the first plane take two units: none of them is in a name we know.
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    return View(text, np.take(_table(), np.where(codes < _PLANE, codes, BLANK), mode="clip").tobytes(), codes)


def _narrow(text: str) -> bytes | None:
    if text.isascii():
        return text.encode("ascii")
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return None


def words(text: str) -> list[str]:
    """The folded words of a short text, in their order; letters with a byte of their own are control characters."""
    return view(text).folded.decode("ascii").split()
