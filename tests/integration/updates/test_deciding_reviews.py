"""Whose a change is, decided by people: one, or two who don't see each other, and a third where they disagree."""

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import pytest
from django.db import IntegrityError, connection
from pytest_django.plugin import DjangoDbBlocker
from tests.companies import Company, companies, south
from tests.reviewing import ANN, BEN, CLEO, House, forgotten, found_house

from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext, Opening
from trustdesk.kernel.errors import BadInputError, ConflictError, NotFoundError, RefusedError
from trustdesk.register.api import hold_persons, lock
from trustdesk.register.contracts import RestrictionGround
from trustdesk.server.cluster import Cluster
from trustdesk.updates import api as updates
from trustdesk.updates.contracts import NOBODY, ChangeKind, Fate, ReviewState
from trustdesk.updates.models import Review

__all__ = ["companies", "south"]

NEW = ("address", "Rantatie 7, 90100 Oulu")


@dataclass
class Told:
    """A journal that only listens."""

    openings: list[Opening] = field(default_factory=list)
    deeds: list[tuple[str, dict[str, object] | None]] = field(default_factory=list)

    def opening(self, _context: AccessContext, opening: Opening) -> None:
        self.openings.append(opening)

    def deed(
        self,
        _context: AccessContext,
        what: str,
        *,
        subjects: Sequence[int] = (),
        detail: dict[str, object] | None = None,
    ) -> None:
        del subjects
        self.deeds.append((what, detail))


@pytest.fixture(scope="session")
def founded(cluster: Cluster, django_db_blocker: DjangoDbBlocker) -> Iterator[House]:
    with django_db_blocker.unblock():
        yield found_house("Reviewed")


@pytest.fixture
def house(db: None, founded: House) -> House:
    return founded


def decide(house: House, who: int, change_id: int, choice: int) -> ReviewState:
    return updates.decide(house.by(who), change_id=change_id, choice=choice, now=clock.now())


def fate(house: House, change_id: int) -> Fate:
    return updates.change(house.by(ANN), change_id).change.fate


def test_one_person_decides_an_ordinary_change(house: House) -> None:
    change_id, (first, second) = house.doubtful()
    assert decide(house, ANN, change_id, second) is ReviewState.DECIDED
    assert NEW in house.company.texts(second)
    assert NEW not in house.company.texts(first)
    assert fate(house, change_id) is Fate.UPDATED


def test_nobody_is_a_choice_of_its_own(house: House) -> None:
    change_id, both = house.doubtful()
    assert decide(house, ANN, change_id, NOBODY) is ReviewState.DECIDED
    assert not any(NEW in house.company.texts(each) for each in both)
    assert fate(house, change_id) is Fate.NONE


def test_a_review_shows_both_sides_with_what_the_model_made_of_them(house: House) -> None:
    change_id, both = house.doubtful()
    view = updates.review(house.by(ANN), change_id)
    assert {one.customer_id for one in view.shown} == set(both)
    assert view.change is not None
    assert [one.text for one in view.change.becomes] == [NEW[1]]
    rows = {one.about: one for one in view.shown[0].compared}
    assert rows["given"].said == rows["given"].held == ["Anna"]
    assert rows["given"].level == "same"
    assert rows["given"].weight > 0
    assert rows["address"].said == ()
    assert len(rows["address"].held) == 1
    assert "email" not in rows
    assert 0 < view.nobody < 1


def test_candidates_are_opened_in_one_logged_opening(house: House) -> None:
    change_id, both = house.doubtful()
    told = Told()
    updates.review(replace(house.by(ANN), journal=told), change_id)
    assert [each.what for each in told.openings] == ["updates.review", "register.known_as"]
    assert set(told.openings[1].subjects) == set(both)


def test_a_risky_change_takes_two_people_who_choose_the_same(house: House) -> None:
    change_id, (first, _second) = house.doubtful(kind=ChangeKind.NAME)
    assert decide(house, ANN, change_id, first) is ReviewState.SECOND
    assert ("family_name", "Nieminen") not in house.company.texts(first)
    assert decide(house, BEN, change_id, first) is ReviewState.DECIDED
    assert ("family_name", "Nieminen") in house.company.texts(first)


def test_the_second_person_does_not_see_what_the_first_chose(house: House) -> None:
    change_id, (first, _second) = house.doubtful(kind=ChangeKind.NAME)
    told = Told()
    updates.decide(replace(house.by(ANN), journal=told), change_id=change_id, choice=first, now=clock.now())
    seen = updates.review(house.by(BEN), change_id)
    assert (seen.first, seen.first_by, seen.may_choose) == (None, None, True)
    own = updates.review(house.by(ANN), change_id)
    assert (own.first, own.first_by, own.may_choose) == (first, ANN, False)
    assert told.deeds == [("updates.review.chosen", {"change": change_id, "state": "second"})]


