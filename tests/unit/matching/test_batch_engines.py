"""Splink over the same model: the same levels, weights and probabilities as the ranking's."""

import json
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from tests.unit.matching.known import ANNA, profiles, strangers

from trustdesk.matching.api import Index, Model, rank, splink_on_duckdb, table
from trustdesk.matching.contracts import Candidate, Identity, Pair

MODEL = Model.standard()


@pytest.fixture(scope="module")
def held() -> list[Identity]:
    return [
        ANNA,
        replace(ANNA, given=("liisa",), birth_date="1986-11-02", national_id="", numbers=(), emails=()),
        *strangers(1500),
    ]


@pytest.fixture(scope="module")
def asked(held: list[Identity]) -> list[Identity]:
    """Each of some, with something missing or misspelled; the last is nobody."""
    return [
        replace(ANNA, national_id="", numbers=()),
        replace(held[1], birth_date=""),
        *(replace(person, phones=()) for person in held[2:40]),
        *(replace(person, family=(person.family[0] + "n",)) for person in held[40:60]),
        *(replace(person, birth_date=person.birth_date[:8] + "09") for person in held[60:80]),
        *(replace(person, given=person.family, family=person.given) for person in held[80:90]),
        *(replace(person, given=person.given[0][:1]) for person in held[90:99]),
        Identity(family=("nowak",), given=("jan",), birth_date="1950-01-01"),
    ]


@pytest.fixture(scope="module")
def linked(asked: list[Identity], held: list[Identity]) -> list[Pair]:
    left = table(np.arange(len(asked)), profiles(asked))
    right = table(np.arange(1, len(held) + 1), profiles(held))
    return list(splink_on_duckdb().link(left, right, MODEL))


@pytest.fixture(scope="module")
def ranked(asked: list[Identity], held: list[Identity]) -> Mapping[tuple[int, int], Candidate]:
    index = Index(np.arange(1, len(held) + 1), profiles(held))
    return {
        (place, candidate.customer_id): candidate
        for place, ranking in enumerate(rank(index, MODEL, profiles(asked)))
        for candidate in ranking.candidates
    }


def test_both_reach_the_same_levels(linked: list[Pair], ranked: Mapping[tuple[int, int], Candidate]) -> None:
    both = [(pair, ranked[pair.left, pair.right]) for pair in linked if (pair.left, pair.right) in ranked]
    assert len(both) > 90
    for pair, candidate in both:
        assert dict(pair.levels) == {said.about: said.level for said in candidate.evidence}
    reached = {(about, level) for pair, _ in both for about, level in pair.levels.items()}
    assert {("family", "swapped"), ("birth_date", "near"), ("given", "initial"), ("phone", "missing")} <= reached


def test_both_find_the_same_people_as_likely(linked: list[Pair], ranked: Mapping[tuple[int, int], Candidate]) -> None:
    likely = {key: one.probability for key, one in ranked.items() if one.probability > 0.05}
    of_splink = {(pair.left, pair.right): pair.probability for pair in linked if pair.probability > 0.05}
    found = set(likely) & set(of_splink)
    assert len(found) >= 0.97 * len(likely)  # of several slots, and of keys few share, Splink does without some
    for key in found:
        assert of_splink[key] == pytest.approx(likely[key], abs=0.02), key
    assert not any(pair.left == len(ranked) for pair in linked)


def test_who_stands_twice_in_one_register_is_found(held: list[Identity]) -> None:
    people = [*held[:300], replace(held[10], phones=())]
    pairs = list(splink_on_duckdb().link(None, table(np.arange(1, 302), profiles(people)), MODEL))
    assert {(pair.left, pair.right) for pair in pairs if pair.probability > 0.9} == {(11, 301)}


def test_what_splink_saves_is_a_model(held: list[Identity]) -> None:
    from splink import Linker  # noqa: PLC0415
    from splink.backends.duckdb import DuckDBAPI  # noqa: PLC0415

    from trustdesk.matching.engines.splink import settings  # noqa: PLC0415

    rows = DuckDBAPI().register(table(np.arange(1, 101), profiles(held[:100])), dataset_display_name="held")
    linker = Linker(rows, settings(MODEL, link_type="dedupe_only"), log_level=None)
    saved = Model.from_json(json.dumps(linker.misc.save_model_to_json()))
    for about, levels in MODEL.blind.items():
        for ours, theirs in zip(levels, saved.blind[about], strict=True):
            assert (theirs.code, theirs.h) == (ours.code, ours.h)
            assert (theirs.m, theirs.u) == pytest.approx((ours.m, ours.u))
