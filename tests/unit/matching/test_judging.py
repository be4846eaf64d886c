"""What is done with a change: the wrong person is never updated, whatever the weights say."""

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.matching.known import ANNA, HOME, profiles, register, strangers

from trustdesk.matching.api import Index, Model, judge, rank, second_identifier
from trustdesk.matching.contracts import Address, Candidate, Evidence, Identity, Judgement, Outcome, Ranking, Thresholds
from trustdesk.matching.distances import levels

MODEL = Model.standard()
CERTAIN = Thresholds(update=0.0, review=0.0)
"""Thresholds that stop nothing: what is not updated then is not updated by rule."""

SAID = replace(ANNA, national_id="", numbers=(), phones=(), shared_phones=(), emails=())
LIISA = replace(
    ANNA,
    given=("liisa",),
    birth_date="1986-11-02",
    national_id="",
    numbers=(),
    phones=("+35891234567", "+358407654321"),
    emails=(),
)


def judged(
    said: Identity, *people: Identity, thresholds: Thresholds | None = None, key: str = "", opened: int | None = None
) -> Judgement:
    """As it is done: ranked by tokens, those candidates opened."""
    (ranking,) = rank(register(*people), MODEL, profiles([said]))
    everybody = dict(enumerate(people, 1)) | dict(enumerate(strangers(3000), 1001))
    shown = {one.customer_id: everybody[one.customer_id] for one in ranking.candidates[:opened]}
    return judge(MODEL, ranking, said, shown, thresholds or Thresholds(), key=key)


def test_somebody_known_by_name_home_and_birth_date_is_updated() -> None:
    found = judged(SAID, ANNA, LIISA)
    assert (found.outcome, found.second, found.why) == (Outcome.UPDATE, "birth_date", "")
    assert found.best is not None
    assert found.best.customer_id == 1
    assert {said.about for said in found.best.evidence} == set(MODEL.opened)


def test_somebody_unknown_is_nobody() -> None:
    found = judged(strangers(3001)[-1], ANNA)
    assert (found.outcome, found.why) == (Outcome.NONE, "nobody")


@pytest.mark.parametrize(
    "said",
    [
        replace(SAID, birth_date=""),
        replace(SAID, birth_date="", phones=("+35891234567",)),
        replace(SAID, birth_date="", phones=("+35891234567",), shared_phones=("+35891234567",)),
        replace(SAID, birth_date="", emails=ANNA.emails),
        replace(SAID, birth_date="1984-03-21"),
    ],
)
def test_without_a_second_identifier_nothing_is_updated_by_itself(said: Identity) -> None:
    found = judged(said, ANNA, thresholds=CERTAIN)
    assert (found.outcome, found.second, found.why) == (Outcome.REVIEW, "", "second")


@pytest.mark.parametrize(
    ("said", "key", "second"),
    [
        (replace(SAID, birth_date="", national_id=ANNA.national_id), "", "national_id"),
        (replace(SAID, birth_date="", numbers=("dvv77",)), "dvv-77", "number"),
        (replace(SAID, birth_date="", phones=ANNA.phones[:1]), "", "phone"),
        (SAID, "dvv-99", "birth_date"),
    ],
)
def test_each_second_identifier_counts(said: Identity, key: str, second: str) -> None:
    found = judged(said, ANNA, LIISA, key=key)
    assert (found.outcome, found.second) == (Outcome.UPDATE, second)


@pytest.mark.parametrize(
    ("said", "key"),
    [
        (replace(SAID, birth_date="", given=("liisa",), phones=ANNA.phones[:1]), ""),
        (replace(SAID, birth_date="", given=(), phones=ANNA.phones[:1]), ""),
        (replace(SAID, birth_date="", given=("liisa",)), "dvv-77"),
        (replace(SAID, birth_date=""), "dvv-78"),
        (replace(SAID, birth_date="", numbers=("dvv77",)), ""),
    ],
)
def test_an_id_or_a_phone_is_checked_and_not_believed(said: Identity, key: str) -> None:
    assert second_identifier(said, ANNA, key=key) == ""


@settings(deadline=None, max_examples=25)
@given(st.sampled_from(["birth_date", "phones", "emails", "addresses", "none"]), st.booleans())
def test_a_housemate_is_never_updated_by_itself(shared: str, both: bool) -> None:  # noqa: FBT001
    """Whatever one of a home has in common with the other, with or without the right one in the register."""
    housemate = LIISA if shared == "none" else replace(LIISA, **{shared: getattr(ANNA, shared)})
    said = replace(ANNA, national_id="", numbers=(), birth_date=ANNA.birth_date if shared != "none" else "")
    people = (housemate, ANNA) if both else (housemate,)
    found = judged(said, *people, thresholds=CERTAIN)
    assert found.outcome is not Outcome.UPDATE or (both and found.best is not None and found.best.customer_id == 2)


