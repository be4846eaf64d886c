"""Records that may be one person: proposed with their evidence, merged by people only, apart again exactly."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from pytest_django.plugin import DjangoDbBlocker
from tests.companies import Company, companies, south
from tests.reviewing import ANN, House, forgotten, found_house

from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.errors import BadInputError, ConflictError, NotFoundError, RefusedError
from trustdesk.mandates.api import feed_context
from trustdesk.register.api import lock, merge, shown_as_one
from trustdesk.register.contracts import RestrictionGround
from trustdesk.server.cluster import Cluster
from trustdesk.updates import api as updates
from trustdesk.updates import tasks
from trustdesk.updates.contracts import DuplicateLine, DuplicateState, Looked
from trustdesk.updates.models import Duplicate
from trustdesk.updates.services import doubles

__all__ = ["companies", "south"]

TUULA = {
    "given_name": "Tuula",
    "family_name": "Hakkarainen",
    "birth_date": "1958-06-17",
    "address": "Kauppakatu 11 A 4, 40100 Jyväskylä",
    "phone": "+358 40 123 4567",
}


@pytest.fixture(scope="session")
def founded(cluster: Cluster, django_db_blocker: DjangoDbBlocker) -> Iterator[House]:
    """With a few others, so that nobody is everybody."""
    with django_db_blocker.unblock():
        house = found_house("Doubled")
        for at in range(20):
            house.known(
                given_name=("Aino", "Eero", "Ilmari", "Kaisa", "Lauri")[at % 5],
                family_name=("Virtanen", "Korhonen", "Nieminen", "Mäkelä")[at % 4],
                birth_date=f"19{50 + at}-01-{at + 1:02d}",
                address=f"Rantatie {at + 1}, 90100 Oulu",
            )
        yield house


@pytest.fixture
def house(db: None, founded: House) -> House:
    return founded


def two_of_one(house: House) -> tuple[int, int]:
    """Somebody recorded twice, the second time with a slip and without the phone."""
    other = {name: text for name, text in TUULA.items() if name != "phone"} | {"family_name": "Hakkaraine"}
    return house.known(**TUULA), house.known(**other)


def look(house: House, *, after: int = 0, limit: int = 1000) -> Looked:
    now: datetime = datetime.now(UTC)
    return updates.look_for_duplicates(
        feed_context(house.company.controller_id, now=now), after=after, limit=limit, now=now
    )


def found(house: House) -> list[DuplicateLine]:
    return list(updates.duplicates(house.by(ANN)))


def test_somebody_recorded_twice_is_proposed_with_the_evidence(house: House) -> None:
    both = two_of_one(house)
    looked = look(house)
    assert looked.after is None
    [line] = found(house)
    assert (line.left_id, line.right_id) == both
    assert line.probability > 0.9
    assert line.second == "birth_date"
    levels = {one.about: one.level for one in line.evidence}
    assert levels["birth_date"] == levels["given"] == "same"
    assert updates.count_duplicates(house.by(ANN)) == 1


def test_nothing_is_merged_by_itself(house: House) -> None:
    left, _right = two_of_one(house)
    look(house)
    assert shown_as_one(house.by(ANN), left) == [left]


def test_people_of_one_home_are_two_people(house: House) -> None:
    house.known(**TUULA)
    house.known(**(TUULA | {"given_name": "Pekka", "birth_date": "1955-01-09"}))
    look(house)
    assert found(house) == []


def test_looking_goes_on_where_it_ended_and_proposes_nothing_twice(house: House) -> None:
    both = two_of_one(house)
    after: int | None = 0
    parts = 0
    while after is not None:
        looked = look(house, after=after, limit=5)
        look(house, after=after, limit=5)  # killed after the part was written, and begun again
        after, parts = looked.after, parts + 1
    assert parts > 4
    assert [(line.left_id, line.right_id) for line in found(house)] == [both]


def test_both_sides_are_shown(house: House) -> None:
    two_of_one(house)
    look(house)
    view = updates.duplicate(house.by(ANN), found(house)[0].duplicate_id)
    rows = {one.about: one for one in view.compared}
    assert (list(rows["family"].said), list(rows["family"].held)) == (["Hakkarainen"], ["Hakkaraine"])
    assert rows["phone"].held == ()
    assert (view.closed, view.next_id) == ("", None)


def test_what_is_shown_as_one_comes_apart_exactly(house: House) -> None:
    left, right = two_of_one(house)
    before = house.company.texts(left), house.company.texts(right)
    look(house)
    [line] = found(house)
    updates.merge_duplicate(house.by(ANN), duplicate_id=line.duplicate_id, into=right, now=clock.now())
    assert shown_as_one(house.by(ANN), left) == [right, left]
    assert found(house) == []
    assert updates.duplicate(house.by(ANN), line.duplicate_id).line.state is DuplicateState.MERGED
    updates.part_duplicate(house.by(ANN), duplicate_id=line.duplicate_id, now=clock.now())
    assert (house.company.texts(left), house.company.texts(right)) == before
    look(house)
    assert found(house) == []
    with pytest.raises(ConflictError):
        updates.part_duplicate(house.by(ANN), duplicate_id=line.duplicate_id, now=clock.now())


def test_who_is_kept_apart_is_not_proposed_again(house: House) -> None:
    left, _right = two_of_one(house)
    look(house)
    [line] = found(house)
    updates.keep_apart(house.by(ANN), duplicate_id=line.duplicate_id, now=clock.now())
    look(house)
    assert found(house) == []
    with pytest.raises(ConflictError):
        updates.merge_duplicate(house.by(ANN), duplicate_id=line.duplicate_id, into=left, now=clock.now())
    [decided] = updates.duplicates(house.by(ANN), decided=True)
    assert (decided.state, decided.decided_by) == (DuplicateState.APART, ANN)


def test_kept_apart_they_stay_so_when_one_is_merged_into_a_third(house: House) -> None:
    left, _right = two_of_one(house)
    look(house)
    updates.keep_apart(house.by(ANN), duplicate_id=found(house)[0].duplicate_id, now=clock.now())
    third = house.known(given_name="Tuula", family_name="Laine", birth_date="1958-06-17")
    merge(house.by(ANN), into=third, customer_id=left, reason="other", now=clock.now())
    look(house)
    assert found(house) == []


def test_who_was_shown_as_one_at_the_desk_waits_no_more(house: House) -> None:
    left, right = two_of_one(house)
    look(house)
    merge(house.by(ANN), into=left, customer_id=right, reason="desk", now=clock.now())
    assert found(house) == []
    assert updates.count_duplicates(house.by(ANN)) == 0


def test_one_who_is_restricted_is_neither_shown_nor_merged(house: House) -> None:
    left, right = two_of_one(house)
    look(house)
    [line] = found(house)
    lock(house.by(ANN), customer_id=right, ground=RestrictionGround.ACCURACY_CONTESTED, now=clock.now())
    view = updates.duplicate(house.by(ANN), line.duplicate_id)
    assert (view.closed, view.compared) == ("restricted", [])
    with pytest.raises(ConflictError):
        updates.merge_duplicate(house.by(ANN), duplicate_id=line.duplicate_id, into=left, now=clock.now())


def test_who_is_restricted_is_not_proposed(house: House) -> None:
    _left, right = two_of_one(house)
    lock(house.by(ANN), customer_id=right, ground=RestrictionGround.ACCURACY_CONTESTED, now=clock.now())
    look(house)
    assert found(house) == []


def test_only_one_of_the_two_is_shown_as_both(house: House) -> None:
    two_of_one(house)
    look(house)
    [line] = found(house)
    with pytest.raises(BadInputError):
        updates.merge_duplicate(house.by(ANN), duplicate_id=line.duplicate_id, into=1, now=clock.now())
    with pytest.raises(RefusedError):
        updates.merge_duplicate(
            house.by(ANN, "update:review"), duplicate_id=line.duplicate_id, into=line.left_id, now=clock.now()
        )


def test_who_is_erased_goes_from_the_pairs(house: House) -> None:
    _left, right = two_of_one(house)
    look(house)
    forgotten(house.by(ANN), [[right]])
    with scoped(house.by(ANN).scope):
        assert not Duplicate.objects.filter(controller_id=house.company.controller_id).exists()


def test_no_other_company_sees_them(house: House, south: Company) -> None:
    two_of_one(house)
    look(house)
    [line] = found(house)
    assert updates.duplicates(south.context()) == []
    assert updates.count_duplicates(south.context()) == 0
    with pytest.raises(NotFoundError):
        updates.duplicate(south.context(), line.duplicate_id)
    with pytest.raises(NotFoundError):
        updates.keep_apart(south.context(), duplicate_id=line.duplicate_id, now=clock.now())


def test_the_worker_looks_and_orders_the_rest(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    both = two_of_one(house)
    ordered: list[int] = []
    monkeypatch.setattr(tasks, "CHUNK", 10)
    monkeypatch.setattr(doubles, "order_look", lambda _company, *, after: ordered.append(after))
    tasks.look_for_duplicates(controller_id=house.company.controller_id, after=0)
    while len(ordered) < 5 and (after := ordered[-1]):
        before = len(ordered)
        tasks.look_for_duplicates(controller_id=house.company.controller_id, after=after)
        if len(ordered) == before:
            break
    assert ordered == sorted(set(ordered))
    assert [(line.left_id, line.right_id) for line in found(house)] == [both]
