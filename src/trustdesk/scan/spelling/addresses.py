"""Postal addresses: street and number, in the words and abbreviations of the country."""

import re
from collections.abc import Iterator

from trustdesk.scan.contracts import Kind, Strength, Variant
from trustdesk.scan.spelling import hungarian
from trustdesk.scan.spelling.letters import with_pairs

# What stands for the same word; the first ones are whole words, those with a hyphen end a longer one.
_SAME = (
    ("utca", "u", "ucca"),
    ("út", "útja"),
    ("körút", "krt"),
    ("tér", "tere"),
    ("straße", "strasse", "str"),
    ("platz", "pl"),
    ("gasse", "g"),
    ("katu", "k"),
    ("tie", "t"),
    ("ulica", "ul", ""),
    ("aleja", "aleje", "al", ""),
    ("osiedle", "os", ""),
    ("plac", "pl", ""),
)
_ENDINGS = (
    ("straße", "strasse", "str", " straße", " str"),
    ("gasse", "g"),
    ("platz", "pl"),
    ("katu", "k"),
    ("polku", "p"),
    ("tie", "t"),
)
_NUMBER_LAST = re.compile(
    r"(?P<street>[^\d,;]{2,60}?)[\s.]+(?P<number>\d{1,4})(?!\d)(?:[\s/]?(?P<letter>[a-z])\b)?", re.IGNORECASE
)
_NUMBER_FIRST = re.compile(r"^\s*(?P<number>\d{1,3})(?P<letter>[a-z])?\s+(?P<street>[^\d,;]{2,60})", re.IGNORECASE)
_PARTS = re.compile(r"[,;\n]")
_SHORTEST = 2
_JOINTS = re.compile(r"([\s-]+)")
_LONGEST_CUT = 4


def addresses(text: str) -> Iterator[Variant]:
    """All are weak: everybody who lives there has the same."""
    for part in _PARTS.split(text):
        found = _NUMBER_LAST.search(part) or _NUMBER_FIRST.search(part)
        if found is None:
            continue
        number, letter = found["number"], found["letter"] or ""
        numbers = [number, *([f"{number}{letter}", f"{number} {letter}"] if letter else [])]
        for street in _ends(found["street"].replace(".", " ").split()):
            shortened = (short for written in _streets(street) for short in _shortened(written))
            for form in dict.fromkeys(one for written in shortened for one in with_pairs(written)):
                for one in numbers:
                    for written in (f"{form} {one}", f"{one} {form}"):
                        yield Variant(Kind.ADDRESS, written, Strength.NEAR, about=text.casefold())


def _ends(words: list[str]) -> Iterator[str]:
    """The street as written, and without what may be the town before it."""
    for length in dict.fromkeys((len(words), 3, 2)):
        street = " ".join(words[-length:])
        if length <= len(words) and len(street) >= _SHORTEST:
            yield street


def _shortened(street: str) -> Iterator[str]:
    """As written, and with words before the last one cut after a few letters: Dózsa Gy. út, Prof.-Huber-Pl."""
    yield street
    words = _JOINTS.split(street)
    for at in range(0, len(words) - 1, 2):
        for length in range(1, min(_LONGEST_CUT, len(words[at]) - 1) + 1):
            yield "".join([*words[:at], words[at][:length], *words[at + 1 :]])
    if len(words) > len(("first", " ", "second", " ", "last")):
        yield "".join([*(hungarian.initial(word) for word in words[:-1]), words[-1]])


def _streets(street: str) -> Iterator[str]:
    yield street
    low = street.lower()
    words = street.split()
    for same in _SAME:
        for at, word in enumerate(words):
            if word.lower() in same and word:
                for other in same:
                    left = " ".join([*words[:at], *([other] if other else []), *words[at + 1 :]])
                    if left:
                        yield left
    for endings in _ENDINGS:
        for ending in endings:
            if ending.strip() == ending and low.endswith(ending) and len(low) > len(ending) + 2 and low != ending:
                yield from (street[: len(street) - len(ending)] + other for other in endings)
                break
