"""The line a list shows: a name in its country's order and the town."""

import pytest

from trustdesk.register.contracts import CustomerKind
from trustdesk.register.headline import compose, parse

PARTS = {"given_name": "János", "family_name": "Kovács", "town": "Pécs"}


@pytest.mark.parametrize(
    ("kind", "first", "language", "country", "line"),
    [
        (CustomerKind.PERSON, PARTS, "hu", "", ("Kovács János", "Pécs")),
        (CustomerKind.PERSON, PARTS, "", "HU", ("Kovács János", "Pécs")),
        (CustomerKind.PERSON, PARTS, "fi", "HU", ("János Kovács", "Pécs")),
        (CustomerKind.PERSON, {"name": "Maija"}, "fi", "FI", ("Maija", "")),
        (CustomerKind.COMPANY, {"company_name": "Oy Ab", "name": "Maija"}, "", "FI", ("Oy Ab", "")),
        (CustomerKind.PERSON, {"phone": "+358401234567"}, "", "FI", ("+358401234567", "")),
        (CustomerKind.PERSON, {}, "", "FI", ("", "")),
    ],
)
def test_a_customer_is_named_as_its_country_names(
    kind: CustomerKind,
    first: dict[str, str],
    language: str,
    country: str,
    line: tuple[str, str],
) -> None:
    assert parse(compose(kind, first, language=language, country=country)) == line


def test_nothing_opened_is_nothing_shown() -> None:
    assert parse(None) == ("", "")
