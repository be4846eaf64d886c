"""The planter of the bench of leftovers: the same for the same seed, complete, and fair."""

import pytest
from benchmarks._residual.inflection import inflected
from benchmarks._residual.people import Cast, cast, keys
from benchmarks._residual.plan import LETTERS, Plan, draw
from benchmarks._residual.score import score
from benchmarks._residual.searching import Shown
from benchmarks._residual.spelling import KINDS
from benchmarks._residual.spellings import ALL

PEOPLE = 40


@pytest.fixture(scope="module")
def everybody() -> Cast:
    return cast(PEOPLE, seed=3, crowd=400)


@pytest.fixture(scope="module")
def plan(everybody: Cast) -> Plan:
    return draw(everybody, seed=3, crowd_rows=5)


def test_a_seed_gives_the_same_people_in_the_same_places(everybody: Cast, plan: Plan) -> None:
    again = cast(PEOPLE, seed=3, crowd=400)
    assert again == everybody
    assert draw(again, seed=3, crowd_rows=5) == plan
    assert draw(again, seed=4, crowd_rows=5) != plan


def test_everybody_is_left_once_in_every_kind_of_place(everybody: Cast, plan: Plan) -> None:
    assert len(KINDS) >= 14
    told = [(leftover.person, leftover.kind) for leftover in plan.leftovers]
    assert sorted(told) == sorted((person.number, kind) for person in everybody.erased for kind in KINDS)


def test_the_truth_table_says_what_stands_there(plan: Plan) -> None:
    for leftover in plan.leftovers:
        (row,) = (row for row in plan.rows[leftover.kind][leftover.container] if row.ticket == leftover.ticket)
        assert leftover.phrase in (row.contact if leftover.bare else row.remark)


def test_all_spellings_are_used_and_differ() -> None:
    names = [spelling.name for spelling in ALL]
    assert len(names) == len(set(names)) >= 40
    everybody = cast(200, seed=9, crowd=400)
    used = {leftover.spelling for leftover in draw(everybody, seed=9, crowd_rows=1).leftovers}
    assert used == set(names)


def test_no_container_has_a_person_and_one_who_looks_like_him(plan: Plan) -> None:
    left = [(leftover.person, leftover.kind, leftover.container) for leftover in plan.leftovers]
    alike = {(decoy.person, decoy.kind, decoy.container) for decoy in plan.decoys}
    assert len(left) == len(set(left))
    assert not alike & set(left)
    assert {decoy.role for decoy in plan.decoys} == {"namesake", "household", "near miss"}


def test_who_has_namesakes_is_never_left_by_a_name_alone(everybody: Cast, plan: Plan) -> None:
    alone = {spelling.name for spelling in ALL if spelling.alone}
    left = {leftover.person for leftover in plan.leftovers if leftover.spelling in alone}
    assert everybody.namesakes
    assert not left & everybody.namesakes.keys()


def test_an_initial_at_an_address_means_one_of_the_household() -> None:
    everybody = cast(200, seed=7, crowd=400)
    wives = {
        person.number
        for person in everybody.erased
        for one in everybody.households.get(person.number, [])
        if one.given[0] == person.given[0]
    }
    at_home = {spelling.name for spelling in ALL if spelling.at_home}
    left = {each.person for each in draw(everybody, seed=5, crowd_rows=1).leftovers if each.spelling in at_home}
    assert wives
    assert not left & wives


def test_nobody_of_the_living_but_namesakes_bears_the_name(everybody: Cast) -> None:
    names = [keys(person.name, *([person.birth_name] if person.birth_name else [])) for person in everybody.erased]
    erased = set().union(*names)
    assert sum(map(len, names)) == len(erased)
    relatives = [one for household in everybody.households.values() for one in household]
    assert not any(keys(one.name) & erased for one in [*everybody.crowd, *relatives])


def test_the_living_share_no_number_and_no_address_with_the_erased(everybody: Cast) -> None:
    namesakes = [one for group in everybody.namesakes.values() for one in group]
    everyone = [*everybody.erased, *everybody.crowd, *namesakes]
    for what in ("email", "national_id", "customer_number", "reference", "handle", "mobile", "landline"):
        values = [str(getattr(person, what)) for person in everyone]
        assert len(values) == len(set(values)), what


def test_all_names_of_the_erased_have_their_forms(everybody: Cast) -> None:
    cases = {"HU": "dative", "FI": "partitive", "PL": "instrumental", "DE": "genitive", "AT": "genitive"}
    assert all(
        inflected(person, cases[person.country]) != person.name for person in everybody.erased if person.sex == "m"
    )


def test_the_control_has_everything_but_the_leftovers(plan: Plan) -> None:
    control = plan.control()
    phrases = {leftover.ticket: leftover.phrase for leftover in plan.leftovers}
    for kind in KINDS:
        rows = [row for each in control.rows[kind].values() for row in each]
        assert bool(rows) == (kind not in LETTERS)
        assert not any(phrases[row.ticket] in f"{row.remark}{row.contact}" for row in rows if row.ticket in phrases)


def test_a_leftover_counts_once_and_what_the_control_shows_is_a_false_alarm(plan: Plan) -> None:
    first, second, third = plan.leftovers[:3]
    decoy = next(each for each in plan.decoys if each.role == "namesake")
    shown = [
        Shown(first.person, first.kind, first.container, "line 1", "…"),
        Shown(first.person, first.kind, first.container, "line 2", "…"),
        Shown(second.person, second.kind, second.container, "line 3", "…"),
        Shown(decoy.person, decoy.kind, decoy.container, "line 4", "…"),
    ]
    figures = score(plan, shown, [Shown(second.person, second.kind, second.container, "line 3", "…")])
    assert figures.found["all"] == 1
    assert figures.planted["all"] == len(plan.leftovers)
    assert (figures.shown, [role for role, _ in figures.false]) == (4, ["crowd", "namesake"])
    assert {second.ticket, third.ticket} <= {leftover.ticket for leftover in figures.missed}
    assert first not in figures.missed
