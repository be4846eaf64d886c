"""Phones: every notation meets, and the short way gives what the library gives."""

import phonenumbers
import pytest

from trustdesk.vault.services.phones import e164, tail

NOTATIONS = {
    ("HU", "301234567"): [
        "+36301234567", "+36 30 123 4567", "06 30 123 4567", "06301234567", "0630/123-4567", "(06) 30 123-4567",
        "0036 30 123 45 67", "36 30 123 4567", "30 123 4567", "+36 (30) 123-4567", "tel:+36-30-123-4567",
        "+36 (06) 30 123 4567", "06-30-1234567 ext. 12",
    ],
    ("HU", "12345678"): [
        "+36 1 234 5678", "06 1 234 5678", "(06-1) 234-5678", "0036 1 2345678", "1 234 5678", "36 1 234 5678",
    ],
    ("FI", "401234567"): [
        "+358 40 123 4567", "040 123 4567", "0401234567", "+358 (0)40 123 4567", "00358 40 1234567", "040-1234567",
        "358401234567",
    ],
    ("PL", "601234567"): ["+48 601 234 567", "601 234 567", "0048601234567", "601-234-567", "48601234567"],
    ("DE", "012345678"): [
        "+49 30 12345678", "030 12345678", "030/12345678", "+49 (0)30 12345678", "0049 30 123 456 78",
    ],
    ("DE", "30123456"): ["+49 30 123456", "030 123456", "030/123456", "+49 (0)30 123456", "004930123456"],
    ("AT", "641234567"): ["+43 664 1234567", "0664 1234567", "+43 (0) 664/1234567", "0043 664 1234567"],
    ("IT", "612345678"): ["+39 06 1234 5678", "06 12345678", "0039 0612345678"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("country", "text", "expected"),
    [(country, text, digits) for (country, digits), texts in NOTATIONS.items() for text in texts],
)
def test_every_notation_gives_the_same_digits(country: str, text: str, expected: str) -> None:
    assert tail(text, country) == expected


@pytest.mark.parametrize("country", ["FI", "DE", "PL", ""])
def test_a_foreign_mobile_in_its_own_notation_is_found_from_any_desk(country: str) -> None:
    assert tail("06 30 123 4567", country) == tail("+36301234567", "HU")


def test_a_number_without_a_country_is_found_by_its_digits() -> None:
    assert tail("06 (30) 123-4567 / iroda", "XX") == tail("06301234567", "XX") == "301234567"


@pytest.mark.parametrize("text", ["", "no number", "+", "--", "()", "1", "x" * 500, "1" * 500])
def test_what_is_no_number_has_no_digits(text: str) -> None:
    assert tail(text, "HU") == ""


@pytest.mark.parametrize(
    ("text", "country", "expected"),
    [
        ("06 30 123 4567", "HU", "+36301234567"),
        ("+358 40 123 4567", "HU", "+358401234567"),
        ("12", "HU", ""),
        ("06 30 123 4567 89", "HU", ""),
        ("hello", "HU", ""),
        ("040 123 4567", "", ""),
    ],
)
def test_e164_or_nothing(text: str, country: str, expected: str) -> None:
    assert e164(text, country) == expected


@pytest.mark.parametrize(
    ("text", "country"),
    [
        *((text, country) for (country, _digits), texts in NOTATIONS.items() for text in texts),
        *((text, country) for country in ("IL", "UY") for text in ("01912 123 4567", "050 123 4567")),
        ("01512 6223448", "IL"),
        ("00 972 50 123 4567", "IL"),
    ],
)
def test_the_short_way_to_e164_gives_what_the_library_gives(text: str, country: str) -> None:
    number = phonenumbers.parse(text, country)
    possible = phonenumbers.is_possible_number(number)
    expected = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if possible else ""
    assert e164(text, country) == expected
