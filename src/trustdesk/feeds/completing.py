"""Addresses of a feed that say a part only: the postcode of a street and house, the town of a postcode.

Nothing that an address says is changed; what it does not say is added where the post's files leave no doubt.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

from django.db import connection

from trustdesk.feeds.readers.values import Fault, Record
from trustdesk.matching.api import address, town
from trustdesk.matching.contracts import Address, Said
from trustdesk.updates.contracts import Change

COUNTRIES = frozenset({"FI"})
"""Of which the post's files can be loaded."""

_AT_ONCE = 500
_WHOLE = re.compile(r"(?<!\d)\d{5}\s+[^\W\d_]{2}")  # a postcode and its town: most addresses say both
_TOWNS = "SELECT postcode, town_fi, town_sv FROM feeds_postcode WHERE country = 'FI' AND postcode = ANY(%s)"
_STREETS = """
SELECT s.key, s.postcode, s.side, s.lowest, s.highest, p.town_fi, p.town_sv
FROM feeds_street s JOIN feeds_postcode p ON p.country = s.country AND p.postcode = s.postcode
WHERE s.country = 'FI' AND s.key = ANY(%s)
"""


class _Houses(NamedTuple):
    postcode: str
    side: str
    lowest: int | None
    highest: int | None
    towns: frozenset[str]

    def hold(self, house: int, of_town: str) -> bool:
        return (
            of_town in self.towns
            and self.side in {"", "odd" if house % 2 else "even"}
            and (self.lowest is None or self.lowest <= house)
            and (self.highest is None or house <= self.highest)
        )


def completed(records: Iterable[Record]) -> Iterator[Record]:
    """The same records in the same order. A few hundred are looked up at once, in two questions."""
    rest = iter(records)
    while batch := list(islice(rest, _AT_ONCE)):
        lacking = {
            said.text: found
            for record in batch
            if isinstance(record, Change) and record.country in COUNTRIES
            for said in (*record.person, *record.becomes)
            if said.kind == "address" and not _WHOLE.search(said.text)
            if _lacks(found := address(said.text, country=record.country))
        }
        texts = _texts(lacking) if lacking else {}
        yield from (record if isinstance(record, Fault) or not texts else _with(record, texts) for record in batch)


def _lacks(found: Address) -> bool:
    if found.country not in COUNTRIES:
        return False
    return bool(found.town and not found.postcode and found.street and _house(found)) or bool(
        found.postcode and not found.town
    )


def _house(found: Address) -> int:
    digits = "".join(letter if letter.isdecimal() else " " for letter in found.house).split()
    return int(digits[0]) if digits else 0


def _with(record: Change, texts: Mapping[str, str]) -> Change:
    person, becomes = (_said(values, texts) for values in (record.person, record.becomes))
    return (
        record
        if person is None and becomes is None
        else replace(record, person=person or record.person, becomes=becomes or record.becomes)
    )


def _said(values: Sequence[Said], texts: Mapping[str, str]) -> tuple[Said, ...] | None:
    if not any(said.kind == "address" and said.text in texts for said in values):
        return None
    return tuple(
        said._replace(text=texts[said.text]) if said.kind == "address" and said.text in texts else said
        for said in values
    )


def _texts(lacking: Mapping[str, Address]) -> Mapping[str, str]:
    """The whole address of each text, where it is known."""
    towns = _towns({found.postcode for found in lacking.values() if found.postcode})
    houses = _streets({found.street for found in lacking.values() if not found.postcode})
    whole: dict[str, str] = {}
    for text, found in lacking.items():
        if found.postcode:
            if name := towns.get(found.postcode):
                whole[text] = _after(text, found.postcode, name)
        else:
            codes = {one.postcode for one in houses.get(found.street, ()) if one.hold(_house(found), found.town)}
            if len(codes) == 1:
                whole[text] = _before(text, codes.pop(), found.town)
    return {text: to for text, to in whole.items() if to}


def _after(text: str, postcode: str, name: str) -> str:
    head, found, tail = text.rpartition(postcode)
    return f"{head}{found} {name.title()}{tail}" if found else ""


def _before(text: str, postcode: str, of_town: str) -> str:
    """The postcode before the town, which is the last part of the text; nothing where it is not."""
    head, comma, last = text.replace("\n", ", ").rpartition(",")
    return f"{head}, {postcode} {last.strip()}" if comma and town(last) == of_town else ""


def _towns(postcodes: set[str]) -> Mapping[str, str]:
    if not postcodes:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_TOWNS, [sorted(postcodes)])
        return {postcode: fi or sv for postcode, fi, sv in cursor.fetchall()}


def _streets(keys: set[str]) -> Mapping[str, Sequence[_Houses]]:
    found: dict[str, list[_Houses]] = {}
    if keys:
        with connection.cursor() as cursor:
            cursor.execute(_STREETS, [sorted(keys)])
            for key, postcode, side, lowest, highest, fi, sv in cursor.fetchall():
                towns = frozenset(town(name) for name in (fi, sv) if name)
                found.setdefault(key, []).append(_Houses(postcode, side, lowest, highest, towns))
    return found
