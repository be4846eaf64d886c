"""Polish: given and family name are both declined, in the same case."""

import re
from itertools import product
from typing import NamedTuple


class Declined(NamedTuple):
    """The forms of a name by case; the locative stands with the vocative that often equals it."""

    genitive: str
    dative: str
    accusative: str
    instrumental: str
    locative: str
    vocative: str


_VOWELS = "aeouy"
_SOFT = {"ń": "ni", "ś": "si", "ć": "ci", "ź": "zi"}
_SOFTENED = (
    ("ch", "sze"), ("st", "ście"), ("sł", "śle"), ("zd", "ździe"), ("ł", "le"), ("t", "cie"), ("d", "dzie"),
    ("r", "rze"), ("k", "ce"), ("g", "dze"), ("n", "nie"), ("s", "sie"), ("z", "zie"), ("m", "mie"), ("b", "bie"),
    ("p", "pie"), ("w", "wie"), ("f", "fie"), ("v", "vie"),
)  # fmt: skip
_HARD_U = ("sz", "cz", "rz", "dz", "ch", "k", "g", "l", "j", "c", "ż", "x")
_PARTS = re.compile(r"([-\s]+)")
_ADJECTIVES = ("ski", "cki", "dzki", "ny", "ły", "ty", "wy", "ry", "gi", "ki")


def is_woman(given: str) -> bool:
    """By the ending of the given name, as Polish names show it."""
    return given.lower().endswith("a") and given.lower() not in {"kuba", "barnaba", "bonawentura", "kosma"}


def family(word: str, *, woman: bool) -> list[Declined]:
    """The ways a family name may be declined; none where it stays as it is."""
    low = word.lower()
    if low.endswith(("ska", "cka", "dzka")) or (woman and low[-2:] in {"na", "ła", "wa"}):
        stem = word[:-1] + ("i" if low[-2] in "kg" else "")
        adjective = Declined(stem + "ej", stem + "ej", word[:-1] + "ą", word[:-1] + "ą", stem + "ej", word)
        return [adjective] if low[-2] in "kg" else [adjective, *_first(word)]
    if low.endswith(_ADJECTIVES) and not woman:
        stem = word if low.endswith("i") else word[:-1] + "e"
        return [Declined(stem + "ego", stem + "emu", stem + "ego", word + "m", word + "m", word)
                if low.endswith("i") else
                Declined(stem + "go", stem + "mu", stem + "go", word + "m", word + "m", word)]  # fmt: skip
    if low.endswith(("a", "o")):
        return _first(word) if low.endswith("a") or not woman else []
    return [] if woman else _second(word)


def given(word: str) -> list[Declined]:
    """The ways a given name may be declined."""
    low = word.lower()
    if low.endswith("a"):
        return _first(word)
    if low.endswith("i"):
        return [Declined(word + "ego", word + "emu", word + "ego", word + "m", word + "m", word)]
    if low.endswith("y"):
        stem = word[:-1] + "e"
        return [Declined(stem + "go", stem + "mu", stem + "go", word + "m", word + "m", word)]
    if low.endswith("o"):
        return _first(word)
    return _second(word)


def all_given(names: str) -> list[Declined]:
    """The ways several given names may be declined: each of them, in the same case (Jana Pawła)."""
    ways = product(*(given(word) for word in names.split()))
    return [Declined(*map(" ".join, zip(*way, strict=True))) for way in ways]


def whole_family(name: str, *, woman: bool) -> list[Declined]:
    """The ways a family name may be declined: each half of a double one, or the last alone (Groszkowskiego-Lisa)."""
    words = _PARTS.split(name)
    halves = [family(word, woman=woman) or [Declined(*[word] * len(Declined._fields))] for word in words[::2]]
    if len(halves) == 1:
        return family(name, woman=woman)
    both = [Declined(*map("-".join, zip(*way, strict=True))) for way in product(*halves)]
    head = name[: len(name) - len(words[-1])]
    return [*both, *(Declined(*(head + form for form in one)) for one in halves[-1])]


def _softened(stem: str) -> str:
    low = stem.lower()
    for hard, soft in _SOFTENED:
        if low.endswith(hard):
            return stem[: len(stem) - len(hard)] + soft
    return stem + ("i" if low.endswith(("l", "j", "i")) else "y")


def _first(word: str) -> list[Declined]:
    """Names on -a, men's too, and men's on -o: Anna, Kasia, Maria, Wojtyła, Kościuszko."""
    stem = word[:-1]
    low = stem.lower()
    if low.endswith("i"):
        long = low.endswith(("ri", "li", "fi", "di", "ti", "bi", "ki", "gi", "ni", "vi", "mi"))
        ends = [stem + "i", stem] if long else [stem]
        return [Declined(end, end, stem + "ę", stem + "ą", end, stem + voc) for end in ends for voc in ("o", "u")]
    genitive = stem + ("i" if low.endswith(("k", "g", "l", "j")) else "y")
    vocative = stem + ("u" if low.endswith("l") else "o")
    soft = _softened(stem)
    return [Declined(genitive, soft, stem + "ę", stem + "ą", soft, vocative)]


def _second(word: str) -> list[Declined]:
    """Men's names on a consonant: Jan, Marek, Paweł, Tomasz, Nowak, Kupiec, Gołąb."""
    low = word.lower()
    stem = word
    if low[-1:] in _SOFT:
        stem = word[:-1] + _SOFT[low[-1]]
    elif low.endswith("iec"):
        stem = word[:-3] + "c"
    elif low.endswith(("ek", "ec", "eł", "er", "el")) and low[-3:-2] not in _VOWELS:
        short = word[:-3] + word[-1] if low[-3] == "i" else word[:-2] + word[-1]
        kept = [] if low.endswith(("ek", "ec", "eł")) else [_on_consonant(word)]
        return [_on_consonant(short), *kept]
    return [_on_consonant(stem)]


def _on_consonant(stem: str) -> Declined:
    low = stem.lower()
    instrumental = stem + ("iem" if low.endswith(("k", "g")) else "em")
    hard_u = low.endswith((*_HARD_U, "i"))
    locative = stem + "u" if hard_u else _softened(stem)
    return Declined(stem + "a", stem + "owi", stem + "a", instrumental, locative, locative)
