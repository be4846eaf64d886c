"""Samples of what was updated by itself: drawn evenly, judged once, and what they prove."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from pytest_django.plugin import DjangoDbBlocker
from tests.companies import Company, companies, south
from tests.reviewing import ANN, BEN, House, forgotten, found_house

from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.errors import BadInputError, ConflictError, NotFoundError, RefusedError
from trustdesk.kernel.ids import new_id
from trustdesk.server.cluster import Cluster
from trustdesk.updates import api as updates
from trustdesk.updates.contracts import AuditVerdict, Fate, Policy
from trustdesk.updates.figures import at_most
from trustdesk.updates.models import Audit, Change

__all__ = ["companies", "south"]


@pytest.fixture(scope="session")
def founded(cluster: Cluster, django_db_blocker: DjangoDbBlocker) -> Iterator[House]:
    with django_db_blocker.unblock():
        yield found_house("Audited")


@pytest.fixture
def house(db: None, founded: House) -> House:
    return founded


def made(house: House, count: int, **other: object) -> list[int]:
    """So many updates of a customer, as if they had been made by themselves an hour ago."""
    at = clock.now() - timedelta(hours=1)
    ids = [new_id() for _each in range(count)]
    fields: dict[str, object] = {"fate": Fate.UPDATED, "decided_by": None, "decided_at": at, **other}
    with scoped(house.by(ANN).scope):
        Change.objects.bulk_create(
            Change(
                controller_id=house.company.controller_id,
                id=each,
                feed_id=house.feed_id,
                delivery_id=1,
                position=str(each),
                record_token=each,
                kind="move",
                as_of=at,
                received_at=at,
                outcome="update",
                reason="",
                customer_id=1,
                probability=0.9999,
                second="birth_date",
                evidence=[],
                **fields,
            )
            for each in ids
        )
    return ids


def draw(house: House, size: int) -> int:
    now = clock.now()
    return updates.draw_audit(house.by(ANN), since=now - timedelta(days=1), until=now, size=size, now=now)


def drawn(house: House) -> list[int]:
    with scoped(house.by(ANN).scope):
        rows = Audit.objects.filter(controller_id=house.company.controller_id)
        return list(rows.order_by("change_id").values_list("change_id", flat=True))


def judge(house: House, round_id: int, change_id: int, verdict: AuditVerdict, *, who: int = ANN) -> None:
    updates.judge_audit(house.by(who), round_id=round_id, change_id=change_id, verdict=verdict, now=clock.now())


def test_a_sample_is_of_what_was_made_by_itself_in_the_period(house: House) -> None:
    own = made(house, 5)
    made(house, 3, decided_by=BEN)
    made(house, 3, fate=Fate.CONFIRMED)
    made(house, 3, decided_at=clock.now() - timedelta(days=3))
    draw(house, 100)
    assert drawn(house) == own
    [sample] = updates.audits(house.by(ANN))
    assert (sample.made, sample.size, sample.judged) == (5, 5, 0)


def test_what_was_taken_back_since_is_in_the_draw_too(house: House) -> None:
    undone = made(house, 2, undone_at=clock.now(), undone_by=BEN)
    draw(house, 10)
    assert drawn(house) == undone


def test_no_update_is_drawn_twice(house: House) -> None:
    own = made(house, 10)
    draw(house, 6)
    draw(house, 6)
    assert drawn(house) == own
    assert updates.accuracy(house.by(ANN)).made == 10


def test_what_was_made_counts_once_however_often_was_drawn_from_it(house: House) -> None:
    """Periods that overlap, hold each other or are apart; and what is erased stays counted."""
    now = clock.now()
    for days in (1, 3, 5):
        made(house, 4, decided_at=now - timedelta(days=days))

    def drawn_from(since: int, until: int) -> int:
        period = {"since": now - timedelta(days=since), "until": now - timedelta(days=until)}
        updates.draw_audit(house.by(ANN), **period, size=1, now=now)
        return updates.accuracy(house.by(ANN)).made

    assert [drawn_from(4, 0), drawn_from(6, 2), drawn_from(6, 0), drawn_from(4, 0)] == [8, 12, 12, 12]
    with scoped(house.by(ANN).scope):
        Change.objects.filter(controller_id=house.company.controller_id).delete()
    assert updates.accuracy(house.by(ANN)).made == 12


def test_when_all_are_drawn_none_is_left(house: House) -> None:
    made(house, 2)
    draw(house, 2)
    with pytest.raises(BadInputError):
        draw(house, 1)


def test_every_update_is_as_likely_as_the_other(house: House) -> None:
    """Forty draws of five of ten: each about twenty times, within five standard deviations."""
    own = made(house, 10)
    counts: Counter[int] = Counter()
    for _each in range(40):
        draw(house, 5)
        counts.update(drawn(house))
        with scoped(house.by(ANN).scope):
            Audit.objects.filter(controller_id=house.company.controller_id).delete()
    assert counts.keys() == set(own)
    assert all(abs(count - 20) < 16 for count in counts.values()), counts


@pytest.mark.parametrize(("before", "until", "size"), [(0, 0, 5), (1, -1, 5), (1, 0, 0), (1, 0, 5001)])
def test_a_sample_that_can_t_be_is_refused(house: House, before: int, until: int, size: int) -> None:
    made(house, 1)
    now = clock.now()
    with pytest.raises(BadInputError):
        updates.draw_audit(
            house.by(ANN), since=now - timedelta(days=before), until=now - timedelta(days=until), size=size, now=now
        )


def test_judged_once_is_judged(house: House) -> None:
    [change_id] = made(house, 1)
    round_id = draw(house, 1)
    judge(house, round_id, change_id, AuditVerdict.RIGHT)
    with pytest.raises(ConflictError):
        judge(house, round_id, change_id, AuditVerdict.WRONG, who=BEN)
    assert updates.accuracy(house.by(ANN)).wrong == 0


def test_who_set_the_thresholds_does_not_judge_what_they_did(house: House) -> None:
    [change_id] = made(house, 1)
    round_id = draw(house, 1)
    updates.set_policy(house.by(BEN), policy=Policy(), now=clock.now())
    with pytest.raises(RefusedError):
        judge(house, round_id, change_id, AuditVerdict.RIGHT, who=BEN)
    judge(house, round_id, change_id, AuditVerdict.RIGHT)


def test_the_published_figure_is_a_bound(house: House) -> None:
    assert updates.accuracy(house.by(ANN)).at_most is None
    own = made(house, 40)
    round_id = draw(house, 40)
    for change_id in own[:30]:
        judge(house, round_id, change_id, AuditVerdict.RIGHT)
    found = updates.accuracy(house.by(ANN))
    assert (found.made, found.judged, found.wrong, found.at_most) == (40, 30, 0, at_most(0, 30))
    assert found.at_most is not None
    assert 0 < found.at_most < 3 / 30
    judge(house, round_id, own[30], AuditVerdict.WRONG)
    judge(house, round_id, own[31], AuditVerdict.UNKNOWN)
    found = updates.accuracy(house.by(ANN))
    assert (found.judged, found.wrong, found.unknown) == (31, 1, 1)
    assert (found.at_most, found.worst) == (at_most(1, 31), at_most(2, 32))


def test_the_figure_outlives_the_erasure_of_somebody_in_it(house: House) -> None:
    change_id, customer_id = house.certain()
    round_id = draw(house, 1)
    judge(house, round_id, change_id, AuditVerdict.WRONG)
    forgotten(house.by(ANN), [[customer_id]])
    assert drawn(house) == []
    assert updates.accuracy(house.by(ANN)).wrong == 1


def test_an_audit_shows_what_stood_there_and_what_stands_there_since(house: House) -> None:
    change_id, customer_id = house.certain()
    round_id = draw(house, 1)
    view = updates.audit(house.by(ANN), round_id, change_id)
    assert view.change.customer_id == customer_id
    assert view.change.second == "birth_date"
    assert view.change.evidence
    assert {(one.attribute, one.new) for one in view.swapped} == {("address", "Rantatie 7, 90100 Oulu")}
    assert view.verdict is None


def test_a_wrong_update_is_taken_back(house: House) -> None:
    change_id, customer_id = house.certain()
    round_id = draw(house, 1)
    judge(house, round_id, change_id, AuditVerdict.WRONG)
    updates.undo(house.by(ANN), change_id=change_id, wrong=True, reason="audit", now=clock.now())
    assert ("address", "Rantatie 7, 90100 Oulu") not in house.company.texts(customer_id)
    view = updates.audit(house.by(ANN), round_id, change_id)
    assert view.verdict is AuditVerdict.WRONG
    assert view.change.undone_at is not None


def test_the_next_to_judge_comes_round(house: House) -> None:
    first, second, third = made(house, 3)
    round_id = draw(house, 3)
    assert updates.next_to_judge(house.by(ANN), round_id) == first
    assert updates.next_to_judge(house.by(ANN), round_id, after=third) == first
    judge(house, round_id, first, AuditVerdict.RIGHT)
    assert updates.next_to_judge(house.by(ANN), round_id, after=second) == third
    judge(house, round_id, second, AuditVerdict.RIGHT)
    judge(house, round_id, third, AuditVerdict.RIGHT)
    assert updates.next_to_judge(house.by(ANN), round_id) is None


def test_decisions_of_people_calibrate_the_model(house: House) -> None:
    change_id, (first, _second) = house.doubtful()
    updates.decide(house.by(ANN), change_id=change_id, choice=first, now=clock.now())
    [audited] = made(house, 1)
    judge(house, draw(house, 1), audited, AuditVerdict.RIGHT)
    found = updates.calibration(house.by(ANN), now=clock.now())
    assert found.count == 3
    assert [(band.lower, band.count, band.right) for band in found.bands] == [(0.4, 2, 1), (0.99, 1, 1)]
    assert found.brier == pytest.approx(0.17, abs=0.02)
    assert found.suggested is None


def test_other_companies_and_others_see_nothing(house: House, south: Company) -> None:
    [change_id] = made(house, 1)
    round_id = draw(house, 1)
    assert updates.audits(south.context()) == []
    assert updates.accuracy(south.context()).judged == 0
    with pytest.raises(NotFoundError):
        updates.audit(south.context(), round_id, change_id)
    with pytest.raises(NotFoundError):
        updates.judge_audit(
            south.context(), round_id=round_id, change_id=change_id, verdict=AuditVerdict.RIGHT, now=clock.now()
        )
    with pytest.raises(RefusedError):
        updates.audit(house.by(ANN, "update:read"), round_id, change_id)
