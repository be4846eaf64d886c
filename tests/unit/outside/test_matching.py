"""Whose a row is: theirs, another's or doubtful, whatever its notation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustdesk.outside.contracts import Person
from trustdesk.outside.matching import Matcher, Whose, phone_notations
from trustdesk.outside.setups import Table

TABLE = Table.model_validate(
    {
        "name": "people",
        "identified": {"mail": "email", "tel": "phone", "no": "customer_number", "name": "name"},
        "personal": {"name": "name"},
        "others": ["partner"],
    }
)
PERSON = Person(
    customer_id=1,
    known={
        "email": ["straße@example.de"],
        "phone": ["+36301234567", "+358401234567"],
        "customer_number": ["K-1"],
        "name": ["Kovács-Őri János"],
    },
    former={"email": ["old@example.de"]},
)


@pytest.mark.parametrize(
    ("row", "whose"),
    [
        ({"mail": " STRASSE@example.de "}, Whose.THEIRS),
        ({"mail": "xstraße@example.de"}, Whose.ANOTHERS),
        ({"tel": "06-30/123 45 67"}, Whose.THEIRS),
        ({"tel": "+36 (06) 30 1234567"}, Whose.THEIRS),
        ({"tel": "301234567"}, Whose.THEIRS),
        ({"tel": "0040 30 1234567"}, Whose.ANOTHERS),
        ({"tel": "040 123 4567"}, Whose.THEIRS),
        ({"tel": "123 4567"}, Whose.ANOTHERS),
        ({"no": "k-1"}, Whose.THEIRS),
        ({"no": "K-11"}, Whose.ANOTHERS),
        ({"name": "Kovács-Őri János"}, Whose.ANOTHERS),
        ({"mail": "straße@example.de", "name": "KOVACS-ORI JANOS"}, Whose.THEIRS),
        ({"mail": "straße@example.de", "name": "Dr. Kovács-Őri János István"}, Whose.THEIRS),
        ({"mail": "straße@example.de", "name": "Kovács-Őri"}, Whose.THEIRS),
        ({"mail": "straße@example.de", "name": "Kovács-Őri Mária"}, Whose.DOUBTFUL),
        ({"mail": "straße@example.de", "no": "K-2"}, Whose.DOUBTFUL),
        ({"mail": "straße@example.de", "tel": "+36 1 999 9999"}, Whose.THEIRS),
        ({"mail": "old@example.de"}, Whose.DOUBTFUL),
        ({"mail": "old@example.de", "name": "János Kovács-Őri"}, Whose.THEIRS),
        ({"mail": "old@example.de", "no": "K-1"}, Whose.THEIRS),
        ({"mail": None, "tel": "", "no": None, "name": None}, Whose.ANOTHERS),
        ({}, Whose.ANOTHERS),
    ],
)
def test_whose_a_row_is(row: dict[str, str | None], whose: Whose) -> None:
    assert Matcher(TABLE, PERSON).whose(row) is whose


def test_who_else_stands_in_a_row() -> None:
    matcher = Matcher(TABLE, PERSON)
    assert matcher.shared({"partner": "Nagy Éva"})
    assert matcher.shared({"partner": "eva@example.hu"})
    assert not matcher.shared({"partner": "Straße@example.de"})
    assert not matcher.shared({"partner": "János Kovács-Őri"})
    assert not matcher.shared({"partner": ""})


def test_a_number_of_one_country_is_no_number_of_another() -> None:
    """National notations count with the trunk prefix of their own country only."""
    assert "06401234567" not in phone_notations("+358401234567")
    assert "0401234567" in phone_notations("+358401234567")
    assert {"06301234567", "36301234567", "0036301234567", "301234567"} <= phone_notations("+36301234567")
    assert phone_notations("+48123456789") >= {"123456789", "48123456789"}


@given(
    st.fixed_dictionaries(
        {name: st.one_of(st.none(), st.text(max_size=30)) for name in ("mail", "tel", "no", "name", "partner")}
    )
)
def test_nobody_is_touched_without_an_identifier(row: dict[str, str | None]) -> None:
    """Whatever stands in a row, it is theirs only where one of their identifiers stands in its column."""
    if Matcher(TABLE, PERSON).whose(row) is not Whose.ANOTHERS:
        held = {(row[name] or "").strip().casefold() for name in ("mail", "no")}
        digits = "".join(letter for letter in row["tel"] or "" if letter.isdecimal())
        assert held & {"strasse@example.de", "old@example.de", "k-1"} or len(digits) >= 8
