"""Numbers: E.164 or refused, and what costs more than a call is never called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustdesk.kernel.errors import BadInputError
from trustdesk.telephony.numbering import country_of, e164, is_called, shown


@pytest.mark.parametrize(
    ("text", "country", "number"),
    [
        ("+36 62 555 010", "", "+3662555010"),
        ("06 62 555 010", "HU", "+3662555010"),
        ("040 123 4567", "FI", "+358401234567"),
        ("00 49 30 123456", "DE", "+4930123456"),
        ("(22) 123 45 67", "PL", "+48221234567"),
        ("0043 1 4000", "AT", "+4314000"),
    ],
)
def test_a_number_has_one_notation(text: str, country: str, number: str) -> None:
    assert e164(text, country=country) == number
    assert country_of(number) == (country or "HU")


GARBAGE = ["", " ", "112", "+", "+36", "12345", "+999123456789", "+36 1 234 5678 ext. 5", "a" * 50,
           "+3612345678901234567890", "sip:100@example.com", "+36\n1 234 5678x", "\u0660\u0661\u0662", "☎"]  # fmt: skip


@pytest.mark.parametrize("text", GARBAGE)
def test_garbage_is_no_number(text: str) -> None:
    with pytest.raises(BadInputError) as refused:
        e164(text, country="HU")
    assert refused.value.mend


@given(st.text(max_size=50))
def test_whatever_is_typed_is_a_number_or_refused(text: str) -> None:
    try:
        number = e164(text, country="HU")
    except BadInputError:
        return
    assert number[0] == "+"
    assert number[1:].isascii()
    assert number[1:].isdigit()
    assert e164(number) == number


@pytest.mark.parametrize(
    ("number", "called"),
    [
        ("+3690123456", False),  # HU premium
        ("+36205551234", True),
        ("+3612345678", True),
        ("+358600123456", False),  # FI service numbers
        ("+358700123456", False),
        ("+358401234567", True),
        ("+48701234567", False),  # PL premium
        ("+48221234567", True),
        ("+49900123456", False),  # DE 0900
        ("+4930123456", True),
        ("+43900123456", False),  # AT 0900
        ("+43930123456", False),
        ("+4314000123", True),
        ("+99912345", False),
        ("no number", False),
    ],
)
def test_premium_ranges_are_closed_in_five_countries(number: str, *, called: bool) -> None:
    assert is_called(number) is called


def test_a_number_is_shown_as_people_read_it() -> None:
    assert shown("+3662555010") == "+36 62 555 010"
    assert shown("?") == "?"
