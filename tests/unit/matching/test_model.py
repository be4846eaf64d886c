"""The weights: packaged, read back, taken from Splink, fitted."""

import json
from collections.abc import Mapping
from dataclasses import replace

import pytest
from tests.unit.matching.known import ANNA, profiles, register, strangers

from trustdesk.matching.api import Model, UnreadableModelError, fit, rank
from trustdesk.matching.levels import COMPARABLE, LEVELS, OPENED
from trustdesk.matching.model import Level

MODEL = Model.standard()


def test_every_level_that_can_be_reached_has_a_weight() -> None:
    for about, rules in LEVELS.items():
        codes = {rule.code for rule in rules} | ({"other"} if COMPARABLE[about] else set())
        assert set(MODEL.blind_codes[about]) == codes
    assert {about: tuple(level.code for level in levels) for about, levels in MODEL.opened.items()} == OPENED


@pytest.mark.parametrize("comparisons", [MODEL.blind, MODEL.opened])
def test_agreement_speaks_for_and_disagreement_against(comparisons: Mapping[str, tuple[Level, ...]]) -> None:
    for about, levels in comparisons.items():
        assert levels[0].bits > 3, about
        assert levels[-1].code != "other" or levels[-1].bits < 0, about


def test_a_home_explains_name_and_address_and_no_birth_date() -> None:
    assert MODEL.blind_codes["family"]["same"].home_bits > -1
    assert MODEL.blind_codes["address"]["same"].home_bits > -1
    assert MODEL.blind_codes["given"]["same"].home_bits < -3
    assert MODEL.blind_codes["birth_date"]["same"].home_bits < -5


def test_a_model_that_was_written_is_read_back() -> None:
    assert Model.from_json(MODEL.to_json()) == MODEL


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "[]",
        "{}",
        "null",
        json.dumps({"comparisons": [{"output_column_name": "family", "comparison_levels": []}]}),
        json.dumps(json.loads(MODEL.to_json()) | {"edition": 0}),
        json.dumps(json.loads(MODEL.to_json()) | {"blind": {}}),
        json.dumps(json.loads(MODEL.to_json()) | {"opened": {}}),
        MODEL.to_json().replace("0.98,", "0,"),
        MODEL.to_json().replace("0.98,", "7,"),
    ],
)
def test_what_is_no_model_is_refused(broken: str) -> None:
    with pytest.raises(UnreadableModelError):
        Model.from_json(broken)


def test_fitting_learns_how_careful_a_register_is_and_leaves_strangers_alone() -> None:
    people = strangers(400)
    sloppy = [
        replace(person, birth_date=f"{person.birth_date[:8]}{place % 28 + 1:02}") for place, person in enumerate(people)
    ]
    rankings = rank(register(ANNA, around=3000), MODEL, profiles(sloppy))
    fitted = fit(MODEL, rankings, opened=False)
    assert fitted.share > MODEL.share
    before, after = MODEL.blind_codes["birth_date"], fitted.blind_codes["birth_date"]
    assert after["near"].m > 5 * before["near"].m
    assert after["same"].m < before["same"].m
    assert {code: level.u for code, level in after.items()} == {code: level.u for code, level in before.items()}
    assert fitted.opened == MODEL.opened
    assert sum(level.m for level in fitted.blind["birth_date"]) == pytest.approx(1, abs=0.01)
