"""A bench says that its promise holds only at the promised size, and only where every word of it does."""

from dataclasses import replace
from importlib import import_module

import pytest
from benchmarks import accuracy, freshness, match
from benchmarks._scores import F1, MARGIN, NEVER_BELOW, Answer, automatic, best_f1, f1_at, threshold_of_updates

growth = import_module("benchmarks.match-growth")
MILLION = 1_000_000
FAST = [
    match.Measured(each, scoring=0.01, told=0.02, whole=0.02, peer=1.01, peer_on_tokens=0.1, pairs=1)
    for each in match.FEEDS
]
GOOD = accuracy.Found(F1(0.96, 0.97, 0.95, 0.5), F1(0.94, 0.95, 0.93, 0.5), updates=2_000, wrong=0, recall=0.4)
FEBRL = replace(GOOD, ours=F1(0.996, 1.0, 0.992, 0.5))


def test_nothing_holds_below_the_promised_size() -> None:
    assert match.holds(MILLION, FAST, 440)
    assert growth.holds(MILLION, 1.5)
    assert accuracy.holds(MILLION, [GOOD, GOOD], [GOOD], FEBRL)
    assert freshness.holds(MILLION, 300, 1.0, 0)
    assert not match.holds(MILLION - 1, FAST, 440)
    assert not growth.holds(MILLION - 1, 1.0)
    assert not accuracy.holds(MILLION - 1, [GOOD, GOOD], [GOOD], FEBRL)
    assert not freshness.holds(MILLION - 1, 1, 1.0, 0)


def test_every_ratio_and_the_memory_count() -> None:
    assert not match.holds(MILLION, FAST, 1_001)
    for place, each in enumerate(FAST):
        slow = replace(each, scoring=each.peer / (each.feeding.scoring - 1))
        late = replace(each, whole=each.peer / (each.feeding.whole - 0.5))
        assert not match.holds(MILLION, [*FAST[:place], slow, *FAST[place + 1 :]], 440)
        assert not match.holds(MILLION, [*FAST[:place], late, *FAST[place + 1 :]], 440)
    assert not growth.holds(MILLION, 1.51)


@pytest.mark.parametrize(
    "worse",
    [
        replace(GOOD, wrong=1),
        replace(GOOD, recall=0.34),
        replace(GOOD, peer=F1(0.97, 1.0, 0.9, 0.5)),
        replace(GOOD, updates=900),
    ],
    ids=["one wrong", "too few", "the peer is better", "proves too little"],
)
def test_one_wrong_update_or_a_better_peer_breaks_it(worse: accuracy.Found) -> None:
    assert not accuracy.holds(MILLION, [GOOD, worse], [GOOD], FEBRL)


def test_taxes_and_febrl_count_too() -> None:
    assert not accuracy.holds(MILLION, [GOOD, GOOD], [replace(GOOD, peer=F1(0.97, 1, 0.9, 0.5))], FEBRL)
    assert not accuracy.holds(MILLION, [GOOD, GOOD], [replace(GOOD, wrong=1)], FEBRL)
    assert not accuracy.holds(MILLION, [GOOD, GOOD], [GOOD], replace(FEBRL, ours=F1(0.994, 1, 1, 0.5)))


def test_late_missing_and_wrong_changes_break_freshness() -> None:
    assert not freshness.holds(MILLION, 301, 1.0, 0)
    assert not freshness.holds(MILLION, 10, 0.99, 0)
    assert not freshness.holds(MILLION, 10, 1.0, 1)
    seen = [(0.0, 0), (1.0, 50), (2.0, 99), (3.0, 100)]
    assert [freshness.reached(seen, share, 100) for share in (0.5, 0.99, 1.0)] == [1.0, 2.0, 3.0]
    assert freshness.reached([(0.0, 0)], 0.5, 0) == float("inf")


ANSWERS = [
    *(Answer(1, 1, 0.9999), Answer(2, 2, 0.9995), Answer(0, 3, 0.7), Answer(4, 4, 0.6)),
    *(Answer(5, 6, 0.4), Answer(7, 0, 0.0), Answer(0, 0, 0.0)),
]


def test_f1_counts_what_is_wrong_and_what_is_missed() -> None:
    best = best_f1(ANSWERS, range(7))
    assert (best.precision, best.recall) == (0.75, 0.6)
    assert best.f1 == pytest.approx(2 * 3 / (4 + 5))
    assert best.threshold == pytest.approx(0.5)
    assert f1_at(ANSWERS, range(7), 0.65) == F1(2 * 2 / (3 + 5), 2 / 3, 2 / 5, 0.65)
    assert f1_at(ANSWERS, range(7), best.threshold).f1 == best.f1


def test_equal_answers_are_not_told_apart() -> None:
    tied = [Answer(1, 1, 0.5), Answer(2, 3, 0.5), Answer(3, 3, 0.4)]
    assert best_f1(tied, range(3)).threshold < 0.5


def test_the_threshold_of_updates_is_only_ever_raised() -> None:
    assert threshold_of_updates(ANSWERS, range(7)) == NEVER_BELOW
    sure = [Answer(1, 2, 0.9998)]
    assert threshold_of_updates(sure, range(1)) == pytest.approx(1 - 0.0002 / MARGIN)
    assert automatic(ANSWERS, range(7), NEVER_BELOW) == (2, 0, 0.4)
    assert automatic([*ANSWERS, Answer(8, 9, 0.9999)], range(8), NEVER_BELOW)[:2] == (3, 1)
