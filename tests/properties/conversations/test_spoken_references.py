"""What always holds of a reference, whatever its digits: the slips of ear and finger are caught."""

from hypothesis import assume, given
from hypothesis import strategies as st

from trustdesk.conversations import references

BODIES = st.builds(lambda _n: references.fresh(), st.integers())
PLACES = st.integers(0, references.DIGITS - 1)


@given(BODIES)
def test_a_fresh_one_is_read_as_it_is_shown(reference: str) -> None:
    assert len(reference) == references.DIGITS
    assert references.read(reference) == reference
    assert references.read(references.grouped(reference)) == reference
    assert references.read(f" {reference[:6]}-{reference[6:]}\u00a0") == reference
    assert references.read(f"{references.grouped(reference)} / 12") == reference, "a complaint's number finds the case"
    assert [len(group) for group in references.grouped(reference).split(" ")] == [3, 3, 3, 3]


@given(BODIES, PLACES, st.sampled_from("0123456789"))
def test_every_single_wrong_digit_is_caught(reference: str, place: int, digit: str) -> None:
    assume(reference[place] != digit)
    assert references.read(reference[:place] + digit + reference[place + 1 :]) == ""


@given(BODIES, st.integers(0, references.DIGITS - 2))
def test_every_two_neighbors_that_changed_places_are_caught(reference: str, place: int) -> None:
    first, second = reference[place], reference[place + 1]
    assume(first != second)
    assert references.read(reference[:place] + second + first + reference[place + 2 :]) == ""


@given(st.text(max_size=30))
def test_nothing_else_is_a_reference(text: str) -> None:
    read = references.read(text)
    digits = "".join(each for each in text if each in "0123456789")
    assert read in {"", digits, digits[: references.DIGITS]}
    assert len(read) in {0, references.DIGITS}


@given(st.text("٠١٢٣٤٥٦٧٨٩०१२३४५६७८९", min_size=12, max_size=12))
def test_digits_of_other_scripts_are_none(text: str) -> None:
    assert references.read(text) == ""


def test_they_are_spread_over_all_there_can_be() -> None:
    made = {references.fresh() for _each in range(2_000)}
    assert len(made) == 2_000
    assert {reference[0] for reference in made} == set("0123456789")
