"""Values as one reads them aloud."""

from datetime import date

import phonenumbers
from django.utils import formats
from django.utils.translation import gettext as _

from trustdesk.register.contracts import CardValue, ValueKind


def readable(value: CardValue) -> str:
    """Phone numbers in groups, dates in the reader's manner; nothing where the text can't be seen."""
    if value.text is None:
        return ""
    if value.kind in {ValueKind.BIRTH_DATE, ValueKind.DATE}:
        return _date(value.text)
    return phone_text(value.text) if value.kind is ValueKind.PHONE else value.text


def value_name(value: CardValue) -> str:
    """What the value is, and which of several: the usual words in the reader's language, others as they were given."""
    name = _(value.attribute_label) if value.attribute_label else value.attribute
    usual = {"mobile": _("mobile"), "home": _("home"), "work": _("work"), "billing": _("billing")}
    return f"{name} · {usual.get(value.label, value.label)}" if value.label else name


def phone_text(text: str) -> str:
    """A number in groups, with its country; what is no number stays as it is."""
    try:
        number = phonenumbers.parse(text)
    except phonenumbers.NumberParseException:
        return text
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL))


def _date(text: str) -> str:
    try:
        return formats.date_format(date.fromisoformat(text), "SHORT_DATE_FORMAT")
    except ValueError:  # a date of which only the year is known
        return text
