"""Names made comparable: parts by the customs of a country, titles left out, one form for all of a word's forms.

Transliteration and endings are the same for every country: of two records of one person one may be read by the
customs of another country than the other.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from trustdesk.matching.folding import WORDS_KEPT, fold, one_spelling

FAMILY_FIRST = frozenset({"HU"})
LONGEST = 200  # letters of a name that are read

_TITLES = frozenset(
    {
        *("dr", "prof", "mr", "mrs", "ms", "miss", "sir", "jr", "sr", "phd", "bsc", "msc", "hc"),
        *("ifj", "ifju", "ifjabb", "id", "idos", "idosb", "idosebb", "ozv", "ozvegy", "prf"),
        *("mgr", "inz", "hab", "lek", "pani"),
        *("dipl", "mag", "med", "rer", "ing", "herr", "frau", "hr", "fr"),
        *("herra", "rouva", "neiti", "hra", "rva", "fil", "maist", "toht"),
    }
)
_PARTICLES = frozenset(
    {
        *("von", "vom", "zu", "zum", "zur", "auf", "der", "den", "dem", "und"),
        *("van", "de", "het", "ter", "ten", "te"),
        *("la", "le", "les", "du", "des", "da", "das", "do", "dos", "di", "del", "della", "dei", "della", "los", "las"),
        *("af", "av", "el", "al", "bin", "ibn"),
    }
)
_HUNGARIAN_PARTICLES = frozenset({"von", "van", "de"})  # Dér and Dán are families there
_BORN = frozenset({"geb", "geborene", "geborener", "nee", "born", "szul", "szuletett", "sz", "fodd"})
# Written with dots or apart: one word before anything is split.
_BORN_MARKS = re.compile(r"\bo\.\s?s\.|\bz\s+domu\b|\bz\s?d\.|\bf\.\s?d\.|\bomaa sukua\b")
# Written out it may be a name in Brazil: then it stays one, and tells the two apart all the same. Jun is one in Japan.
_YOUNGER = re.compile(r"\b(?:ifj|ifju|ifjabb|jr|junior)\b|\bjun\.")
_ELDER = re.compile(r"\b(?:id|idos|idosb|idosebb|sr|senior)\b|\bsen\.")
_SHORT_MARKS = re.compile(r"\b(?:jun|sen)\.")
_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_FEMININE = re.compile(r"(?<=.)(sk|ck|dzk)a\Z")
_SHORTEST_STEM = 3  # René is no wife of Re


class Names(NamedTuple):
    """Folded forms, the one used now first."""

    family: tuple[str, ...] = ()
    given: tuple[str, ...] = ()


def _once(words: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in words if word))


def _split(text: str) -> list[str]:
    """Words of the folded text without titles; a wife's mark has been written out by `_marked` before."""
    folded = _SHORT_MARKS.sub(" ", _BORN_MARKS.sub("geb", fold(text[:LONGEST])))
    words: list[str] = _WORD.findall(folded)
    kept = [word for word in words if word not in _TITLES]
    return kept or words


def _wives(text: str, country: str) -> bool:
    """Whether words in -ne are wives' names here: they are written so, or it is Hungary, where accents get lost."""
    return country in FAMILY_FIRST or "né" in text or "NÉ" in text or "Né" in text


def _husband(word: str, *, wives: bool) -> str:
    """The husband's name inside a wife's; empty where it is no wife's."""
    return word[:-2] if wives and word.endswith("ne") and len(word) >= _SHORTEST_STEM + 2 else ""


def _family_forms(words: list[str], *, wives: bool) -> list[str]:
    """All forms of one family name, those first that others write too: without particles, each half of two, as one
    word, and a wife's. What somebody is found by holds two of them.
    """
    core = [word for word in words if word not in _PARTICLES] or words
    halves = [half for word in core for half in word.replace("'", "").split("-") if half]
    plain = [_husband(half, wives=wives) or half for half in halves]
    forms = list(plain)
    if len(core) != len(words):
        forms.append("".join(words).replace("-", "").replace("'", ""))
    forms.append("".join(plain))
    forms += [half for half, bare in zip(halves, plain, strict=True) if half != bare]
    return [_FEMININE.sub(r"\1i", one_spelling(form)) for form in forms]


