"""One spelling for all spellings: lower case, no diacritics, no ligatures, one apostrophe."""

import re
import unicodedata

_LETTERS = {
    "ł": "l", "đ": "d", "ð": "d", "ø": "o", "æ": "ae", "œ": "oe", "þ": "th", "ħ": "h", "ŧ": "t", "ŋ": "n",
    "\N{LATIN SMALL LETTER DOTLESS I}": "i", "`": "'",
    "\N{RIGHT SINGLE QUOTATION MARK}": "'", "\N{LEFT SINGLE QUOTATION MARK}": "'",
    "\N{MODIFIER LETTER APOSTROPHE}": "'", "\N{MODIFIER LETTER TURNED COMMA}": "'",
}  # fmt: skip
# NFKD would turn these into a space and a combining mark.
_ACCENTS = frozenset("\N{ACUTE ACCENT}\N{MODIFIER LETTER PRIME}")
_SPACING_ACCENTS = str.maketrans(dict.fromkeys(_ACCENTS, "'"))
_WORD = re.compile(r"[^\W_]+")
_WORD_WITH_APOSTROPHES = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


class _Folded(dict[int, str | None]):
    """Filled as letters are met: marks and invisible characters vanish, special letters change, others stay."""

    def __missing__(self, code: int) -> str | None:
        letter = chr(code)
        vanishes = unicodedata.combining(letter) != 0 or unicodedata.category(letter) in {"Cf", "Mn", "Me"}
        self[code] = folded = None if vanishes else _LETTERS.get(letter, letter)
        return folded


_FOLDED = _Folded()


def fold(text: str) -> str:
    if text.isascii():
        return text.lower().replace("`", "'")
    if not _ACCENTS.isdisjoint(text):
        text = text.translate(_SPACING_ACCENTS)
    decomposed = unicodedata.normalize("NFKD", text)
    return unicodedata.normalize("NFKD", decomposed.casefold()).translate(_FOLDED)


def words(text: str) -> list[str]:
    """The folded words, in their order, each once."""
    return list(dict.fromkeys(_WORD.findall(fold(text))))


def words_with_apostrophes(folded: str) -> list[str]:
    """The words of a folded text where an apostrophe joins: o'brien is one."""
    return _WORD_WITH_APOSTROPHES.findall(folded)
