"""Whatever is said, an identity is given; and the order in which it was said changes nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustdesk.matching.api import identity
from trustdesk.matching.contracts import Said

ATTRIBUTES = (
    ("name", "name"), ("family_name", "name"), ("given_name", "name"), ("phone", "phone"), ("email", "email"),
    ("address", "address"), ("town", "place"), ("postcode", "place"), ("birth_date", "birth_date"),
    ("national_id", "external_id"), ("customer_number", "external_id"), ("remark", "text"),
)  # fmt: skip
COUNTRIES = st.sampled_from(["FI", "DE", "PL", "HU", "AT", "SE", "US", "", "XX"])
TYPED = st.text(alphabet="aäöåéőłß ńAKS0123456789.,-/+'()\n\u2019kgtueraos", max_size=40)
VALUES = st.builds(
    lambda attribute, text, shared: Said(*attribute, text, shared),
    st.sampled_from(ATTRIBUTES),
    st.one_of(st.text(max_size=60), TYPED),
    st.booleans(),
)


@given(st.lists(VALUES, max_size=12), COUNTRIES)
def test_nothing_that_is_said_is_too_much(said: list[Said], country: str) -> None:
    found = identity(said, country=country)
    assert all(found.family)
    assert all(found.given)
    assert set(found.shared_phones) <= set(found.phones)


@given(st.lists(VALUES, max_size=8, unique_by=lambda value: value.attribute), COUNTRIES, st.randoms())
def test_the_order_of_values_does_not_matter(said: list[Said], country: str, chance: object) -> None:
    shuffled = list(said)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert identity(shuffled, country=country) == identity(said, country=country)


@given(st.text(max_size=20), st.sampled_from(["FI", "DE", "PL"]))
def test_case_does_not_tell_people_apart(text: str, country: str) -> None:
    # Letters whose upper case is another text (ŉ, ǰ) are no one notation of theirs.
    if text.upper().casefold() == text.casefold() and "né" not in text.casefold():
        one, other = (identity([Said("family_name", "name", form)], country=country) for form in (text, text.upper()))
        assert one == other


@pytest.mark.parametrize("text", ["a" * 100_000, "1 " * 50_000, "a1" * 50_000, "-" * 100_000, "é" * 100_000])
@pytest.mark.parametrize("attribute", ATTRIBUTES)
def test_endless_values_end(attribute: tuple[str, str], text: str) -> None:
    identity([Said(*attribute, text)] * 3, country="HU")
