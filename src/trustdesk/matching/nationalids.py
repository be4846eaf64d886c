"""Numbers that states give to persons, checked by their digits (Finland, Poland, Hungary, Germany)."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from stdnum.de import idnr
from stdnum.fi import hetu
from stdnum.pl import pesel

from trustdesk.matching.dates import day_of

ATTRIBUTES = frozenset({"national_id", "hetu", "pesel", "taj", "tax_id", "idnr"})
"""Codes of attributes whose values are such numbers; a customer number that looks like one is none."""

_SEPARATORS = re.compile(r"[\s./,_-]+")
_ASCII_DIGITS = re.compile(r"[0-9]+\Z")
_LONGEST = 30
_TAX_DAY_ONE = date(1867, 1, 1)
_PESEL_CENTURIES = {8: "18", 0: "19", 2: "20", 4: "21", 6: "22"}


class NationalId(NamedTuple):
    """The number in its one notation, and the birth date that it says (ISO 8601; empty: it says none)."""

    number: str = ""
    birth_date: str = ""


NOBODY = NationalId()


def national_id(text: str, country: str) -> NationalId:
    """Empty where no country's check digit agrees: an invalid number counts as missing. `country` is tried first."""
    text = text.strip()[:_LONGEST]
    if found := _finnish(text):
        return found
    digits = _SEPARATORS.sub("", text)
    if not _ASCII_DIGITS.match(digits):
        return NOBODY
    readers = _BY_LENGTH.get(len(digits), {})
    for read in (readers[country],) if country in readers else readers.values():
        if found := read(digits):
            return found
    return NOBODY


def _finnish(text: str) -> NationalId | None:
    """The separator is part of it: since 2023 it alone may tell two persons apart. 9xx are test persons."""
    if len(text) != 11 or not text.isascii():
        return None
    number = text.upper()
    if not hetu.is_valid(number, allow_temporary=True):
        return None
    century = {"+": "18"}.get(number[6]) or ("20" if number[6] in "ABCDEF" else "19")
    return NationalId(number, day_of(century + number[4:6], number[2:4], number[:2]))


def _polish(digits: str) -> NationalId | None:
    if not pesel.is_valid(digits):
        return None
    decade = int(digits[2])
    century = _PESEL_CENTURIES[decade - decade % 2]
    return NationalId(digits, day_of(century + digits[:2], f"{decade % 2}{digits[3]}", digits[4:6]))


def _german(digits: str) -> NationalId | None:
    return NationalId(digits) if idnr.is_valid(digits) else None


def _hungarian_tax(digits: str) -> NationalId | None:
    """adóazonosító jel (1996:XX, annex 1): days since 1867, a serial number, and the weighted sum modulo 11."""
    if digits[0] != "8" or sum(int(digit) * place for place, digit in enumerate(digits[:9], start=1)) % 11 != int(
        digits[9]
    ):
        return None
    born = _TAX_DAY_ONE + timedelta(days=int(digits[1:6]))
    return NationalId(digits, born.isoformat())


def _hungarian_social(digits: str) -> NationalId | None:
    """TAJ (1996:XX, annex 2): weights 3 and 7 by turns, modulo 10."""
    total = sum(int(digit) * (7 if place % 2 else 3) for place, digit in enumerate(digits[:8]))
    return NationalId(digits) if total % 10 == int(digits[8]) and digits.strip("0") else None


_BY_LENGTH: dict[int, dict[str, Callable[[str], NationalId | None]]] = {
    11: {"PL": _polish, "DE": _german},
    10: {"HU": _hungarian_tax},
    9: {"HU": _hungarian_social},
}
