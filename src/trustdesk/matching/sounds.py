"""How a name sounds, over the spellings of Central and Northern Europe: `Meyer` as `Maier`, `Schulz` as `Szulc`."""

import re
from functools import lru_cache

_SPELLINGS = (
    (re.compile("tsch|cz|ch(?=[ei])|cs|tz|ts|sch|sz|sh|zs|rz|z|x"), "s"),
    (re.compile("c(?=[eiy]|$)"), "s"),
    (re.compile("ph|w|v"), "f"),
    (re.compile("th|dt|d"), "t"),
    (re.compile("ck|ch|c|q|g"), "k"),
    (re.compile("b"), "p"),
    (re.compile("l[j]|ly"), "l"),
    (re.compile("(?<=.)[hj]"), ""),
)
_VOWEL = "aeiouy"
_VOWELS = re.compile("[aeiouy]+")
_TWICE = re.compile(r"(.)\1+")
_OTHERS = re.compile("[^a-z]")


@lru_cache(maxsize=1 << 16)
def sound(name: str) -> str:
    """A key that spellings of one name share; empty where nothing is left to hear.

    Vowels count only as a beginning. Names are expected folded; other signs than a to z are passed over.
    """
    letters = _OTHERS.sub("", name)
    for spelling, heard in _SPELLINGS:
        letters = spelling.sub(heard, letters)
    if not letters:
        return ""
    first = "a" if letters[0] in _VOWEL else letters[0]
    return _TWICE.sub(r"\1", first + _VOWELS.sub("", letters[1:]))
