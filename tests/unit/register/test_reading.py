"""What is stored of what was typed: one notation, or a refusal that never quotes the value."""

from datetime import date

import pytest

from trustdesk.kernel.errors import BadInputError
from trustdesk.register.contracts import Attribute
from trustdesk.register.reading import parse_date, read_value
from trustdesk.register.standard import STANDARD

CATALOG = {attribute.code: attribute for attribute in STANDARD}
TODAY = date(2026, 11, 23)


def read(code: str, text: str, country: str = "FI") -> str:
    return read_value(CATALOG[code], text, country=country, today=TODAY)


@pytest.mark.parametrize(
    ("code", "text", "country", "stored"),
    [
        ("phone", "040 123 4567", "FI", "+358401234567"),
        ("phone", "+358 (0)40 1234567", "DE", "+358401234567"),
        ("phone", "00 36 30 123 4567", "HU", "+36301234567"),
        ("phone", "06-30-123-4567", "HU", "+36301234567"),
        ("email", " Jussi@Example.COM ", "FI", "Jussi@example.com"),
        ("birth_date", "31.12.1980", "FI", "1980-12-31"),
        ("birth_date", "1980. 12. 31.", "HU", "1980-12-31"),
        ("birth_date", "1980-12-31", "PL", "1980-12-31"),
        ("name", "  Ma\u0308kela\u0308 ", "FI", "Mäkelä"),
        ("address", "Fő utca 12.\n1111 Budapest", "HU", "Fő utca 12.\n1111 Budapest"),
        ("name", "<script>alert(1)</script>", "FI", "<script>alert(1)</script>"),
        ("name", "=HYPERLINK(1)", "FI", "=HYPERLINK(1)"),
    ],
)
def test_a_value_is_stored_in_one_notation(code: str, text: str, country: str, stored: str) -> None:
    assert read(code, text, country) == stored


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("phone", "12"),
        ("phone", "call me"),
        ("phone", "+999 1"),
        ("email", "a@b"),
        ("email", "two@at@example.com"),
        ("email", "x\r\nBcc: y@example.com"),
        ("birth_date", "31.02.1980"),
        ("birth_date", "1980-13-01"),
        ("birth_date", "tomorrow"),
        ("birth_date", "2027-01-01"),
        ("birth_date", "1700-01-01"),
        ("name", ""),
        ("name", " \t "),
        ("name", "a\x00b"),
        ("name", "two\nlines"),
        ("name", "x" * 301),
        ("remark", "x" * 10_001),
    ],
)
def test_what_cannot_be_read_is_refused_without_quoting_it(code: str, text: str) -> None:
    with pytest.raises(BadInputError) as refusal:
        read(code, text)
    assert refusal.value.place == code
    assert refusal.value.mend
    if len(text.strip()) > 3:
        assert text.strip() not in str(refusal.value)


def test_dates_are_read_in_the_notations_of_the_countries() -> None:
    assert parse_date("1.2.1990") == parse_date("1990-02-01") == parse_date("1990.02.01.") == date(1990, 2, 1)
    assert parse_date("02/01/1990") is None  # day or month first: nobody can know


def test_every_standard_attribute_says_what_it_is_for() -> None:
    for attribute in STANDARD:
        assert isinstance(attribute, Attribute)
        assert attribute.category.startswith("pd:")
        assert all(purpose.startswith("dpv:") for purpose in attribute.purposes)
        assert attribute.legal_basis.startswith("eu-gdpr:")
        assert attribute.retention_period.startswith("P")
