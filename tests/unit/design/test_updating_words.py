"""Shares and bounds are said so that they never say too much."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustdesk.design.updating import about_label, at_most_share, bar, level_label, level_mark, likely, share, why_label
from trustdesk.matching.api import Model
from trustdesk.updates.contracts import Compared
from trustdesk.updates.figures import at_most


@given(st.floats(1e-7, 1.0))
def test_a_bound_is_never_said_lower_than_it_is(bound: float) -> None:
    number = re.match(r"[\d.]+", at_most_share(bound))
    assert number is not None
    said = float(number[0])
    assert said > 0
    assert said >= 100 * bound - 1e-9


@pytest.mark.parametrize(("judged", "words"), [(3000, "0.10"), (300, "1.0"), (100, "3.0"), (1, "95.0")])
def test_none_wrong_is_said_as_at_most(judged: int, words: str) -> None:
    bound = at_most(0, judged)
    assert bound is not None
    assert at_most_share(bound) == f"{words}\N{NO-BREAK SPACE}%"


@pytest.mark.parametrize(("probability", "words"), [(0.99999, "over 99.9"), (0.0001, "under 0.1"), (0.906, "90.6")])
def test_a_probability_never_says_certain(probability: float, words: str) -> None:
    assert share(probability) == f"{words}\N{NO-BREAK SPACE}%"


def test_words_follow_the_number() -> None:
    said = [likely(probability) for probability in (0.995, 0.95, 0.7, 0.5, 0.2, 0.01)]
    assert len(set(said)) == 6


def test_what_speaks_against_lies_left_of_the_middle() -> None:
    against, nothing, far = bar(-5.0), bar(0.0), bar(90.0)
    assert (against.start, against.width, against.against) == ("30.0", "10.0", True)
    assert (nothing.width, nothing.words) == ("0.0", "0.0")
    assert (far.start, far.width, far.words) == ("40.0", "40.0", "+90.0")


def test_one_side_that_is_empty_is_missing_not_other() -> None:
    word, tone, _icon = level_mark(Compared("phone", ("+358 40 1",), (), "", 0.0))
    assert (word, tone) == ("missing", "plain")
    assert level_mark(Compared("number", ("77",), (), "missing", 0.0))[0] == "missing"
    assert level_mark(Compared("given", ("Anna",), ("Anne",), "sounds", 2.0))[1] == "warn"


def test_two_that_nothing_compares_are_not_missing() -> None:
    word, tone, icon = level_mark(Compared("number", ("77",), ("4711",), "missing", 0.0))
    assert (word, tone) == ("different, says nothing", "plain")
    assert icon != level_mark(Compared("number", ("77",), (), "missing", 0.0))[2]
    assert level_mark(Compared("number", ("77",), ("77",), "same", 9.0))[0] == "same"


@pytest.mark.parametrize(
    "why",
    [
        *("near", "contradiction", "given", "generation", "household", "birth_date", "second", "unopened", "unsure"),
        *("death", "name-form"),
    ],
)
def test_each_reason_to_look_is_said(why: str) -> None:
    assert why_label(why).endswith(".")
    assert why_label("") == ""


def test_every_comparison_and_level_of_the_model_has_words() -> None:
    model = Model.standard()
    for comparisons in (model.blind, model.opened):
        for about, levels in comparisons.items():
            assert about_label(about)[0].isupper()
            for level in levels:
                assert level_label(level.code) != level.code or level.code in {"same", "other"}
