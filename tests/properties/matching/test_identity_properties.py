"""Whatever is said, an identity is given; and the order in which it was said changes nothing."""

from collections.abc import Callable, Mapping

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
    lambda attribute, text, shared: Said(attribute[0], attribute[1], text, shared),
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
    identity([Said(attribute[0], attribute[1], text)] * 3, country="HU")


GIVEN = ["Anna-Liisa", "Jörg", "Zsófia", "Małgorzata", "Åsa", "Matti", "Karl Heinz"]
FAMILY = ["Mäkelä", "Müller-Groß", "Kowalska", "Őri", "von der Löwe", "O'Brien", "Łoś", "Åberg"]
HOMES = {
    "FI": ("{} 12 A 4, 00100 Helsinki", ["Hämeenkatu", "Hämeenk.", "Hämeen katu", "HÄMEENKATU"]),
    "DE": ("{} 12 a, 60311 Frankfurt am Main", ["Königstraße", "Koenigstr.", "König Str.", "Königstrasse"]),
    "PL": ("{} 12/4, 00-950 Warszawa", ["ul. Długa", "Długa", "ULICA DŁUGA", "ul Dluga"]),
    "HU": ("1011 Budapest, {} 12. 3. em. 4.", ["Fő utca", "Fő u.", "FŐ U", "Fo utca"]),
}
WRITTEN: Mapping[str, Callable[[str], str]] = {
    "as it is": lambda text: text,
    "loud": str.upper,
    "spelled out": lambda text: text.translate({ord("ö"): "oe", ord("ü"): "ue", ord("ß"): "ss", ord("Å"): "Aa"}),
    "bare": lambda text: text.translate(
        {ord(of): to for of, to in zip("äöüåÄÅŐóőłŁń", "aouaAAOoolLn", strict=True)}
    ).replace("ß", "ss").replace("ś", "s"),
    "spaced": lambda text: f"  {text.replace(' ', '  ')} ",
}  # fmt: skip


@given(
    st.sampled_from(sorted(HOMES)),
    st.sampled_from(GIVEN),
    st.sampled_from(FAMILY),
    st.lists(st.sampled_from(sorted(WRITTEN)), min_size=2, max_size=2),
    st.lists(st.integers(0, 3), min_size=2, max_size=2),
)
def test_notations_of_one_person_meet(
    country: str, given_name: str, family: str, ways: list[str], streets: list[int]
) -> None:
    form, written = HOMES[country]
    one, other = (
        identity(
            [
                Said("given_name", "name", WRITTEN[way](given_name)),
                Said("family_name", "name", WRITTEN[way](family)),
                Said("address", "address", WRITTEN[way](form.format(written[street]))),
            ],
            country=country,
        )
        for way, street in zip(ways, streets, strict=True)
    )
    assert one.family == other.family
    assert one.given == other.given
    assert one.addresses == other.addresses
