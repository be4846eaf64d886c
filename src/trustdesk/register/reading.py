"""From what was typed or delivered to what is stored: checked, in one notation, or refused with the reason."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date

import phonenumbers
from django.utils.translation import gettext as _
from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email

from trustdesk.kernel.errors import BadInputError
from trustdesk.register.contracts import Attribute, ValueKind

_EARLIEST_BIRTH_YEAR = 1880
_LIMITS: Mapping[ValueKind, int] = {
    ValueKind.TEXT: 10_000,
    ValueKind.ADDRESS: 1_000,
    ValueKind.NAME: 300,
    ValueKind.EMAIL: 254,
    ValueKind.PHONE: 60,
    ValueKind.EXTERNAL_ID: 100,
    ValueKind.REGION: 100,
    ValueKind.CODE: 100,
}
_LIMIT = 200
_LINES = frozenset({ValueKind.TEXT, ValueKind.ADDRESS})
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_CONTROL_BUT_LINES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DAY_FIRST = re.compile(r"(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})\.?")
# Most addresses of a list: the library's 35 µs are kept for the others, its refusals for endings nobody delivers to.
_PLAIN_EMAIL = re.compile(
    r"([a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*)@((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+)([a-z]{2,24})",
    re.IGNORECASE | re.ASCII,
)
_LONGEST_LOCAL, _LONGEST_DOMAIN = 64, 250
_YEAR_FIRST = re.compile(r"(\d{4})\. ?(\d{1,2})\. ?(\d{1,2})\.?")


def read_value(attribute: Attribute, text: str, *, country: str, today: date) -> str:
    """The text as it is stored; BadInputError names the attribute, never the text."""
    text = unicodedata.normalize("NFC", text).strip()
    kind = attribute.kind
    _check_plain(attribute, text)
    if kind is ValueKind.PHONE:
        return _phone(attribute, text, country)
    if kind is ValueKind.EMAIL:
        return _email(attribute, text)
    if kind in (ValueKind.BIRTH_DATE, ValueKind.DATE):
        day = parse_date(text)
        if day is None:
            raise _bad(attribute, _("This is not a date."), _("Write it as 1980-12-31 or 31.12.1980."))
        if kind is ValueKind.BIRTH_DATE and not (day.year >= _EARLIEST_BIRTH_YEAR and day <= today):
            raise _bad(attribute, _("Nobody alive was born on this date."), _("Check the year."))
        return day.isoformat()
    return text


def parse_date(text: str) -> date | None:
    """ISO 8601, day.month.year (Finland, Poland, Germany) or year.month.day. (Hungary); None for anything else."""
    for pattern, order in ((_ISO, (1, 2, 3)), (_DAY_FIRST, (3, 2, 1)), (_YEAR_FIRST, (1, 2, 3))):
        if match := pattern.fullmatch(text):
            year, month, day = (int(match[part]) for part in order)
            try:
                return date(year, month, day)
            except ValueError:
                return None
    return None


def _check_plain(attribute: Attribute, text: str) -> None:
    if not text:
        raise _bad(attribute, _("The value is empty."), _("Leave it out."))
    if len(text) > _LIMITS.get(attribute.kind, _LIMIT):
        raise _bad(attribute, _("The value is too long."), _("Shorten it."))
    pattern = _CONTROL_BUT_LINES if attribute.kind in _LINES else _CONTROL
    if pattern.search(text):
        raise _bad(attribute, _("The value holds control characters."), _("Remove them."))


def _phone(attribute: Attribute, text: str, country: str) -> str:
    number = _parse_phone(text, country.upper())
    if not number:
        raise _bad(attribute, _("This is not a phone number."), _("Write it with its area or country code."))
    return number


def _parse_phone(text: str, country: str) -> str:
    try:
        number = phonenumbers.parse(text, country or None)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{written} ext. {number.extension}" if number.extension else str(written)


def _email(attribute: Attribute, text: str) -> str:
    if plain := _PLAIN_EMAIL.fullmatch(text):
        local, labels, ending = plain.groups()
        ending = ending.lower()
        known = ending not in SPECIAL_USE_DOMAIN_NAMES and "--" not in labels
        if known and len(local) <= _LONGEST_LOCAL and len(labels) + len(ending) <= _LONGEST_DOMAIN:
            return f"{local}@{labels.lower()}{ending}"
    try:
        return validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError:
        # The library's own sentence may quote the address.
        raise _bad(attribute, _("This is not an e-mail address."), _("Write it as name@example.com.")) from None


def _bad(attribute: Attribute, message: str, mend: str) -> BadInputError:
    return BadInputError(message, place=attribute.code, mend=mend)