def _given_forms(words: list[str]) -> list[str]:
    """Each given name; of Anna-Liisa both and the two as one word."""
    forms: list[str] = []
    joined: list[str] = []
    for word in words:
        parts = [part for part in word.replace("'", "").split("-") if part]
        forms += parts
        if len(parts) > 1:
            joined.append("".join(parts))
    return [one_spelling(form) for form in forms + joined]


def _at_birth(words: list[str]) -> tuple[list[str], list[str]]:
    """The words before "geb.", "o.s.", "z domu", and those after it."""
    for place, word in enumerate(words):
        if word in _BORN and 0 < place < len(words) - 1:
            return words[:place], words[place + 1 :]
    return words, []


@lru_cache(maxsize=WORDS_KEPT)
def family_name(text: str, country: str) -> tuple[str, ...]:
    wives = _wives(text, country)
    now, birth = _at_birth(_split(text))
    forms = _family_forms(now, wives=wives) if now else []
    if birth:
        forms += _family_forms(birth, wives=False)
    return _once(forms)


@lru_cache(maxsize=WORDS_KEPT)
def given_name(text: str, country: str) -> tuple[str, ...]:
    """A husband's given name is no name of hers: Jánosné stays one word, and never meets János."""
    del country
    return _once(_given_forms(_split(text)))


@lru_cache(maxsize=WORDS_KEPT)
def full_name(text: str, country: str) -> Names:
    """Both parts of a name that was written in one; a comma puts the family first, wherever one lives."""
    before, comma, after = text[:LONGEST].partition(",")
    wives = _wives(text, country)
    if comma and _split(before) and _split(after):
        return Names(family_name(before, country), given_name(after, country))
    words, birth = _at_birth(_split(text))
    if country in FAMILY_FIRST:
        found = _family_first([*words, *birth[1:]], wives=wives)
        birth = birth[:1]
    else:
        found = _family_last(words, wives=wives)
    born = _family_forms(birth, wives=False) if birth else []
    return Names(_once([*found.family, *born]), found.given)


def _family_last(words: list[str], *, wives: bool) -> Names:
    if len(words) < 2:
        return Names(_once(_family_forms(words, wives=wives)) if words else ())
    first = len(words) - 1
    while first > 1 and words[first - 1] in _PARTICLES:
        first -= 1
    return Names(_once(_family_forms(words[first:], wives=wives)), _once(_given_forms(words[:first])))


def _family_first(words: list[str], *, wives: bool) -> Names:
    """Kovács János; Kovácsné Nagy Anna and Kovács Jánosné Nagy Anna bear the husband's name and their own."""
    size = 1
    while size < len(words) - 1 and words[size - 1] in _HUNGARIAN_PARTICLES:
        size += 1
    family = _family_forms(words[:size], wives=wives) if words else []
    rest, own = words[size:], []
    if rest and _husband(words[0], wives=wives) and len(rest) > 1:
        own, rest = rest[:1], rest[1:]
    elif rest and _husband(rest[0], wives=wives):
        family.append(family[0] + "ne")
        if len(rest) > 2:
            own = rest[1:2]
        rest = [*rest[1 + len(own) :], rest[0]]
    born = _family_forms(own, wives=False) if own else []
    return Names(_once([*family[:1], *born, *family[1:]]), _once(_given_forms(rest)))


def generation(texts: Iterable[str]) -> str:
    """Which of two who bear one name these names say it is: `younger`, `elder`; empty where they say neither, or both.

    Whoever is called elder or younger now was once called nothing: that one says it and the other does not is no sign.
    """
    said = [_said_of_age(text[:LONGEST]) for text in texts]
    younger, elder = any(one for one, _other in said), any(other for _one, other in said)
    return "" if younger == elder else "younger" if younger else "elder"


@lru_cache(maxsize=WORDS_KEPT)
def _said_of_age(text: str) -> tuple[bool, bool]:
    folded = fold(text)
    return bool(_YOUNGER.search(folded)), bool(_ELDER.search(folded))


def without(found: tuple[str, ...], family: tuple[str, ...]) -> tuple[str, ...]:
    """The given names in a name that says the family's too, where the family's are known."""
    return tuple(word for word in found if word not in family)