def test_father_and_son_of_one_name_and_line_are_told_apart() -> None:
    son = replace(ANNA, birth_date="2008-05-01", national_id="")
    found = judged(replace(SAID, phones=ANNA.phones[:1]), son, thresholds=CERTAIN)
    assert (found.outcome, found.why) == (Outcome.REVIEW, "birth_date")


FATHER = replace(ANNA, birth_date="", national_id="", numbers=(), emails=(), phones=("+35891234567",), shared_phones=())
MOBILE = ("+358401234567",)


@pytest.mark.parametrize(
    ("said", "held", "why"),
    [
        (replace(FATHER, generation="younger"), replace(FATHER, generation="elder"), "generation"),
        (replace(SAID, generation="younger"), replace(ANNA, generation="elder"), "generation"),
        (replace(FATHER, phones=MOBILE, generation="younger"), replace(FATHER, phones=MOBILE), "generation"),
        (replace(FATHER, phones=MOBILE), replace(FATHER, phones=MOBILE, generation="elder"), "generation"),
        (replace(FATHER, generation="younger"), FATHER, "second"),
        (FATHER, FATHER, "second"),
    ],
)
def test_a_son_is_never_taken_for_his_father_of_one_name(said: Identity, held: Identity, why: str) -> None:
    """The father alone is in the register, the son in the feed: one home, one name, one line."""
    found = judged(said, held, thresholds=CERTAIN)
    assert (found.outcome, found.why) == (Outcome.REVIEW, why)


def test_who_is_called_younger_on_one_side_alone_is_known_by_the_birth_date() -> None:
    for said, held in ((replace(SAID, generation="younger"), ANNA), (SAID, replace(ANNA, generation="younger"))):
        assert judged(said, held).outcome is Outcome.UPDATE


def test_a_number_of_two_people_is_nobodys_whether_or_not_somebody_noticed() -> None:
    said = replace(SAID, birth_date="", phones=MOBILE)
    assert judged(said, ANNA).second == "phone"
    found = judged(said, ANNA, replace(LIISA, phones=MOBILE), thresholds=CERTAIN)
    assert (found.outcome, found.second, found.why) == (Outcome.REVIEW, "", "second")
    elsewhere = Identity(family=("nowak",), given=("jan",), birth_date="1950-01-01", phones=MOBILE)
    assert judged(said, ANNA, elsewhere).second == ""


def test_twins_are_told_apart_by_the_given_name() -> None:
    found = judged(replace(SAID, given=("liisa",)), ANNA, thresholds=CERTAIN)
    assert (found.outcome, found.second, found.why) == (Outcome.REVIEW, "birth_date", "given")


def test_a_person_who_stands_there_twice_is_looked_at() -> None:
    found = judged(SAID, SAID, SAID)
    assert (found.outcome, found.why) == (Outcome.REVIEW, "near")


@pytest.mark.parametrize(
    "said",
    [
        Identity(family=("nowak",), given=("jan",), birth_date="1950-01-01", national_id=ANNA.national_id),
        Identity(family=("virtanen",), given=("jan",), birth_date="1950-01-01", national_id=ANNA.national_id),
        replace(LIISA, national_id=ANNA.national_id),
    ],
)
def test_an_id_of_one_with_the_rest_of_another_is_looked_at(said: Identity) -> None:
    found = judged(said, ANNA, LIISA)
    assert (found.outcome, found.why) == (Outcome.REVIEW, "contradiction")


def test_another_national_id_than_the_known_one_is_looked_at() -> None:
    found = judged(replace(SAID, national_id="120384-999X"), ANNA, thresholds=CERTAIN)
    assert (found.outcome, found.why) == (Outcome.REVIEW, "contradiction")


def test_the_feeds_number_of_somebody_else_is_looked_at() -> None:
    found = judged(replace(SAID, numbers=("dvv5",)), ANNA, replace(strangers(1)[0], numbers=("dvv5",)), key="dvv-5")
    assert (found.outcome, found.why) == (Outcome.REVIEW, "contradiction")


