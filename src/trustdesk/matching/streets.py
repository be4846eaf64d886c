"""Streets in one spelling: what is abbreviated is written out, what everybody leaves out is left out."""

import re
from functools import lru_cache

from trustdesk.matching.folding import WORDS_KEPT, one_spelling

PO_BOX = "pobox"

# Endings of one word: (as written, folded; the one form). Only with a dot where the letter alone could be a name's.
_ENDINGS: dict[str, tuple[tuple[str, str], ...]] = {
    "FI": (
        ("k.", "katu"), ("t.", "tie"), ("kj.", "kuja"), ("p.", "polku"), ("g.", "gatan"), ("v.", "vagen"),
        ("gr.", "granden"), ("st.", "stigen"),
    ),
    "DE": (("strasse", "str"), ("strase", "str"), ("str.", "str"), ("pl.", "platz"), ("g.", "gasse")),
}  # fmt: skip
# Words that stand alone: what they become; empty: left out.
_WORDS: dict[str, dict[str, str]] = {
    "FI": {"k": "katu", "t": "tie", "kj": "kuja", "g": "gatan", "v": "vagen", "gr": "granden"},
    "DE": {"strasse": "str", "strase": "str", "pl": "platz", "sankt": "st", "a": "an", "d": "der"},
    "HU": {
        "u": "utca", "utcza": "utca", "krt": "korut", "t": "ter", "tere": "ter", "utja": "ut", "stny": "setany",
        "ltp": "lakotelep", "fasora": "fasor", "rkp": "rakpart", "rakpartja": "rakpart",
    },
    "PL": {
        "ul": "", "ulica": "", "aleja": "al", "aleje": "al", "plac": "pl", "osiedle": "os",
        "gen": "", "generala": "", "ks": "", "ksiedza": "", "marsz": "", "marszalka": "", "plk": "", "pulkownika": "",
        "dr": "", "doktora": "", "prof": "", "profesora": "", "swietego": "sw", "swietej": "sw",
    },
}  # fmt: skip
_LIKE = {"AX": "FI", "SE": "FI", "AT": "DE", "CH": "DE", "LI": "DE", "LU": "DE"}
_WORD = re.compile(r"[^\W_]+\.?")


@lru_cache(maxsize=WORDS_KEPT)
def street(folded: str, country: str) -> str:
    """One word for the street, whether its parts were written together, apart or with hyphens."""
    law = _LIKE.get(country, country)
    words = _WORD.findall(folded.replace("'", ""))
    kinds, endings = _WORDS.get(law, {}), _ENDINGS.get(law, ())
    parts = []
    for place, word in enumerate(words):
        bare = word.rstrip(".")
        # A street may be called by such a word: one that stands alone, or first where kinds stand last, is its name.
        if bare in kinds and (place or law in {"PL", "DE"}) and len(words) > 1:
            parts.append(kinds[bare])
        else:
            parts.append(_ending(word, bare, endings))
    return one_spelling("".join(parts)) or one_spelling("".join(words).replace(".", ""))


def _ending(word: str, bare: str, endings: tuple[tuple[str, str], ...]) -> str:
    for written, whole in endings:
        if word.endswith(written) and len(word) > len(written):
            return word[: -len(written)] + whole
    return bare