@pytest.mark.parametrize("kind", [ChangeKind.NAME])
def test_the_same_person_does_not_choose_twice(house: House, kind: ChangeKind) -> None:
    change_id, (first, _second) = house.doubtful(kind=kind)
    decide(house, ANN, change_id, first)
    with pytest.raises(RefusedError):
        decide(house, ANN, change_id, first)
    decide(house, BEN, change_id, NOBODY)
    for who in (ANN, BEN):
        with pytest.raises(RefusedError):
            decide(house, who, change_id, first)


def test_where_two_disagree_a_third_sees_both_and_decides(house: House) -> None:
    change_id, (first, second) = house.doubtful(kind=ChangeKind.NAME)
    decide(house, ANN, change_id, first)
    assert decide(house, BEN, change_id, second) is ReviewState.SPLIT
    assert ("family_name", "Nieminen") not in house.company.texts(first) + house.company.texts(second)
    seen = updates.review(house.by(CLEO), change_id)
    assert (seen.first_by, seen.first, seen.second_by, seen.second) == (ANN, first, BEN, second)
    assert decide(house, CLEO, change_id, second) is ReviewState.DECIDED
    assert ("family_name", "Nieminen") in house.company.texts(second)


def test_a_third_person_may_let_it_be_looked_at_afresh(house: House) -> None:
    change_id, (first, second) = house.doubtful(kind=ChangeKind.NAME)
    with pytest.raises(ConflictError):
        updates.send_back(house.by(CLEO), change_id=change_id)
    decide(house, ANN, change_id, first)
    decide(house, BEN, change_id, second)
    with pytest.raises(RefusedError):
        updates.send_back(house.by(BEN), change_id=change_id)
    updates.send_back(house.by(CLEO), change_id=change_id)
    assert decide(house, BEN, change_id, first) is ReviewState.SECOND
    assert decide(house, ANN, change_id, first) is ReviewState.DECIDED


def test_the_database_itself_refuses_one_pair_of_eyes(house: House) -> None:
    change_id, (first, _second) = house.doubtful(kind=ChangeKind.NAME)
    decide(house, ANN, change_id, first)
    own = Review.objects.filter(controller_id=house.company.controller_id, change_id=change_id)
    for who in ({"decided_by": ANN}, {"decided_by": BEN, "first_by": None}, {"second_by": ANN}):
        with pytest.raises(IntegrityError), scoped(house.by(ANN).scope):
            own.update(**who)


def test_what_is_decided_is_decided(house: House) -> None:
    change_id, (first, second) = house.doubtful()
    decide(house, ANN, change_id, first)
    with pytest.raises(ConflictError):
        decide(house, BEN, change_id, second)


def test_only_candidates_are_chosen(house: House) -> None:
    change_id, _both = house.doubtful()
    stranger = house.known(given_name="Kaisa", family_name="Laine")
    with pytest.raises(BadInputError):
        decide(house, ANN, change_id, stranger)


def test_a_restricted_candidate_closes_the_review(house: House) -> None:
    change_id, both = house.doubtful()
    likeliest = updates.review(house.by(ANN), change_id).shown[0].customer_id
    lock(house.by(ANN), customer_id=likeliest, ground=RestrictionGround.ACCURACY_CONTESTED, now=clock.now())
    view = updates.review(house.by(ANN), change_id)
    assert (view.closed, view.change, view.may_choose) == ("restricted", None, False)
    assert all(not one.compared for one in view.shown)
    assert decide(house, ANN, change_id, NOBODY) is ReviewState.CLOSED
    assert (fate(house, change_id), updates.change(house.by(ANN), change_id).change.reason) == (
        Fate.CLOSED,
        "restricted",
    )
    assert not any(NEW in house.company.texts(each) for each in both)


def test_another_candidate_who_is_restricted_is_a_closed_door(house: House) -> None:
    change_id, _both = house.doubtful()
    likeliest, other = (one.customer_id for one in updates.review(house.by(ANN), change_id).shown)
    lock(house.by(ANN), customer_id=other, ground=RestrictionGround.ACCURACY_CONTESTED, now=clock.now())
    view = updates.review(house.by(ANN), change_id)
    assert {one.customer_id: one.closed for one in view.shown} == {likeliest: "", other: "restricted"}
    assert {one.customer_id: bool(one.compared) for one in view.shown} == {likeliest: True, other: False}
    assert decide(house, ANN, change_id, other) is ReviewState.CLOSED


def test_a_review_is_closed_by_hand_only_where_it_must_be(house: House) -> None:
    change_id, _both = house.doubtful()
    with pytest.raises(ConflictError):
        updates.close_review(house.by(ANN), change_id=change_id, now=clock.now())
    likeliest = updates.review(house.by(ANN), change_id).shown[0].customer_id
    lock(house.by(ANN), customer_id=likeliest, ground=RestrictionGround.ACCURACY_CONTESTED, now=clock.now())
    updates.close_review(house.by(ANN), change_id=change_id, now=clock.now())
    assert fate(house, change_id) is Fate.CLOSED


def test_the_review_of_somebody_who_is_erased_goes_with_them(house: House) -> None:
    change_id, both = house.doubtful()
    forgotten(house.by(ANN), [both[:1]])
    with pytest.raises(NotFoundError):
        updates.review(house.by(ANN), change_id)
    assert change_id not in {line.change_id for line in updates.reviews(house.by(ANN))}


