"""Telephone numbers, national ids, customer numbers, references: digits, whatever stands between them."""

import re
from collections.abc import Iterator

from phonenumbers import (
    NumberParseException,
    PhoneMetadata,
    length_of_geographical_area_code,
    national_significant_number,
    parse,
    region_code_for_country_code,
)

from trustdesk.scan.contracts import Kind, Strength, Variant

_ENOUGH = 8
"""Digits of a number that says enough alone; with fewer it may be anything."""
_FEWEST_DIGITS, _FEWEST_SIGNS = 5, 6
_JOINT = re.compile(r"(?<=\d)(?=[^\W\d_])|(?<=[^\W\d_])(?=\d)")


def phones(text: str, country: str) -> Iterator[Variant]:
    """International, national and local notation; between the digits the search minds no sign that people write.

    E.164 with its plus, 00, the trunk prefix of the country (06 in Hungary, none in Poland), `+49 (0)…`.
    """
    try:
        number = parse(text, country or None)
    except NumberParseException:
        yield from identifiers(text, Kind.PHONE)
        return
    code, own = str(number.country_code), national_significant_number(number)
    plan = PhoneMetadata.metadata_for_region(region_code_for_country_code(int(code)))
    trunk = (plan and plan.national_prefix) or ""
    forms = [f"+{code} {own}", f"00{code} {own}", f"+{code} (0){own}", f"00{code} (0){own}", own]
    if trunk:
        # A spreadsheet takes the nought of a trunk prefix away (06 in Hungary).
        forms += [trunk + own, f"+{code} ({trunk}){own}", trunk.lstrip("0") + own]
    for form in forms:
        yield Variant(Kind.PHONE, form, _strength(form), about=own)
    area = length_of_geographical_area_code(number)
    if area and len(own) - area >= _FEWEST_DIGITS:
        yield Variant(Kind.PHONE, own[area:], Strength.NEAR, about=own)


def identifiers(text: str, kind: Kind) -> Iterator[Variant]:
    """Ids and references: as written, joined, with a sign where letters meet digits (AB 123456, 131052-308T).

    Digits in one row are looked for with any signs between them, and without their letters or first noughts, which
    forms and spreadsheets take away.
    """
    joined = "".join(sign for sign in text if sign.isalnum())
    if len(joined) < _FEWEST_DIGITS:
        return
    if not joined.isdecimal():
        strength = Strength.ALONE if len(joined) >= _FEWEST_SIGNS and re.search(r"\d", joined) else Strength.NEAR
        for form in dict.fromkeys((text, joined, _JOINT.sub(" ", joined), re.sub(r"[\s.\-/]+", " ", text))):
            yield Variant(kind, form, strength, about=joined)
    rows = re.findall(r"\d+", joined)
    if len(rows) == 1:
        for digits in dict.fromkeys((rows[0], rows[0].lstrip("0"))):
            if len(digits) >= _FEWEST_DIGITS:
                yield Variant(kind, digits, _strength(digits), about=joined)


def _strength(form: str) -> Strength:
    return Strength.ALONE if sum(sign.isdigit() for sign in form) >= _ENOUGH else Strength.NEAR
