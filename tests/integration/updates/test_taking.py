"""Changes find whose they are, and are written once."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.companies import Company
from tests.integration.updates.feeding import AINO, AS_OF, NOW, Feed, change, person, rows, said, texts

from trustdesk.kernel.errors import BadInputError, RefusedError
from trustdesk.register.api import lock, merge
from trustdesk.register.contracts import RestrictionGround
from trustdesk.updates.api import take
from trustdesk.updates.contracts import ChangeKind, Fate
from trustdesk.updates.models import Applied, Candidate, Change, Review

NEW_HOME = {"address": "Mäntytie 3 B 14, 33100 Tampere"}
OTHER_HOME = {"address": "Satamakatu 12, 20100 Turku"}
MOVE = change("1", person=AINO, becomes=NEW_HOME)
VEIKKO = {"given_name": "Veikko", "family_name": "Korhonen", "birth_date": "1971-05-06", "phone": "+358407654321"}


def test_a_move_reaches_the_customer_and_nobody_else(north: Company, feed: Feed) -> None:
    aino, veikko = person(north, AINO), person(north, VEIKKO | {"address": AINO["address"]})
    (verdict,) = feed.take(MOVE)
    assert (verdict.fate, verdict.customer_id) == (Fate.UPDATED, aino)
    assert texts(north, aino, "address") == [NEW_HOME["address"]]
    assert texts(north, veikko, "address") == [AINO["address"]]
    (row,) = rows(north, Change, id=verdict.change_id)
    assert (row["fate"], row["second"], row["customer_id"]) == ("updated", "birth_date", aino)
    fields = rows(north, Applied, change_id=verdict.change_id)
    assert [(field["attribute"], field["what"]) for field in fields] == [("address", "replaced")]


def test_a_feed_read_again_from_the_start_changes_nothing(north: Company, feed: Feed) -> None:
    aino = person(north, AINO)
    (first,) = feed.take(MOVE)
    again = feed.take(MOVE, change("2", person=VEIKKO, becomes=OTHER_HOME), delivery_id=2)
    assert [verdict.fate for verdict in again] == [Fate.BEFORE, Fate.NONE]
    assert (again[0].change_id, again[0].customer_id) == (first.change_id, aino)
    assert feed.take(change("2", person=VEIKKO, becomes=OTHER_HOME))[0].fate is Fate.BEFORE


def test_one_record_twice_in_a_batch_is_taken_once(north: Company, feed: Feed) -> None:
    person(north, AINO)
    assert [verdict.fate for verdict in feed.take(MOVE, MOVE)] == [Fate.UPDATED, Fate.BEFORE]


def test_a_record_that_says_something_else_at_the_same_place_is_another(north: Company, feed: Feed) -> None:
    aino = person(north, AINO)
    feed.take(MOVE)
    corrected = replace(MOVE, becomes=said(**OTHER_HOME), as_of=AS_OF + timedelta(minutes=5))
    assert feed.take(corrected)[0].fate is Fate.UPDATED
    assert texts(north, aino, "address") == [OTHER_HOME["address"]]


@pytest.mark.parametrize("apart", [True, False])
def test_changes_out_of_order_end_with_the_newest(north: Company, feed: Feed, *, apart: bool) -> None:
    aino = person(north, AINO)
    older = replace(MOVE, position="8", becomes=said(**OTHER_HOME), as_of=AS_OF - timedelta(days=9))
    if apart:
        feed.take(MOVE)
        assert feed.take(older)[0].fate is Fate.KEPT
    else:
        assert [verdict.fate for verdict in feed.take(MOVE, older)] == [Fate.UPDATED, Fate.UPDATED]
    assert texts(north, aino, "address") == [NEW_HOME["address"]]


def test_of_nobody_nothing_is_kept(north: Company, feed: Feed) -> None:
    person(north, AINO)
    (verdict,) = feed.take(change("1", person=VEIKKO, becomes=OTHER_HOME, key="K-1"))
    assert (verdict.fate, verdict.customer_id) == (Fate.NONE, None)
    (row,) = rows(north, Change, id=verdict.change_id)
    assert (row["customer_id"], row["probability"], row["evidence"], row["second"]) == (None, None, [], "")
    assert not {"Veikko", "Korhonen", "K-1"} & {str(value) for value in row.values()}


def test_what_is_said_already_is_confirmed(north: Company, feed: Feed) -> None:
    aino = person(north, AINO)
    assert feed.take(change("1", ChangeKind.STATE, person=AINO, becomes=AINO))[0].fate is Fate.CONFIRMED
    assert texts(north, aino, "address") == [AINO["address"]]


def test_what_the_customer_gave_outranks_a_feed(north: Company, feed: Feed) -> None:
    aino = person(north, AINO, direct=True)
    (verdict,) = feed.take(MOVE)
    assert (verdict.fate, verdict.reason) == (Fate.KEPT, "customer")
    assert texts(north, aino, "address") == [AINO["address"]]


def test_two_it_may_be_are_looked_at(north: Company, feed: Feed) -> None:
    """A record that names no second identifier, and two who have that name."""
    known_by = {"given_name": "Aino", "family_name": "Virtanen", "address": AINO["address"]}
    aino = person(north, AINO)
    other = person(north, AINO | {"birth_date": "2004-07-01", "phone": "+358405550000"})
    (verdict,) = feed.take(change("1", person=known_by, becomes=NEW_HOME))
    assert verdict.fate is Fate.REVIEW
    (review,) = rows(north, Review, change_id=verdict.change_id)
    assert b"Tampere" not in bytes(review["sealed"])
    named = {row["customer_id"] for row in rows(north, Candidate, change_id=verdict.change_id)}
    assert named == set(review["candidate_ids"]) == {aino, other}
    assert texts(north, aino, "address") == texts(north, other, "address") == [AINO["address"]]


def test_records_of_one_person_stand_against_nobody(north: Company, feed: Feed) -> None:
    aino = person(north, AINO)
    again = person(north, AINO | {"phone": "+358405550000"})
    merge(north.context(), into=aino, customer_id=again, reason="same", now=NOW)
    (verdict,) = feed.take(MOVE)
    assert (verdict.fate, verdict.customer_id) == (Fate.UPDATED, aino)


def test_a_restricted_customer_is_closed(north: Company, feed: Feed) -> None:
    aino = person(north, AINO)
    lock(north.context(), customer_id=aino, ground=RestrictionGround.ACCURACY_CONTESTED, now=NOW)
    (verdict,) = feed.take(MOVE)
    assert (verdict.fate, verdict.customer_id) == (Fate.CLOSED, aino)
    assert rows(north, Review, customer_id=aino) == []


def test_two_feeds_that_contradict_each_other(north: Company, feed: Feed) -> None:
    """The newer one wins; where neither is, somebody looks."""
    aino, other = person(north, AINO), Feed(north, "Registry")
    feed.take(MOVE)
    same_day = replace(MOVE, becomes=said(**OTHER_HOME))
    (verdict,) = other.take(same_day)
    assert (verdict.fate, verdict.reason) == (Fate.REVIEW, "contradiction")
    assert texts(north, aino, "address") == [NEW_HOME["address"]]
    assert other.take(replace(same_day, as_of=AS_OF + timedelta(hours=1)))[0].fate is Fate.UPDATED
    assert texts(north, aino, "address") == [OTHER_HOME["address"]]


def test_a_kind_that_the_feed_may_not_change_is_left(north: Company, feed: Feed) -> None:
    aino = person(north, AINO)
    terms = replace(feed.terms(), kinds=frozenset({ChangeKind.PHONE}))
    (verdict,) = take(north.context(), [MOVE], terms=terms, now=NOW)
    assert (verdict.fate, verdict.reason, verdict.customer_id) == (Fate.KEPT, "not-allowed", None)
    assert texts(north, aino, "address") == [AINO["address"]]


def test_the_people_of_another_company_are_nobody_here(north: Company, south: Company, feed: Feed) -> None:
    aino = person(south, AINO)
    assert Feed(south).take(MOVE)[0].customer_id == aino  # its index is in memory now
    (verdict,) = feed.take(MOVE)
    assert (verdict.fate, verdict.customer_id) == (Fate.NONE, None)


def test_a_family_name_is_exchanged_within_a_whole_name(north: Company, feed: Feed) -> None:
    apart = {code: AINO[code] for code in ("birth_date", "phone", "address")}
    aino = person(north, apart | {"name": "Aino Virtanen"})
    (verdict,) = feed.take(change("1", ChangeKind.NAME, person=AINO, becomes={"family_name": "Mäkelä"}))
    assert (verdict.fate, verdict.customer_id) == (Fate.UPDATED, aino)
    assert texts(north, aino, "name") == ["Aino Mäkelä"]


def test_a_number_that_is_somebody_elses_now_ends(north: Company, feed: Feed) -> None:
    aino = person(north, AINO)
    ported = change("1", ChangeKind.PHONE, person=AINO, ends={"phone": "040 1234567"})
    assert feed.take(ported)[0].fate is Fate.UPDATED
    assert texts(north, aino, "phone") == []


def test_too_many_at_once_and_strangers_are_refused(north: Company, feed: Feed) -> None:
    with pytest.raises(BadInputError):
        feed.take(*[MOVE] * 1001)
    with pytest.raises(RefusedError):
        take(north.context("customer:open"), [MOVE], terms=feed.terms(), now=NOW)
    assert feed.take() == []
