"""Whether a row is the person's, decided in one room for all kinds of systems.

A row is theirs where a key column holds one of their keys and no other key column says somebody else: another customer
number, or another name. What contradicts itself is doubtful, and so is what is found by an address or number that was
theirs only once, unless their name stands beside it. Doubtful rows are shown and never touched.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from enum import Enum

import phonenumbers
from phonenumbers import ndd_prefix_for_region

from trustdesk.outside.contracts import EMAIL, NAME, PHONE, Person
from trustdesk.outside.setups import Table

_NOT_DIGITS = re.compile(r"\D")
_WORD = re.compile(r"\w+")
_SHORTEST_NUMBER, _SHORTEST_BARE = 6, 8
_NOTHING: frozenset[str] = frozenset()
CONTACTS = frozenset({EMAIL, PHONE})
"""Keys that a household may share and that pass on; the others are one person's."""


class Whose(Enum):
    THEIRS = "theirs"
    DOUBTFUL = "doubtful"
    ANOTHERS = "another's"


class Matcher:
    """Asks of one row after the other whether it is this person's."""

    def __init__(self, table: Table, person: Person) -> None:
        self._table = table
        self._known = {key: _normals(key, values) for key, values in person.known.items()}
        self._former = {key: _normals(key, values) for key, values in person.former.items()}
        self._names = [words for name in person.known.get(NAME, ()) if (words := _words(name))]

    def whose(self, row: Mapping[str, str | None]) -> Whose:
        """By the identifying columns alone; a missing column counts as empty."""
        now = once = against = False
        for column, key in self._table.identified.items():
            text = (row.get(column) or "").strip()
            if not text or key == NAME:
                continue
            found = normal(key, text)
            if found & self._known.get(key, _NOTHING):
                now = True
            elif found & self._former.get(key, _NOTHING):
                once = True
            elif key not in CONTACTS and self._known.get(key):
                against = True
        if not now and not once:
            return Whose.ANOTHERS
        names = [words for words in map(_words, self._names_in(row)) if words]
        named = bool(self._names) and bool(names)
        if against or (named and not all(map(self._agrees, names))):
            return Whose.DOUBTFUL
        return Whose.THEIRS if now or named else Whose.DOUBTFUL

    def shared(self, row: Mapping[str, str | None]) -> bool:
        """Somebody else is named in the same row."""
        mine = frozenset[str]().union(*self._known.values())
        for column in self._table.others:
            text = (row.get(column) or "").strip()
            if text and not (_every(text) & mine) and not (self._names and self._agrees(_words(text))):
                return True
        return False

    def _names_in(self, row: Mapping[str, str | None]) -> list[str]:
        return [row.get(column) or "" for column, key in self._table.identified.items() if key == NAME]

    def _agrees(self, words: frozenset[str]) -> bool:
        """One of their names has all these words, or these all of its. Of a household the family name is shared and the
        given name is not.
        """
        return bool(words) and any(words <= name or name <= words for name in self._names)


def normal(key: str, text: str) -> frozenset[str]:
    """The notations in which a text of another system can equal a key of ours."""
    if key == EMAIL:
        return frozenset({text.strip().casefold()})
    if key == PHONE:
        return frozenset({written} if (written := digits(text)) else ())
    return frozenset({text.strip().casefold()})


def phone_notations(number: str) -> frozenset[str]:
    """An E.164 number as its digits may be written elsewhere: with its country code, with 00, with the trunk prefix of
    its country behind the code or instead of it, and bare, as a spreadsheet leaves it.
    """
    whole = digits(number)
    if len(whole) < _SHORTEST_NUMBER:
        return frozenset()
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return frozenset({whole})
    national = phonenumbers.national_significant_number(parsed)
    region = phonenumbers.region_code_for_number(parsed) or ""
    trunk = ndd_prefix_for_region(region, True) or ""
    code = str(parsed.country_code)
    written = {whole, f"00{whole}", f"{trunk}{national}", f"{code}{trunk}{national}"}
    return frozenset(written | ({national} if len(national) >= _SHORTEST_BARE else set()))


def digits(text: str) -> str:
    return _NOT_DIGITS.sub("", text)


def _normals(key: str, values: Sequence[str]) -> frozenset[str]:
    if key == PHONE:
        return frozenset(written for value in values for written in phone_notations(value))
    return frozenset(one for value in values for one in normal(key, value))


def _every(text: str) -> frozenset[str]:
    return frozenset({text.casefold(), digits(text) or text.casefold()})


def _words(text: str) -> frozenset[str]:
    """Words without case and accents, initials left out: KOVACS and Kovács are one."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return frozenset(word for word in _WORD.findall(bare) if len(word) > 1)
