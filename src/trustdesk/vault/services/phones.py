"""Phones: the last nine digits of the national number, whatever notation it is written in.

The national number is unique inside a country and short enough to be the same in national and international
notation; nine digits of it are the whole number in most countries and enough in the others. So a number written the
Hungarian way is found from a Finnish desk too.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from phonenumbers import (
    COUNTRY_CODE_TO_REGION_CODE,
    NumberParseException,
    PhoneMetadata,
    PhoneNumberFormat,
    format_number,
    is_possible_number,
    national_significant_number,
    parse,
    region_code_for_number,
)

TAIL = 9
_FEWEST = 3
_LONGEST_TEXT = 60  # with extension and ornaments; what is longer is no phone number
_PLAIN = re.compile(r"\+?[0-9][0-9 ()./\-]*\Z")
_NOT_DIGITS = re.compile(r"[^0-9]+")
_WORLD = "001"
_ONE_LAW = {"358": ("FI",)}  # Åland shares the prefix, and Finland's law of telecommunications


class _Plan(NamedTuple):
    """A country's numbering plan, as far as its notation can be read with certainty."""

    code: str
    trunk: str  # the prefix of the national notation; empty where there is none
    plain_exit: bool  # 00 and nothing else leads out of the country
    lengths: frozenset[int]  # that a national number may have
    exits: re.Pattern[str]  # all prefixes that lead out of the country

    def national(self, digits: str) -> str:
        """The digits where they can be a whole national number of this country, else empty."""
        return digits if digits[:1] != "0" and len(digits) in self.lengths else ""


@lru_cache(maxsize=512)
def _plan(country: str) -> _Plan | None:
    plan = PhoneMetadata.metadata_for_region(country) if country else None
    if plan is None or plan.general_desc is None or plan.national_prefix_transform_rule:
        return None
    if plan.national_prefix_for_parsing not in {None, "0", "06"}:
        return None
    return _Plan(
        code=str(plan.country_code),
        trunk=plan.national_prefix_for_parsing or "",
        plain_exit=plan.international_prefix == "00",
        lengths=frozenset(plan.general_desc.possible_length),
        exits=re.compile(plan.international_prefix or r"(?!)"),
    )


def tail(text: str, country: str) -> str:
    """At most nine digits by which the number is found; empty where the text has no number."""
    text = text.strip()
    if len(text) > _LONGEST_TEXT:
        return ""
    found = _certain(text, country) if _PLAIN.match(text) else ""
    return (found or _parsed(text, country))[-TAIL:]


def e164(text: str, country: str) -> str:
    """The number as ITU-T E.164; empty where no such number is possible."""
    if len(text) <= _LONGEST_TEXT and _PLAIN.match(text) and (found := _certain_e164(text, country)):
        return found
    try:
        number = parse(text[:_LONGEST_TEXT], country or None)
    except NumberParseException:
        return ""
    return format_number(number, PhoneNumberFormat.E164) if is_possible_number(number) else ""


def country(number: str) -> str:
    """The country of an E.164 number; empty for numbers of no country (+800) and for what is no such number."""
    if not number.startswith("+"):
        return ""
    for length in (2, 3, 1):
        code = number[1 : 1 + length]
        regions = COUNTRY_CODE_TO_REGION_CODE.get(int(code)) if code.isdecimal() else None
        if regions:
            regions = _ONE_LAW.get(code, regions)
            return _region(number) if len(regions) > 1 else regions[0] if regions[0] != _WORLD else ""
    return ""


def _region(number: str) -> str:
    """Which of the countries that share a prefix: by the library, in 50 µs."""
    try:
        return region_code_for_number(parse(number[:_LONGEST_TEXT])) or ""
    except NumberParseException:
        return ""


def _certain(text: str, country: str) -> str:
    """The national number where no doubt is possible, without the library's 30 µs; else empty."""
    digits = _NOT_DIGITS.sub("", text)
    if text[0] == "+":
        return _certain_international(digits)
    plan = _plan(country)
    if plan is None:
        return ""
    if digits.startswith("00"):
        return _certain_international(digits[2:]) if plan.plain_exit else ""
    if plan.trunk and digits.startswith(plan.trunk):
        return plan.national(digits[len(plan.trunk) :])
    if digits.startswith(plan.code) or not plan.plain_exit:
        return ""
    return plan.national(digits)


def _certain_e164(text: str, country: str) -> str:
    """As `_certain`, in full. Where a country is left by 01 too, such a number begins with a prefix of either kind."""
    digits = _NOT_DIGITS.sub("", text)
    if text[0] == "+":
        return f"+{digits}" if _certain_international(digits) else ""
    plan = _plan(country)
    national = "" if plan is None or plan.exits.match(digits) else _certain(text, country)
    return f"+{plan.code}{national}" if plan and national else ""


def _certain_international(digits: str) -> str:
    for length in (2, 3, 1):
        regions = COUNTRY_CODE_TO_REGION_CODE.get(int(digits[:length] or 0))
        if regions and digits[0] != "0":
            plan = _plan(regions[0])
            return plan.national(digits[length:]) if plan else ""
    return ""


def _parsed(text: str, country: str) -> str:
    try:
        found: str = national_significant_number(parse(text, country or None))
    except NumberParseException:
        found = _NOT_DIGITS.sub("", text)  # the last resort: what can't be read is found by its own digits
    # Zeros that belong to the number (Italy) look like those that lead out of it: neither counts.
    found = found.lstrip("0")
    return found if len(found) >= _FEWEST else ""
