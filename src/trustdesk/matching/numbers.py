"""Phone numbers, e-mail addresses and other systems' numbers in one notation, by the rules of the vault's tokens."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from phonenumbers import (
    COUNTRY_CODE_TO_REGION_CODE,
    NumberParseException,
    PhoneMetadata,
    PhoneNumberFormat,
    PhoneNumberType,
    format_number,
    is_possible_number,
    number_type,
    parse,
)

from trustdesk.matching.folding import fold

_LONGEST_TEXT = 60  # with extension and ornaments; what is longer is no phone number
_LONGEST_EMAIL = 254  # RFC 5321, section 4.5.3.1.3
_PLAIN = re.compile(r"\+?[0-9][0-9 ()./\-]*\Z")
_NOT_DIGITS = re.compile(r"[^0-9]+")
_ADDRESS = re.compile(r"[^@\s<>]+@[^@\s<>.]+(?:\.[^@\s<>.]+)+\Z")
_BRACKETED = re.compile(r"<([^<>]+)>\s*\Z")


class _Plan(NamedTuple):
    """A country's numbering plan, as far as its notation can be read with certainty."""

    code: str
    trunk: str  # the prefix of the national notation; empty where there is none
    plain_exit: bool  # 00 and nothing else leads out of the country
    lengths: frozenset[int]  # that a national number may have

    def national(self, digits: str) -> str:
        """The number as E.164 where the digits can be a whole national number of this country, else empty."""
        return f"+{self.code}{digits}" if digits[:1] != "0" and len(digits) in self.lengths else ""


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
    )


def phone(text: str, country: str) -> str:
    """The number as ITU-T E.164; empty where no such number is possible."""
    text = text.strip()
    if not text or len(text) > _LONGEST_TEXT:
        return ""
    found = _certain(text, country) if _PLAIN.match(text) else ""
    return found or _parsed(text, country)


def _certain(text: str, country: str) -> str:
    """The number where no doubt is possible, without the library's 30 µs; else empty."""
    digits = _NOT_DIGITS.sub("", text)
    if text[0] == "+":
        return _international(digits)
    plan = _plan(country)
    if plan is None:
        return ""
    if digits.startswith("00"):
        return _international(digits[2:]) if plan.plain_exit else ""
    if plan.trunk and digits.startswith(plan.trunk):
        return plan.national(digits[len(plan.trunk) :])
    if digits.startswith(plan.code) or not plan.plain_exit:
        return ""
    return plan.national(digits)


def _international(digits: str) -> str:
    for length in (2, 3, 1):
        regions = COUNTRY_CODE_TO_REGION_CODE.get(int(digits[:length] or 0))
        if regions and digits[0] != "0":
            plan = _plan(regions[0])
            return plan.national(digits[length:]) if plan else ""
    return ""


def _parsed(text: str, country: str) -> str:
    try:
        number = parse(text, country or None)
    except NumberParseException:
        return ""
    return format_number(number, PhoneNumberFormat.E164) if is_possible_number(number) else ""


def of_a_home(number: str) -> bool:
    """Whether this E.164 number is a fixed line: it rings for all who live there, whoever it is recorded for. Where
    the plan does not tell fixed from mobile (North America) it is nobody's but its owner's.
    """
    try:
        return number_type(parse(number, None)) == PhoneNumberType.FIXED_LINE
    except NumberParseException:
        return False


def email(text: str) -> str:
    """Lower case, ASCII domain; empty where the text is no address. Mailboxes that differ in case only are one."""
    text = text.strip() if text.isascii() else unicodedata.normalize("NFKC", text).strip()
    text = text.removeprefix("mailto:")
    if found := _BRACKETED.search(text):
        text = found[1].strip()
    text = text.rstrip(".")
    if len(text) > _LONGEST_EMAIL or not _ADDRESS.match(text):
        return ""
    local, _, domain = text.casefold().rpartition("@")
    return f"{local}@{domain if domain.isascii() else _ascii(domain)}"


def _ascii(domain: str) -> str:
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain


def other_number(text: str) -> str:
    """Separators and leading zeros are written or not as one likes: 0012-34A is 1234a."""
    joined = "".join(letter for letter in fold(text) if letter.isalnum())
    return joined.lstrip("0") or joined
