"""One spelling for all spellings, as the vault folds for its tokens, and one step further: ü, ue and u are one."""

import re
import unicodedata
from functools import lru_cache

_LETTERS = {
    "ł": "l", "đ": "d", "ð": "d", "ø": "o", "æ": "ae", "œ": "oe", "þ": "th", "ħ": "h", "ŧ": "t", "ŋ": "n",
    "\N{LATIN SMALL LETTER DOTLESS I}": "i", "`": "'",
    "\N{RIGHT SINGLE QUOTATION MARK}": "'", "\N{LEFT SINGLE QUOTATION MARK}": "'",
    "\N{MODIFIER LETTER APOSTROPHE}": "'", "\N{MODIFIER LETTER TURNED COMMA}": "'",
    "\N{EN DASH}": "-", "\N{EM DASH}": "-", "\N{HYPHEN}": "-", "\N{NON-BREAKING HYPHEN}": "-", "\N{MINUS SIGN}": "-",
}  # fmt: skip
# NFKD would turn these into a space and a combining mark.
_ACCENTS = frozenset("\N{ACUTE ACCENT}\N{MODIFIER LETTER PRIME}")
_SPACING_ACCENTS = str.maketrans(dict.fromkeys(_ACCENTS, "'"))
# A vowel or q before it makes "ue" two letters (Bauer, Quelle), and "ae" and "oe" too (Loewe is Löwe, Maoe is nobody).
_SPELLED_OUT = re.compile(r"(?<![aeiouqy])([aou])e")
_RING = re.compile(r"\baa")
WORDS_KEPT = 65_536
"""Words and streets that a cache remembers: those of a million people are mostly the same few thousand."""


class _Folded(dict[int, str | None]):
    """Filled as letters are met: marks and invisible characters vanish, special letters change, others stay."""

    def __missing__(self, code: int) -> str | None:
        letter = chr(code)
        vanishes = unicodedata.combining(letter) != 0 or unicodedata.category(letter) in {"Cf", "Mn", "Me"}
        folded = None if vanishes else _LETTERS.get(letter, letter)
        if len(self) < WORDS_KEPT:
            self[code] = folded
        return folded


_FOLDED = _Folded()


def fold(text: str) -> str:
    """Lower case, no diacritics, no ligatures, one apostrophe, one hyphen."""
    if text.isascii():
        return text.lower().replace("`", "'")
    if not _ACCENTS.isdisjoint(text):
        text = text.translate(_SPACING_ACCENTS)
    decomposed = unicodedata.normalize("NFKD", text)
    return unicodedata.normalize("NFKD", decomposed.casefold()).translate(_FOLDED)


@lru_cache(maxsize=WORDS_KEPT)
def one_spelling(folded: str) -> str:
    """Mueller, Muller and (folded before) Müller are one, and so are Aaberg and Åberg."""
    return _SPELLED_OUT.sub(r"\1", _RING.sub("a", folded))