def test_who_was_not_opened_is_not_updated_and_makes_nobody_else_likelier() -> None:
    opened, unopened = (judged(SAID, ANNA, LIISA, opened=most) for most in (None, 0))
    assert (unopened.outcome, unopened.why) == (Outcome.REVIEW, "unopened")
    assert unopened.ranking.nobody == pytest.approx(opened.ranking.nobody, abs=0.01)
    double = judged(SAID, SAID, SAID, opened=1)
    assert double.outcome is Outcome.REVIEW


def test_all_candidates_and_nobody_come_to_one_after_opening() -> None:
    found = judged(replace(SAID, birth_date=""), ANNA, LIISA, replace(SAID, given=("anne",)))
    assert found.ranking.nobody + sum(one.probability for one in found.ranking.candidates) == pytest.approx(1)


def test_a_ranking_without_candidates_or_register_is_nobody() -> None:
    assert judge(MODEL, Ranking((), 1.0), SAID, {}, Thresholds()).why == "nobody"
    alone = Candidate(1, 0.9, 20.0, (Evidence("family", "same", 9.0),))
    assert judge(MODEL, Ranking((alone,), 0.1), SAID, {1: ANNA}, Thresholds()).best is not None


def test_a_town_that_everybody_shares_says_no_more_than_a_move() -> None:
    """A register of one town: who lives in another street there may be somebody who moved, and may be a stranger."""
    crowd = tuple(
        replace(one, addresses=(one.addresses[0]._replace(town="", postcode="1"),)) for one in strangers(3000)
    )
    anna = replace(ANNA, addresses=(HOME._replace(postcode="1"),))
    said = replace(SAID, birth_date="", addresses=(HOME._replace(street="elsewhere", postcode="1"),))
    index = Index(np.arange(1, 3002), profiles([anna, *crowd]))
    (ranking,) = rank(index, MODEL, profiles([said]))
    found = judge(MODEL, ranking, said, {1: anna}, Thresholds())
    assert found.best is not None
    assert found.best.customer_id == 1
    moved = math.log2(MODEL.against["address"])
    for best in (ranking.candidates[0], found.best):
        said_of = {one.about: one for one in best.evidence}
        assert said_of["address"].level == "postcode"
        assert moved < said_of["address"].weight < -1


def level(about: str, **said: object) -> str:
    return levels(replace(SAID, **said), ANNA)[about]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("said", "reached"),
    [
        ({"family": ("wirtanen",)}, {"family": "sounds"}),
        ({"family": ("virtamen",)}, {"family": "typo"}),
        ({"family": ("virtanen-makela",)}, {"family": "part"}),
        ({"family": ("virkkunen",)}, {"family": "like"}),
        ({"family": ("makela",)}, {"family": "other"}),
        ({"family": ()}, {"family": "missing"}),
        ({"family": ("anna",), "given": ("virtanen",)}, {"family": "swapped", "given": "missing"}),
        ({"family": ("annna",), "given": ("virtanem",)}, {"family": "swapped", "given": "missing"}),
        ({"given": ("a",)}, {"given": "initial"}),
        ({"given": ("l",)}, {"given": "other"}),
        ({"given": ("maria", "anna")}, {"given": "same"}),
        ({"given": ("janosne",)}, {"given": "missing"}),
        ({"birth_date": "1984-12-03"}, {"birth_date": "typo"}),
        ({"birth_date": "1984-03-13"}, {"birth_date": "typo"}),
        ({"birth_date": "1984-03-21"}, {"birth_date": "typo"}),
        ({"birth_date": "1984-03-30"}, {"birth_date": "near"}),
        ({"birth_date": "1991-07-30"}, {"birth_date": "other"}),
        ({"birth_date": "1984"}, {"birth_date": "missing"}),
        ({"emails": ("other@example.org",)}, {"email": "other"}),
        ({"phones": ("+35891234567",)}, {"phone": "shared"}),
        ({"phones": ("+358401234567",)}, {"phone": "same"}),
        ({"phones": ("+48111",)}, {"phone": "other"}),
    ],
)
def test_what_two_spellings_have_in_common(said: dict[str, object], reached: Mapping[str, str]) -> None:
    assert {about: level(about, **said) for about in reached} == reached


