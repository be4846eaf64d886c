"""The invented register and its feeds: the same for the same seed, as wrong as they say, and true where it counts."""

import re
from collections import Counter

import phonenumbers
import pytest
from benchmarks._changes import AS_OF, DECOYS, NOBODY, Feed, feed
from benchmarks._customs import CUSTOMS, Customs, international
from benchmarks._register import TODAY, Row, World

CUSTOMERS, CHANGES, SEED = 3_000, 2_000, 5


@pytest.fixture(scope="module")
def world() -> World:
    return World(CUSTOMERS, seed=SEED)


@pytest.fixture(scope="module")
def rows(world: World) -> list[Row]:
    return list(world.rows())


@pytest.fixture(scope="module")
def told(world: World) -> Feed:
    return feed(world, CHANGES, seed=SEED)


def _texts(row: Row, attribute: str) -> list[str]:
    return [value.text for value in row.values if value.attribute == attribute]


def _said(told: Feed, place: int, attribute: str) -> list[str]:
    return [said.text for said in told.changes[place].person if said.attribute == attribute]


def _line(number: str) -> str:
    return re.sub(r"\D", "", number)[-7:]


def test_the_same_seed_gives_the_same_people_and_another_one_others() -> None:
    one, again, other = World(300, seed=SEED), World(300, seed=SEED), World(300, seed=SEED + 1)
    assert list(one.rows()) == list(again.rows()) != list(other.rows())
    assert feed(one, 200, seed=SEED) == feed(again, 200, seed=SEED)
    assert feed(one, 200, seed=SEED).changes != feed(again, 200, seed=SEED + 1).changes


def test_it_has_as_many_customers_as_were_asked_for_and_each_a_number(rows: list[Row]) -> None:
    assert [row.number for row in rows] == list(range(CUSTOMERS))
    assert [_texts(row, "customer_number") for row in rows] == [[f"K{number:07d}"] for number in range(CUSTOMERS)]


def test_of_a_quarter_the_birth_date_is_missing(rows: list[Row]) -> None:
    missing = sum(not _texts(row, "birth_date") for row in rows) / CUSTOMERS
    assert 0.23 < missing < 0.27


def test_exactly_29_of_100_changes_are_of_nobody_here(told: Feed) -> None:
    assert told.truth.count(NOBODY) == round(DECOYS * CHANGES)
    assert all((who == "customer") == (truth != NOBODY) for who, truth in zip(told.who, told.truth, strict=True))
    kinds = Counter(who for who in told.who if who != "customer")
    assert set(kinds) == {"relative", "moved in", "namesake", "stranger"}
    assert kinds["relative"] > kinds["stranger"] > kinds["moved in"] > 30


def test_who_is_a_customer_can_be_known_again(rows: list[Row], told: Feed) -> None:
    """Numbers and mail addresses are written without mistake: they are those of the row that the truth names."""
    mails = [place for place in range(CHANGES) if told.truth[place] != NOBODY and _said(told, place, "email")]
    held = [_texts(rows[told.truth[place]], "email") for place in mails]
    assert sum(map(bool, held)) > 60
    assert all(not mail or mail == _said(told, place, "email") for place, mail in zip(mails, held, strict=True))


def test_nobody_of_the_decoys_is_in_the_register(rows: list[Row], told: Feed) -> None:
    """A mobile and a mail address are one person's alone; a birth date with the same names would be too."""
    owned = {text for row in rows for text in _texts(row, "email")}
    decoys = [place for place in range(CHANGES) if told.truth[place] == NOBODY]
    assert not owned & {text for place in decoys for text in _said(told, place, "email")}
    known = {
        (*_texts(row, "given_name"), *_texts(row, "family_name"), *_texts(row, "birth_date"))
        for row in rows
        if _texts(row, "birth_date")
    }
    whole = [
        (*_said(told, place, "given_name"), *_said(told, place, "family_name"), *_said(told, place, "birth_date"))
        for place in decoys
        if _said(told, place, "birth_date")
    ]
    assert sum(each in known for each in whole) <= 1


def test_families_share_a_line_and_a_home(world: World, rows: list[Row]) -> None:
    lines = Counter((row.country, _line(text)) for row in rows for text in set(_texts(row, "phone")))
    shared = sum(many for many in lines.values() if many > 1)
    assert shared > CUSTOMERS / 20
    homes = Counter(world.people.home[world.inside].tolist())
    assert sum(many for many in homes.values() if many > 1) > CUSTOMERS / 3


def test_there_are_twins_and_sons_of_their_fathers_name(world: World) -> None:
    people = world.people
    siblings = Counter(zip(people.home[people.child].tolist(), people.born[people.child].tolist(), strict=True))
    assert sum(many > 1 for many in siblings.values()) >= 3
    first = people.first
    same = people.child & (people.given == people.given[first]) & (people.sex == people.sex[first])
    named = int(same.sum())
    assert named >= 5


def test_surnames_are_as_unequal_as_in_life(world: World) -> None:
    finns = [world.person(index) for index in world.inside.tolist() if world.people.country[index] == 0]
    families = Counter(person.family for person in finns)
    assert families.most_common(1)[0][1] > 5
    assert sum(many == 1 for many in families.values()) > len(families) / 5


def test_nobody_is_born_in_the_future_or_before_his_parents(world: World) -> None:
    people = world.people
    assert people.born.max() < TODAY.toordinal()
    children = people.child.nonzero()[0]
    assert (people.born[children] > people.born[people.first[children]]).all()


def test_a_change_says_something_new_and_none_is_of_the_future(told: Feed) -> None:
    assert {change.kind.value for change in told.changes} == {"move", "state", "phone", "name", "email", "death"}
    assert all(change.becomes or change.kind == "death" for change in told.changes)
    assert len({change.position for change in told.changes}) == CHANGES
    assert (told.changes[-1].as_of - AS_OF).total_seconds() < 1


def test_some_keys_are_somebody_elses(told: Feed) -> None:
    keyed = [place for place in range(CHANGES) if told.changes[place].key]
    wrong = [place for place in keyed if told.changes[place].key != f"K{told.truth[place]:07d}"]
    assert 0.02 < len(keyed) / CHANGES < 0.06
    assert len(wrong) < len(keyed) / 10


@pytest.mark.parametrize("customs", CUSTOMS, ids=lambda customs: customs.country)
def test_numbers_exist_and_are_one_from_abroad_and_at_home(customs: Customs) -> None:
    for number in (0, 1_000, 123_456, 7_654_321, 9_999_999):
        for text in (customs.mobile(number), customs.landline(number)):
            home = phonenumbers.parse(text, customs.country)
            assert phonenumbers.is_valid_number(home), text
            assert phonenumbers.parse(international(customs, text)) == home
