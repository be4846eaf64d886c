"""By what customers are known, opened together to compare with what a feed says of somebody."""

from datetime import timedelta

import pytest
from tests.companies import NOW, Company
from tests.feeding import LATER, Feed

from trustdesk.audit.api import entries
from trustdesk.kernel.registries import privacy
from trustdesk.register.api import add_note, add_value, confirm_value, known_as, lock, merge
from trustdesk.register.contracts import ConfirmedBy, Held, NewValue, RestrictionGround, SourceKind, ValueKind
from trustdesk.vault.api import destroy


@pytest.fixture
def feed(north: Company) -> Feed:
    return Feed(north)


def said(held: Held) -> list[tuple[str, str]]:
    return [(value.attribute, value.text) for value in held.values]


def test_all_that_is_matched_and_nothing_that_was_written(feed: Feed) -> None:
    anna = feed.listed(
        NewValue("phone", "09 5550301", "home", shared_line=True),
        name="Anna",
        birth_date="1980-02-03",
        remark="friendly",
        region="Uusimaa",
        handle="@anna",
    )
    add_note(feed.company.context(), customer_id=anna, text="called twice", now=NOW)
    held = known_as(feed.context(), [anna])[anna]
    assert said(held) == [("name", "Anna"), ("birth_date", "1980-02-03"), ("phone", "+35895550301")]
    phone = held.values[2]
    assert (phone.kind, phone.shared_line, phone.source_kind) == (ValueKind.PHONE, True, SourceKind.IMPORT)
    assert (phone.recorded_at, phone.confirmed_at, phone.confirmed_by) == (NOW, None, None)
    assert (held.records, held.country, held.restricted) == ([anna], "FI", False)
    assert "Anna" not in repr(held)


def test_who_is_shown_as_one_is_known_together(feed: Feed) -> None:
    anna, ann, other = (feed.listed(name=name) for name in ("Anna", "Ann", "Other"))
    merge(feed.company.context(), into=anna, customer_id=ann, reason="same", now=NOW)
    found = known_as(feed.company.context("update:review"), [ann, other, ann])
    assert {shown: list(held.records) for shown, held in found.items()} == {anna: [anna, ann], other: [other]}
    assert [(value.customer_id, value.text) for value in found[anna].values] == [(anna, "Anna"), (ann, "Ann")]


def test_of_who_is_restricted_nothing_is_opened(feed: Feed) -> None:
    anna, ben = feed.listed(name="Anna", town="Turku"), feed.listed(name="Ben", town="Turku")
    context, ground = feed.company.context(), RestrictionGround.ACCURACY_CONTESTED
    lock(context, customer_id=anna, ground=ground, now=NOW)
    lock(context, customer_id=ben, value_id=feed.value_id(ben, "town"), ground=ground, now=NOW)
    found = known_as(feed.context(), [anna, ben])
    assert (found[anna].restricted, said(found[anna])) == (True, [])
    assert [(value.text, value.restricted) for value in found[ben].values] == [("Ben", False), ("", True)]


def test_who_was_erased_is_nobody(feed: Feed) -> None:
    anna, ben = feed.listed(name="Anna"), feed.listed(name="Ben")
    destroy(feed.company.context(), ben, "service", now=NOW)
    erase = privacy.get("register").erase
    assert erase is not None
    carl = feed.listed(name="Carl")
    erase(feed.company.context(), [[carl]])
    found = known_as(feed.context(), [anna, ben, carl, 4711])
    assert {customer_id: said(held) for customer_id, held in found.items()} == {anna: [("name", "Anna")], ben: []}


def test_what_counts_no_more_is_not_told_and_who_found_it_true_is(feed: Feed) -> None:
    anna = feed.listed(name="Anna", town="Turku")
    feed.says(anna, "town", "Pori")
    confirm_value(
        feed.company.context(),
        customer_id=anna,
        value_id=feed.value_id(anna, "name"),
        by=ConfirmedBy.DOCUMENT,
        now=LATER + timedelta(days=1),
    )
    add_value(
        feed.company.context(), customer_id=anna, value=NewValue("town", "Oulu"), source_id=feed.source_id, now=NOW
    )
    held = {value.attribute: value for value in known_as(feed.context(), [anna])[anna].values}
    assert (held["town"].text, held["town"].source_kind) == ("Oulu", SourceKind.FEED)
    assert held["name"].confirmed_by is ConfirmedBy.DOCUMENT


def test_many_are_opened_in_one_entry(feed: Feed) -> None:
    people = [feed.listed(name=f"Person {number}") for number in range(5)]
    known_as(feed.context(), people)
    newest = next(each for each in entries(feed.company.context(), limit=20) if each.what == "register.known_as")
    assert sorted(newest.subjects) == sorted(people)
    assert list(newest.fields) == ["name"]