@pytest.mark.parametrize(
    ("said", "held", "given", "second"),
    [
        ("john a", "mary a", "other", "initial"),
        ("john anna", "mary anna", "other", "same"),
        ("john a", "john anna", "same", "initial"),
        ("john a", "john b", "same", "other"),
        ("john", "john b", "same", "missing"),
        ("k", "mark k", "initial", "missing"),
        ("k", "kenneth t", "initial", "missing"),
        ("k", "mark t", "other", "missing"),
        ("anna", "maria anna", "same", "missing"),
        ("anna liisa", "maria anna", "same", "missing"),
        ("keith", "cody", "other", "missing"),
        ("doug", "douglas", "like", "missing"),
        ("al", "albert", "other", "missing"),
    ],
)
def test_a_second_given_name_is_compared_for_itself(said: str, held: str, given: str, second: str) -> None:
    found = levels(replace(SAID, given=tuple(said.split())), replace(ANNA, given=tuple(held.split())))
    assert (found["given"], found["second_given"]) == (given, second)


@pytest.mark.parametrize(
    ("changed", "reached"),
    [
        ({}, "same"),
        ({"flat": ""}, "same"),
        ({"flat": "13"}, "flat"),
        ({"postcode": "00200"}, "house"),
        ({"street": "mannerhemintie"}, "typo"),
        ({"house": "17"}, "street"),
        ({"street": "", "house": ""}, "area"),
        ({"street": ""}, "area"),
        ({"street": "", "house": "17"}, "postcode"),
        ({"street": "hameentie"}, "postcode"),
        ({"street": "hameentie", "postcode": "00500"}, "town"),
        ({"street": "hameentie", "postcode": "00500", "town": "espoo"}, "other"),
        ({"country": "EE"}, "other"),
        ({"street": "", "house": "", "postcode": "", "town": ""}, "missing"),
    ],
)
def test_an_address_is_one_comparison(changed: dict[str, str], reached: str) -> None:
    assert level("address", addresses=(HOME._replace(**changed),)) == reached
    away = Address(street="elsewhere", house="1", postcode="99999", town="muonio", country="FI")
    expected = "other" if reached == "missing" else reached
    assert level("address", addresses=(away, HOME._replace(**changed))) == expected


@given(st.integers(0, 200), st.integers(0, 200))
def test_comparing_is_the_same_from_either_side(one: int, other: int) -> None:
    people = [*strangers(200), ANNA]
    assert levels(people[one], people[other]) == levels(people[other], people[one])


def test_a_birth_date_that_many_have_says_little() -> None:
    """Where nobody knew it, somebody once wrote the first of January: a namesake of that day is not the same person."""
    crowd = tuple(replace(one, birth_date="1970-01-01") for one in strangers(600))
    said = Identity(family=("virtanen",), given=("anna",), birth_date="1970-01-01")
    held = replace(said, addresses=(HOME,))
    namesakes = tuple(replace(held, birth_date="", addresses=()) for _ in range(5))
    known, guessed = (judged(said, held, *people, thresholds=CERTAIN) for people in (namesakes, (*namesakes, *crowd)))
    assert (known.outcome, known.second) == (Outcome.UPDATE, "birth_date")
    assert (guessed.outcome, guessed.why) == (Outcome.REVIEW, "near")


@pytest.mark.parametrize(("said", "held"), [("aniela", "anita"), ("doug", "douglas"), ("matti", "maritta")])
def test_twins_whose_names_are_alike_are_looked_at(said: str, held: str) -> None:
    asked = replace(SAID, given=(said,))
    found = judged(asked, replace(ANNA, given=(held,)), thresholds=CERTAIN)
    assert (found.outcome, found.second, found.why) == (Outcome.REVIEW, "birth_date", "given")
    known = replace(asked, national_id=ANNA.national_id)
    assert judged(known, replace(ANNA, given=(held,))).outcome is Outcome.UPDATE


def test_a_twin_whose_name_is_one_letter_apart_is_no_slip() -> None:
    marina = replace(ANNA, given=("marina",))
    said = replace(SAID, given=("maria",))
    found = judged(said, marina, thresholds=CERTAIN)
    assert (found.outcome, found.second, found.why) == (Outcome.REVIEW, "birth_date", "given")
    for own in (replace(said, phones=ANNA.phones[:1]), replace(said, emails=ANNA.emails)):
        assert judged(own, marina).outcome is Outcome.UPDATE


def test_no_two_of_one_home_have_both_name_and_birth_date_in_common() -> None:
    """A father has his son's name, twins their birth date: what is left then is as unlikely as among strangers."""
    one = judged(SAID, ANNA).best
    assert one is not None
    given = MODEL.opened_codes["given"]["same"]
    born = MODEL.opened_codes["birth_date"]["same"]
    independent = given.h / given.m * born.h / born.m
    assert 1 - one.probability < independent / 2
