"""Blind ranking: from tokens to probabilities over all candidates and nobody."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.matching.known import ANNA, HOME, profiles, register, strangers

from trustdesk.matching.api import Index, Model, rank
from trustdesk.matching.contracts import Identity, Ranking
from trustdesk.matching.odds import log_odds, pair_odds

MODEL = Model.standard()
SAID = replace(ANNA, national_id="", numbers=(), phones=(), shared_phones=(), emails=())


def ranked(index: Index, *asked: Identity) -> list[Ranking]:
    return list(rank(index, MODEL, profiles(asked)))


def probability(ranking: Ranking, customer: int = 1) -> float:
    return next((one.probability for one in ranking.candidates if one.customer_id == customer), 0.0)


def test_somebody_is_found_and_a_stranger_is_nobody() -> None:
    known, unknown = ranked(register(ANNA), SAID, Identity(family=("nowak",), given=("jan",)))
    assert known.candidates[0].customer_id == 1
    assert known.candidates[0].probability > 0.999
    assert unknown == Ranking((), 1.0, 3001)


def test_all_candidates_and_nobody_come_to_one() -> None:
    people = [replace(SAID, birth_date=f"1984-03-{day:02}") for day in range(10, 16)]
    for ranking in ranked(register(*people), *people, SAID):
        assert ranking.nobody + sum(one.probability for one in ranking.candidates) == pytest.approx(1, abs=1e-3)
        odds = [one.probability for one in ranking.candidates]
        assert odds == sorted(odds, reverse=True)
        assert len(odds) <= 6


@settings(deadline=None, max_examples=10)
@given(st.lists(st.integers(0, 2999), min_size=1, max_size=8))
def test_who_is_asked_together_changes_nothing(rows: list[int]) -> None:
    index = register(ANNA)
    asked = [SAID, *(strangers(3000)[row] for row in rows)]
    together = ranked(index, *asked)
    assert together == [ranked(index, one)[0] for one in asked]
    assert together == list(rank(index, MODEL, profiles(asked))[:])


def test_another_like_somebody_never_makes_that_somebody_likelier() -> None:
    index = register(ANNA)
    before = probability(ranked(index, SAID)[0])
    for customer, twin in enumerate([SAID, replace(SAID, birth_date=""), replace(SAID, given=("anne",))], 50):
        index.put(np.array([customer]), profiles([twin]))
        (after,) = ranked(index, SAID)
        assert probability(after) <= before + 1e-12
    index.drop(np.array([50, 51, 52]))
    assert probability(ranked(index, SAID)[0]) == pytest.approx(before)


def test_two_records_of_one_person_share_what_is_likely() -> None:
    (ranking,) = ranked(register(SAID, SAID), SAID)
    assert probability(ranking, 1) == pytest.approx(probability(ranking, 2))
    assert probability(ranking, 1) == pytest.approx(0.5, abs=0.01)


def test_a_housemate_is_told_from_the_person() -> None:
    liisa = replace(ANNA, given=("liisa",), birth_date="1986-11-02", national_id="", numbers=(), emails=())
    without_date = replace(SAID, birth_date="")
    (ranking,) = ranked(register(liisa), without_date)
    assert probability(ranking) < 0.2
    assert ranking.candidates[0].household
    (both,) = ranked(register(liisa, ANNA), without_date)
    assert both.candidates[0].customer_id == 2
    assert not both.candidates[0].household


def test_a_rare_name_says_more_than_a_frequent_one() -> None:
    rare, frequent = (replace(SAID, addresses=(), birth_date="", family=(name,)) for name in ("zzyzx", "virtanen"))
    crowd = [Identity(family=("virtanen",), given=(f"maria{place}",)) for place in range(200)]
    index = register(rare, frequent, *crowd)
    one, other = ranked(index, rare, frequent)
    assert one.candidates[0].weight > other.candidates[0].weight + 3


def test_who_bears_an_id_is_shown_whatever_else_is_said() -> None:
    said = Identity(family=("nowak",), given=("jan",), birth_date="1950-01-01", national_id=ANNA.national_id)
    (ranking,) = ranked(register(ANNA), said)
    assert ranking.candidates[0].customer_id == 1


def test_an_old_address_and_a_maiden_name_count_as_well() -> None:
    before = HOME._replace(street="hameentie", house="77", postcode="00500")
    held = replace(ANNA, family=("virtanen", "makinen"), addresses=(HOME, before))
    said = replace(SAID, family=("makinen",), addresses=(before,))
    (ranking,) = ranked(register(held), said)
    reached = {said.about: said.level for said in ranking.candidates[0].evidence}
    assert (reached["family"], reached["address"]) == ("same", "same")
    assert ranking.candidates[0].probability > 0.999


def test_names_in_each_others_place_are_seen() -> None:
    (ranking,) = ranked(register(ANNA), replace(SAID, family=SAID.given, given=SAID.family))
    reached = {said.about: (said.level, said.weight) for said in ranking.candidates[0].evidence}
    assert reached["family"][0] == "swapped"
    assert reached["given"] == ("swapped", 0)
    assert ranking.candidates[0].probability > 0.99


def test_who_looks_for_doubles_is_no_candidate_of_their_own() -> None:
    index = register(ANNA, SAID)
    model = replace(MODEL, share=0.02)
    asked = profiles([ANNA, *strangers(2)])
    first, *others = rank(index, model, asked, but=np.array([1, 1001, 1002]))
    assert [one.customer_id for one in first.candidates] == [2]
    assert first.candidates[0].probability > 0.99
    assert [probability(ranking, 1001 + place) for place, ranking in enumerate(others)] == [0, 0]


def test_nothing_asked_or_nobody_there() -> None:
    assert ranked(register(ANNA)) == []
    assert ranked(Index(np.empty(0, np.int64), profiles([])), SAID) == [Ranking((), 1.0, 0)]
    assert ranked(register(ANNA), Identity())[0].nobody == 1


@given(st.floats(-60, 90), st.floats(-60, 90), st.integers(0, 10**7))
def test_one_pair_has_the_odds_it_has_among_many(bits: float, home_bits: float, among: int) -> None:
    many = log_odds(MODEL, np.array([bits]), np.array([home_bits]), among)
    assert pair_odds(MODEL, bits, home_bits, among) == pytest.approx(float(many[0]))
