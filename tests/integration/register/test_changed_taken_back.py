"""A change that was wrong is taken back: the old value counts again, and the history keeps both."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.companies import NOW, Company
from tests.feeding import LATER, Feed

from trustdesk.kernel.errors import RefusedError
from trustdesk.register.api import confirm_value, correct_value, lock, search, take_back, timeline
from trustdesk.register.contracts import Became, Changed, Confirmation, ConfirmedBy, RestrictionGround


@pytest.fixture
def feed(north: Company) -> Feed:
    return Feed(north)


def test_the_old_value_counts_again(feed: Feed) -> None:
    anna = feed.listed(name="Anna Palautettu", phone="040 5550201")
    old = feed.value_id(anna, "phone")
    became = feed.says(anna, "phone", "040 5550202", replaces=old)
    assert feed.back(anna, became, now=LATER + timedelta(days=1))
    value = feed.held(anna, "phone")[0]
    assert (value.value_id, value.text, value.superseded_by) == (old, "+358405550201", None)
    assert feed.ever(anna, "phone") == ["+358405550202", "+358405550201"]
    assert [hit.customer_id for hit in search(feed.company.context(), "040 5550201").rows] == [anna]
    assert search(feed.company.context(), "040 5550202").rows == []
    assert feed.tokens(anna) == feed.tokens_anew(anna)
    lines = timeline(feed.company.context(), anna)
    assert [(line.kind, line.value_id) for line in lines[:2]] == [
        ("taken_back", became.new_value_id),
        ("recorded", became.new_value_id),
    ]


def test_twice_is_once(feed: Feed) -> None:
    anna = feed.listed(name="Anna", town="Turku")
    became = feed.says(anna, "town", "Pori")
    assert [feed.back(anna, became), feed.back(anna, became)] == [True, False]
    assert feed.texts(anna, "town") == ["Turku"]


def test_several_of_one_value_go_back_newest_first(feed: Feed) -> None:
    anna = feed.listed(name="Anna", town="Turku")
    first, second = feed.says(anna, "town", "Pori"), feed.says(anna, "town", "Rauma")
    assert not feed.back(anna, first)
    assert feed.back(anna, second)
    assert feed.back(anna, first)
    assert feed.texts(anna, "town") == ["Turku"]
    assert feed.tokens(anna) == feed.tokens_anew(anna)


def test_what_was_added_goes_and_what_ended_comes_back(feed: Feed) -> None:
    anna = feed.listed(name="Anna", phone="040 5550211", town="Turku")
    added = feed.says(anna, "phone", "040 5550212")
    assert feed.back(anna, added)
    assert feed.texts(anna, "phone") == ["+358405550211"]
    ended = feed.says(anna, "phone", "", replaces=feed.value_id(anna, "phone"))
    gone = feed.says(anna, "town", "")
    assert (ended.what, gone.what) == (Became.ENDED, Became.ENDED)
    assert [feed.back(anna, ended), feed.back(anna, ended)] == [True, False]
    assert feed.texts(anna, "phone") == ["+358405550211"]
    feed.says(anna, "town", "Pori")
    assert not feed.back(anna, gone)  # its place is taken
    assert feed.texts(anna, "town") == ["Pori"]


def test_a_confirmation_is_taken_off(feed: Feed) -> None:
    anna = feed.listed(name="Anna", town="Turku")
    became = feed.says(anna, "town", "Turku")
    assert feed.back(anna, became)
    assert feed.held(anna, "town")[0].confirmed_at is None
    assert not feed.back(anna, became)


def test_the_confirmation_that_stood_before_counts_again(feed: Feed) -> None:
    anna = feed.listed(name="Anna", town="Turku")
    value_id = feed.value_id(anna, "town")
    context = feed.company.context()
    confirm_value(context, customer_id=anna, value_id=value_id, by=ConfirmedBy.CUSTOMER, now=NOW)
    agreed = {"outranked_for": timedelta()}
    first = feed.says(anna, "town", "Turku", as_of=LATER - timedelta(days=2), **agreed)
    second = feed.says(anna, "town", "Turku", **agreed)
    assert first.before == Confirmation(NOW, ConfirmedBy.CUSTOMER)
    assert not feed.back(anna, first)  # the later one stands on its own
    assert feed.held(anna, "town")[0].confirmed_at == LATER
    taken = [feed.taken(anna, second), feed.taken(anna, first)]
    assert take_back(feed.context(), taken, now=LATER) == [True, True]
    value = feed.held(anna, "town")[0]
    assert (value.confirmed_at, value.confirmed_by) == (NOW, ConfirmedBy.CUSTOMER)
    third = feed.says(anna, "town", "Turku", **agreed)
    assert feed.back(anna, replace(third, confirmed_at=None, before=None))  # kept from before this was kept
    assert feed.held(anna, "town")[0].confirmed_at is None


@pytest.mark.parametrize("how", ["corrected", "confirmed", "contested", "restricted"])
def test_what_somebody_changed_meanwhile_is_theirs(feed: Feed, how: str) -> None:
    anna = feed.listed(name="Anna", town="Turku")
    became = feed.says(anna, "town", "Pori")
    context, value_id = feed.company.context(), feed.value_id(anna, "town")
    if how == "corrected":
        correct_value(
            context,
            customer_id=anna,
            value_id=value_id,
            text="Rauma",
            source_id=feed.company.direct,
            by=ConfirmedBy.CUSTOMER,
            now=LATER,
        )
    elif how == "confirmed":
        confirm_value(context, customer_id=anna, value_id=value_id, by=ConfirmedBy.CUSTOMER, now=LATER)
    else:
        only = value_id if how == "contested" else None
        ground = RestrictionGround.ACCURACY_CONTESTED
        lock(context, customer_id=anna, ground=ground, value_id=only, now=LATER)
    assert not feed.back(anna, became)
    assert feed.texts(anna, "town") == ["Rauma" if how == "corrected" else "Pori"]


def test_nobody_and_nothing_are_refused(feed: Feed, south: Company) -> None:
    anna = feed.listed(name="Anna", town="Turku")
    became = feed.says(anna, "town", "Pori")
    assert not feed.back(4711, became)
    assert not Feed(south).back(anna, became)
    assert not feed.back(anna, Changed(Became.KEPT))
    assert not feed.back(anna, Changed(Became.REPLACED, old_value_id=became.old_value_id, new_value_id=4711))
    own = feed.company.person(name="Anna", town="Turku")
    assert not feed.back(own, Changed(Became.ADDED, new_value_id=feed.value_id(own, "town")))
    context = feed.company.context()
    rest = replace(context, operations=context.operations - {"feed:work", "update:undo"})
    with pytest.raises(RefusedError):
        take_back(rest, [], now=NOW)
