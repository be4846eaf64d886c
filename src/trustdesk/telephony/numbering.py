"""Telephone numbers as their plans have them: E.164 or nothing, and which kinds are called at all."""

from typing import Final

from django.utils.translation import gettext as _
from phonenumbers import (
    NumberParseException,
    PhoneNumberFormat,
    PhoneNumberType,
    format_number,
    is_valid_number,
    number_type,
    parse,
)

from trustdesk.kernel.errors import BadInputError
from trustdesk.vault.api import phone_country

_LONGEST: Final = 40
_CALLED: Final = frozenset(
    {
        PhoneNumberType.FIXED_LINE,
        PhoneNumberType.MOBILE,
        PhoneNumberType.FIXED_LINE_OR_MOBILE,
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.VOIP,
        PhoneNumberType.UAN,
    }
)
"""What costs what a call costs. Premium, shared cost, personal numbers, pagers and the unknown are left out."""


def e164(text: str, *, country: str = "", place: str = "number") -> str:
    """The number as E.164. BadInputError where the text is none, or no plan has it."""
    found = _parsed(text, country)
    if not found:
        raise BadInputError(
            _("This is not a telephone number."), place=place, mend=_("Write it with its country code: +36 1 234 5678.")
        )
    return found


def country_of(number: str) -> str:
    return phone_country(number)


def is_called(number: str) -> bool:
    """Whether calling it costs no more than a call: false for premium ranges, and for what no plan knows."""
    try:
        kind = number_type(parse(number))
    except NumberParseException:
        return False
    return kind in _CALLED


def shown(number: str) -> str:
    """For reading: the international notation."""
    try:
        return str(format_number(parse(number), PhoneNumberFormat.INTERNATIONAL))
    except NumberParseException:
        return number


def _parsed(text: str, country: str) -> str:
    plain = text.strip()
    if not plain or len(plain) > _LONGEST:
        return ""
    if plain.startswith("00") and not country:
        plain = f"+{plain[2:]}"  # as whoever reads it from a phone writes it
    try:
        number = parse(plain, country or None)
    except NumberParseException:
        return ""
    if number.extension or not is_valid_number(number):
        return ""
    return str(format_number(number, PhoneNumberFormat.E164))