def test_an_erased_candidate_closes_the_review(house: House, cluster: Cluster) -> None:
    change_id, _both = house.doubtful()
    likeliest = updates.review(house.by(ANN), change_id).shown[0].customer_id
    with scoped(house.by(ANN).scope), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE register_customer SET restricted_at = now(), restriction_ground = 'law' WHERE id = %s", [likeliest]
        )
    assert updates.review(house.by(ANN), change_id).closed == "erased"
    assert decide(house, ANN, change_id, likeliest) is ReviewState.CLOSED


def test_the_oldest_stands_first_and_is_followed_by_the_next(house: House) -> None:
    first, second = house.doubtful()[0], house.doubtful(kind=ChangeKind.NAME)[0]
    assert [line.change_id for line in updates.reviews(house.by(ANN))] == [first, second]
    assert updates.next_review(house.by(ANN), first) == second
    assert updates.next_review(house.by(ANN), second) == first
    decide(house, ANN, second, NOBODY)
    assert updates.next_review(house.by(ANN), first) is None
    assert updates.next_review(house.by(BEN), first) == second
    mine = {line.change_id: line.mine for line in updates.reviews(house.by(ANN))}
    assert mine == {first: False, second: True}


def test_reviews_are_counted_and_filtered(house: House) -> None:
    move, name = house.doubtful()[0], house.doubtful(kind=ChangeKind.NAME)[0]
    counts = updates.waiting(house.by(ANN))
    assert counts.all == 2
    assert counts.kinds == {ChangeKind.MOVE: 1, ChangeKind.NAME: 1}
    assert counts.feeds == {house.feed_id: 2}
    assert counts.sources == {house.feed_id: house.source_id}
    assert [each.change_id for each in updates.reviews(house.by(ANN), kind=ChangeKind.NAME)] == [name]
    assert [each.change_id for each in updates.reviews(house.by(ANN), feed_id=house.feed_id)] == [move, name]
    assert updates.reviews(house.by(ANN), feed_id=house.feed_id + 1) == []


def test_another_company_sees_nothing(house: House, south: Company) -> None:
    change_id, (first, _second) = house.doubtful()
    assert updates.reviews(south.context()) == []
    assert updates.waiting(south.context()).all == 0
    for deed in (
        lambda: updates.review(south.context(), change_id),
        lambda: updates.decide(south.context(), change_id=change_id, choice=first, now=clock.now()),
        lambda: updates.close_review(south.context(), change_id=change_id, now=clock.now()),
    ):
        with pytest.raises(NotFoundError):
            deed()


def test_without_the_operation_nothing_is_seen_or_decided(house: House) -> None:
    change_id, (first, _second) = house.doubtful()
    reader = house.by(ANN, "update:read", "customer:open")
    with pytest.raises(RefusedError):
        updates.review(reader, change_id)
    with pytest.raises(RefusedError):
        updates.decide(reader, change_id=change_id, choice=first, now=clock.now())


def test_two_who_decide_at_once_don_t_both_decide(founded: House, django_db_blocker: DjangoDbBlocker) -> None:
    """On two connections, committed: one of them hears that it is decided."""
    with django_db_blocker.unblock():
        change_id, (first, second) = founded.doubtful()
        together = threading.Barrier(2)
        outcomes: list[ReviewState | None] = []

        def race(who: int, choice: int) -> None:
            try:
                together.wait()
                outcomes.append(decide(founded, who, change_id, choice))
            except ConflictError:
                outcomes.append(None)
            finally:
                connection.close()

        racers = [threading.Thread(target=race, args=one) for one in ((ANN, first), (BEN, second))]
        for racer in racers:
            racer.start()
        for racer in racers:
            racer.join()
        assert sorted(outcomes, key=str) == [None, ReviewState.DECIDED]
        written = [NEW in founded.company.texts(each) for each in (first, second)]
        assert sorted(written) == [False, True]


def test_who_erases_a_candidate_and_who_decides_don_t_wait_in_a_circle(
    founded: House, django_db_blocker: DjangoDbBlocker
) -> None:
    """On two connections, committed: the erasure holds the person, and the decision finds the review gone."""
    with django_db_blocker.unblock():
        change_id, (first, _second) = founded.doubtful()
        held = threading.Event()
        outcomes: list[ReviewState | None] = []

        def erase() -> None:
            context = founded.by(BEN)
            try:
                with scoped(context.scope):
                    hold_persons(context, [first])
                    held.set()
                    time.sleep(0.3)
                    forgotten(context, [[first]])
            finally:
                held.set()
                connection.close()

        def choose() -> None:
            held.wait()
            try:
                outcomes.append(decide(founded, ANN, change_id, first))
            except NotFoundError:
                outcomes.append(None)
            finally:
                connection.close()

        both = [threading.Thread(target=each) for each in (erase, choose)]
        for one in both:
            one.start()
        for one in both:
            one.join(30)
        assert outcomes == [None]
