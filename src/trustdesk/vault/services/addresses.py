"""Postal addresses and free text: folded words, without those that everybody's street is called by."""

import re

from trustdesk.vault.services.folding import fold, words

_STREET_WORDS = frozenset(
    {
        *("utca", "u", "ut", "tere", "ter", "korut", "krt", "setany", "koz"),  # hu
        *("ulica", "ul", "aleja", "al", "plac", "pl", "osiedle", "os"),  # pl
        *("strasse", "str", "platz", "weg"),  # de; "gasse" and "allee" stand inside names
        *("katu", "tie"),  # fi, written apart
        *("street", "st", "road", "rd", "avenue", "ave"),
    }
)
_COUNTRY_MARK = re.compile(r"\b[a-z]{1,3}-(?=\d{4,5}\b)")  # H-1055, D-10115, FI-00100
_POLISH_POSTCODE = re.compile(r"\b(\d\d)-(\d{3})\b")  # 00-950 and 00950 are one


def address_words(text: str) -> list[str]:
    folded = _POLISH_POSTCODE.sub(r"\1\2", _COUNTRY_MARK.sub("", fold(text)))
    found = [_street_name(word) for word in words(folded)]
    return list(dict.fromkeys(word for word in found if word not in _STREET_WORDS)) or found


def _street_name(word: str) -> str:
    return word.removesuffix("asse") if word.endswith("strasse") else word
