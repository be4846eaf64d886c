"""The published bound is the exact one, and calibration means what it says."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustdesk.updates.contracts import SURE, Decided
from trustdesk.updates.figures import at_most, calibration, needed


# One-sided Clopper-Pearson at 95 %, the 0.95 quantile of Beta(k + 1, n - k), as tables of it give it.
@pytest.mark.parametrize(
    ("wrong", "judged", "bound"),
    [
        (0, 1, 0.95),
        (0, 3000, 0.000998),
        (1, 10, 0.3942),
        (5, 50, 0.1988),
        (10, 100, 0.1637),
        (3, 3, 1.0),
    ],
)
def test_the_bound_is_the_exact_one(wrong: int, judged: int, bound: float) -> None:
    assert at_most(wrong, judged) == pytest.approx(bound, rel=1e-3)


def test_where_nothing_was_judged_nothing_is_said() -> None:
    assert at_most(0, 0) is None


@pytest.mark.parametrize(("wrong", "judged"), [(-1, 3), (4, 3)])
def test_what_cannot_be_is_refused(wrong: int, judged: int) -> None:
    with pytest.raises(ValueError, match="judged"):
        at_most(wrong, judged)


@given(st.integers(1, 100_000))
def test_none_wrong_in_n_stays_below_three_in_n_and_is_never_zero(judged: int) -> None:
    bound = at_most(0, judged)
    assert bound is not None
    assert 0 < bound < 3 / judged
    assert bound == pytest.approx(1 - (1 - SURE) ** (1 / judged), rel=1e-6)


@given(st.integers(1, 400), st.data())
def test_at_the_bound_so_few_are_seen_once_in_twenty(judged: int, data: st.DataObject) -> None:
    wrong = data.draw(st.integers(0, judged - 1))
    bound = at_most(wrong, judged)
    assert bound is not None
    assert bound > wrong / judged
    tail = math.fsum(
        math.comb(judged, each) * bound**each * (1 - bound) ** (judged - each) for each in range(wrong + 1)
    )
    assert tail == pytest.approx(0.05, abs=1e-6)


@given(st.integers(2, 300), st.data())
def test_one_more_that_is_wrong_makes_it_worse(judged: int, data: st.DataObject) -> None:
    wrong = data.draw(st.integers(0, judged - 1))
    less, more = at_most(wrong, judged), at_most(wrong + 1, judged)
    assert less is not None
    assert more is not None
    assert less < more


def test_how_many_are_needed() -> None:
    for tolerated in (0.1, 0.01, 0.001):
        count = needed(tolerated)
        enough, short = at_most(0, count), at_most(0, count - 1)
        assert enough is not None
        assert short is not None
        assert enough <= tolerated < short


def test_a_model_that_keeps_its_word_is_calibrated() -> None:
    decided = [Decided(0.75, right=at % 4 != 0) for at in range(400)]
    found = calibration(decided, tolerated=0.001)
    assert found.error == pytest.approx(0.0, abs=1e-12)
    assert found.brier == pytest.approx(0.75 * 0.25)
    assert [(band.lower, band.count, band.right) for band in found.bands] == [(0.7, 400, 300)]
    assert found.suggested is None


def test_a_model_that_is_too_sure_is_seen() -> None:
    found = calibration([Decided(0.95, right=at % 2 == 0) for at in range(100)], tolerated=0.001)
    assert found.error == pytest.approx(0.45)


def test_a_threshold_is_suggested_where_enough_was_right_above_it() -> None:
    sure = [Decided(0.96, right=True) for _each in range(40)]
    unsure = [Decided(0.6, right=at % 2 == 0) for at in range(40)]
    found = calibration([*sure, *unsure], tolerated=0.1)
    assert found.suggested == 0.7
    assert calibration(unsure, tolerated=0.1).suggested is None
    assert calibration(sure[: needed(0.1) - 1], tolerated=0.1).suggested is None


def test_only_the_likeliest_speak_for_a_threshold() -> None:
    others = [Decided(0.96, right=True, first=False) for _each in range(400)]
    assert calibration(others, tolerated=0.1).suggested is None


def test_the_highest_probability_has_a_band() -> None:
    assert [band.count for band in calibration([Decided(1.0, right=True)], tolerated=0.1).bands] == [1]


def test_without_decisions_there_are_no_figures() -> None:
    found = calibration([], tolerated=0.001)
    assert (found.count, found.brier, found.error, found.suggested) == (0, None, None, None)
