"""Deaths and orders of non-disclosure: nobody is called, and what feeds gave goes at once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.companies import Company
from tests.integration.updates.feeding import AINO, AS_OF, NOW, Feed, change, person, rows, said, texts

from trustdesk.clearance.api import objections
from trustdesk.kernel.errors import RefusedError
from trustdesk.register.api import card, declare_attribute, history, record_disclosure
from trustdesk.register.contracts import Attribute, ValueKind
from trustdesk.updates.api import change as change_view
from trustdesk.updates.api import orders_of, undo
from trustdesk.updates.contracts import ChangeKind, Fate, OrderKind
from trustdesk.updates.models import Review

HETU = {"national_id": "290280-952N"}
FED = {"address": "Mäntytie 3, 33100 Tampere", "phone": "+358409998877"}
ORDER = change("9", ChangeKind.NON_DISCLOSURE, person=AINO)


def numbered(company: Company) -> None:
    attribute = Attribute(
        code="national_id",
        label="Personal identity code",
        kind=ValueKind.EXTERNAL_ID,
        category="pd:OfficialID",
        purposes=("dpv:CustomerCare",),
        legal_basis="eu-gdpr:A6-1-b",
    )
    declare_attribute(company.context(), attribute=attribute, now=NOW)


def test_a_death_is_looked_at_by_two_where_the_number_is_not_known(north: Company, feed: Feed) -> None:
    aino = person(north, AINO)
    (verdict,) = feed.take(change("3", ChangeKind.DEATH, person=AINO))
    assert (verdict.fate, verdict.reason) == (Fate.REVIEW, "death")
    assert [row["risky"] for row in rows(north, Review, change_id=verdict.change_id)] == [True]
    assert orders_of(north.context(), aino) == []


def test_who_died_is_contacted_by_nobody(north: Company, feed: Feed) -> None:
    numbered(north)
    aino = person(north, AINO | HETU)
    (verdict,) = feed.take(change("3", ChangeKind.DEATH, person=AINO | HETU))
    assert (verdict.fate, verdict.customer_id) == (Fate.UPDATED, aino)
    assert [order.kind for order in orders_of(north.context(), aino)] == [OrderKind.DECEASED]
    (objection,) = objections(north.context(), aino)
    assert (objection.lifted, objection.by.value) == (False, "source")
    undo(north.context(), change_id=verdict.change_id, reason="she answers the phone", now=NOW)
    assert orders_of(north.context(), aino) == []
    assert any(each.lifted for each in objections(north.context(), aino))


def test_an_order_takes_away_what_feeds_gave_and_nothing_else(north: Company, feed: Feed) -> None:
    aino = person(north, {key: text for key, text in AINO.items() if key != "address"})
    known_by = {key: text for key, text in AINO.items() if key != "phone"}
    feed.take(change("1", ChangeKind.STATE, person=known_by | {"address": FED["address"]}, becomes=FED))
    assert texts(north, aino, "address") == [FED["address"]]
    (verdict,) = Feed(north, "Registry").take(ORDER)
    assert verdict.fate is Fate.UPDATED
    assert (texts(north, aino, "address"), texts(north, aino, "phone")) == ([], [AINO["phone"]])
    assert [order.kind for order in orders_of(north.context(), aino)] == [OrderKind.NON_DISCLOSURE]


def test_while_it_stands_no_feed_gives_contact_data(north: Company, feed: Feed) -> None:
    aino = person(north, AINO)
    feed.take(ORDER)
    (verdict,) = feed.take(change("1", person=AINO, becomes=FED))
    assert (verdict.fate, verdict.reason) == (Fate.KEPT, "non-disclosure")
    assert texts(north, aino, "address") == [AINO["address"]]


def test_the_source_lifts_it_and_an_older_word_does_not(north: Company, feed: Feed) -> None:
    aino = person(north, AINO)
    lifted = replace(ORDER, position="10", ends=said(non_disclosure="x"), as_of=AS_OF + timedelta(minutes=1))
    feed.take(ORDER)
    feed.take(replace(lifted, position="11", as_of=AS_OF - timedelta(days=1)))
    assert len(orders_of(north.context(), aino)) == 1
    feed.take(lifted)
    assert orders_of(north.context(), aino) == []
    feed.take(replace(ORDER, position="12"))  # older than what lifted it
    assert orders_of(north.context(), aino) == []
    assert feed.take(change("13", person=AINO, becomes=FED))[0].fate is Fate.UPDATED


def test_what_it_took_away_stands_nowhere_and_is_not_given_back(north: Company, feed: Feed) -> None:
    aino = person(north, {key: text for key, text in AINO.items() if key != "address"})
    known_by = {key: text for key, text in AINO.items() if key != "phone"}
    feed.take(change("1", ChangeKind.STATE, person=known_by | {"address": FED["address"]}, becomes=FED))
    moved = {"address": "Kuusikuja 1, 33100 Tampere"}
    feed.take(change("2", person=AINO | {"address": FED["address"]}, becomes=moved, as_of=AS_OF + timedelta(minutes=1)))
    (verdict,) = feed.take(replace(ORDER, as_of=AS_OF + timedelta(minutes=2)))
    ever = {value.text for value in history(north.context(), aino, now=NOW)}
    assert ever.isdisjoint({*FED.values(), *moved.values()})
    assert AINO["phone"] in ever
    fields = change_view(north.context(), verdict.change_id or 0).fields
    assert sorted((field.attribute, field.what) for field in fields) == [("address", "ended"), ("phone", "ended")]
    undo(north.context(), change_id=verdict.change_id, reason="lifted by hand", now=NOW)
    assert (orders_of(north.context(), aino), texts(north, aino, "address")) == ([], [])


def test_contact_data_are_given_to_nobody_outside_while_it_stands(north: Company, feed: Feed) -> None:
    aino = person(north, AINO)
    values = {value.attribute: value.value_id for value in card(north.context(), aino, now=NOW).values}

    def give(attribute: str, *, outside: bool = True) -> Sequence[int]:
        return record_disclosure(
            north.context(),
            customer_id=aino,
            value_ids=[values[attribute]],
            recipient="Partner Oy",
            purpose="dpv:CustomerCare",
            legal_basis="eu-gdpr:A6-1-b",
            outside=outside,
            now=NOW,
        )

    assert len(give("phone")) == 1
    feed.take(ORDER)
    for attribute in ("phone", "address"):
        with pytest.raises(RefusedError, match="non-disclosure"):
            give(attribute)
    assert len([*give("birth_date"), *give("phone", outside=False)]) == 2
    feed.take(replace(ORDER, position="10", ends=said(non_disclosure="x"), as_of=AS_OF + timedelta(minutes=1)))
    assert len(give("phone")) == 1
