"""What a feed changed is taken back: one change, a delivery, a feed. A wrong one opens a case."""

from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.companies import Company
from tests.integration.updates.feeding import AINO, NOW, Feed, change, person, rows, texts

from trustdesk.governance.api import breaches
from trustdesk.kernel.errors import BadInputError, NotFoundError, RefusedError
from trustdesk.register.api import card, confirm_value
from trustdesk.register.contracts import ConfirmedBy
from trustdesk.updates.api import change as one_change
from trustdesk.updates.api import history_of, undo
from trustdesk.updates.contracts import ChangeKind, Fate
from trustdesk.updates.models import Applied
from trustdesk.updates.services import undoing
from trustdesk.updates.tasks import undo as go_on

FIRST, SECOND = {"address": "Mäntytie 3, 33100 Tampere"}, {"address": "Satamakatu 12, 20100 Turku"}
REASON = "the feed had the wrong year"
VEIKKO = {
    "given_name": "Veikko",
    "family_name": "Korhonen",
    "birth_date": "1971-05-06",
    "address": "Rantatie 1, 00100 Helsinki",
}


def test_one_change_is_taken_back_and_the_history_keeps_both(north: Company, feed: Feed) -> None:
    aino = person(north, AINO)
    (verdict,) = feed.take(change("1", person=AINO, becomes=FIRST))
    assert verdict.change_id is not None
    assert undo(north.context(), change_id=verdict.change_id, reason=REASON, now=NOW) == 1
    assert texts(north, aino, "address") == [AINO["address"]]
    (entry,) = history_of(north.context(), aino)
    assert (entry.change.fate, entry.change.undone_at) == (Fate.UPDATED, NOW)
    assert [(field.attribute, field.what, field.undone_at) for field in entry.fields] == [("address", "replaced", NOW)]
    with pytest.raises(NotFoundError):
        undo(north.context(), change_id=verdict.change_id, reason=REASON, now=NOW)


def test_a_delivery_comes_off_newest_first(north: Company, feed: Feed) -> None:
    """What one change put on top of another comes off before it; what another delivery changed stays."""
    aino, veikko = person(north, AINO), person(north, VEIKKO)
    feed.take(change("1", person=AINO, becomes=FIRST), change("2", person=AINO, becomes=SECOND, as_of=NOW))
    feed.take(change("3", person=VEIKKO, becomes=FIRST), delivery_id=2)
    assert undo(north.context(), delivery_id=1, reason=REASON, now=NOW) == 2
    assert texts(north, aino, "address") == [AINO["address"]]
    assert texts(north, veikko, "address") == [FIRST["address"]]
    assert undo(north.context(), feed_id=feed.feed_id, reason=REASON, now=NOW) == 1
    assert texts(north, veikko, "address") == [VEIKKO["address"]]
    assert undo(north.context(), feed_id=feed.feed_id, reason=REASON, now=NOW) == 0


def test_what_somebody_has_confirmed_since_stays(north: Company, feed: Feed) -> None:
    aino = person(north, AINO)
    (verdict,) = feed.take(change("1", person=AINO, becomes=FIRST))
    value = next(each for each in card(north.context(), aino, now=NOW).values if each.attribute == "address")
    confirm_value(north.context(), customer_id=aino, value_id=value.value_id, by=ConfirmedBy.CUSTOMER, now=NOW)
    undo(north.context(), change_id=verdict.change_id, reason=REASON, now=NOW)
    assert texts(north, aino, "address") == [FIRST["address"]]
    assert [field["undone_at"] for field in rows(north, Applied, change_id=verdict.change_id)] == [None]


def test_the_customers_confirmation_counts_again_where_a_feeds_was_wrong(north: Company, feed: Feed) -> None:
    aino, before = person(north, AINO), NOW - timedelta(days=500)
    value = next(each for each in card(north.context(), aino, now=NOW).values if each.attribute == "address")
    confirm_value(north.context(), customer_id=aino, value_id=value.value_id, by=ConfirmedBy.CUSTOMER, now=before)
    (verdict,) = feed.take(change("1", ChangeKind.STATE, person=AINO, becomes={"address": AINO["address"]}))
    assert verdict.fate is Fate.CONFIRMED
    undo(north.context(), change_id=verdict.change_id, reason=REASON, now=NOW)
    value = next(each for each in card(north.context(), aino, now=NOW).values if each.attribute == "address")
    assert (value.confirmed_at, value.confirmed_by) == (before, ConfirmedBy.CUSTOMER)


def test_a_large_one_goes_on_in_the_worker(north: Company, feed: Feed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undoing, "PART", 2)
    people = [
        person(north, AINO | {"birth_date": f"1980-02-0{day}", "given_name": name})
        for day, name in enumerate(("Aino", "Kerttu", "Sylvi"), 1)
    ]
    feed.take(
        *(
            change(str(day), person=AINO | {"birth_date": f"1980-02-0{day}", "given_name": name}, becomes=FIRST)
            for day, name in enumerate(("Aino", "Kerttu", "Sylvi"), 1)
        )
    )
    assert undo(north.context(), feed_id=feed.feed_id, reason=REASON, now=NOW) == 2
    assert sorted(texts(north, each, "address")[0] == AINO["address"] for each in people) == [False, True, True]
    (job,) = ProcrastinateJob.objects.filter(task_name=undoing.TASK, args__order__number=feed.feed_id)
    assert go_on(**job.args) == 1
    assert all(texts(north, each, "address") == [AINO["address"]] for each in people)


def test_a_wrong_update_opens_one_case_that_names_all(north: Company, feed: Feed) -> None:
    person(north, AINO)
    person(north, VEIKKO)
    feed.take(change("1", person=AINO, becomes=FIRST), change("2", person=VEIKKO, becomes=SECOND))
    before = {case.breach_id for case in breaches(north.context())}
    undo(north.context(), delivery_id=1, wrong=True, reason=REASON, now=NOW)
    (case,) = [case for case in breaches(north.context()) if case.breach_id not in before]
    assert (case.kind, case.cause) == ("integrity", "wrong-update")
    assert case.people == 2


def test_it_takes_a_reason_and_the_right(north: Company, feed: Feed) -> None:
    person(north, AINO)
    (verdict,) = feed.take(change("1", person=AINO, becomes=FIRST))
    assert verdict.change_id is not None
    with pytest.raises(BadInputError):
        undo(north.context(), change_id=verdict.change_id, reason=" ", now=NOW)
    with pytest.raises(RefusedError):
        undo(north.context("update:read"), change_id=verdict.change_id, reason=REASON, now=NOW)
    assert one_change(north.context(), verdict.change_id).change.undone_at is None
