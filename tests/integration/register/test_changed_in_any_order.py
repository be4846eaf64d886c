"""Whatever a feed says and whatever of it is taken back: one value of each attribute counts, and is findable."""

import threading
from datetime import timedelta
from itertools import count

import pytest
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.companies import NOW, Company
from tests.feeding import LATER, Feed

from trustdesk.isolation.api import scoped
from trustdesk.register.api import change_values, merge, take_back
from trustdesk.register.contracts import Became, Changed, TakeBack, ValueChange

SINGLE = {"name": ("Anna Aalto", "Anna Berg", "Berta Aalto"), "town": ("Aalto", "Turku", "Berg")}
NUMBERS = ("040 5550401", "040 5550402", "040 5550403")
_EXAMPLES = count()


@pytest.fixture
def feed(north: Company) -> Feed:
    return Feed(north)


def _step(draw: st.DrawFn) -> tuple[str, str, int, int]:
    attribute = draw(st.sampled_from([*SINGLE, "phone", "back"]))
    texts = SINGLE.get(attribute, NUMBERS)
    return attribute, draw(st.sampled_from([*texts, ""])), draw(st.integers(0, 5)), draw(st.integers(0, 1))


STEPS = st.lists(st.composite(_step)(), min_size=1, max_size=12)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(steps=STEPS, together=st.booleans())
def test_any_sequence_leaves_one_of_each_and_the_tokens_of_that(
    feed: Feed, steps: list[tuple[str, str, int, int]], *, together: bool
) -> None:
    number = next(_EXAMPLES)
    people = [feed.listed(name=f"Anna Aalto {number}", town="Turku", phone="040 5550401") for _each in range(2)]
    if together:
        merge(feed.company.context(), into=people[0], customer_id=people[1], reason="same", now=NOW)
    done: list[tuple[int, Changed]] = []
    for attribute, text, days, which in steps:
        customer = people[which]
        if attribute == "back":
            if done:
                owner, changed = done[days % len(done)]
                feed.back(owner, changed)
            continue
        as_of = NOW + timedelta(days=days)
        held = feed.held(customer, attribute)
        replaces = held[0].value_id if held and (attribute == "phone" and days % 2 == 0) else None
        change = feed.change(customer, attribute, text, as_of=as_of, replaces=replaces)
        done.append((customer, feed.says_all([change], now=LATER)[0]))
    for customer in people:
        own = [value for code in SINGLE for value in feed.held(customer, code) if value.customer_id == customer]
        assert len({value.attribute for value in own}) == len(own)
        phones = feed.texts(customer, "phone")
        assert together or len(set(phones)) == len(phones)
    assert feed.tokens(*people) == feed.tokens_anew(*people)


def test_two_feeds_that_contradict_each_other_at_once(alone: Company) -> None:
    """One waits for the other, whichever is first; what is newer stands, and nothing is doubled."""
    feed = Feed(alone)
    people = [feed.listed(name=f"Anna {number}", town="Turku") for number in range(6)]
    start = threading.Barrier(2)
    became: dict[str, list[Changed]] = {}

    def say(text: str, order: list[int], days: int) -> None:
        changes = [feed.change(each, "town", text, as_of=LATER + timedelta(days=days)) for each in order]
        start.wait(20)
        became[text] = feed.says_all(changes, now=LATER + timedelta(days=5))
        connections.close_all()

    ways = [("Pori", people, 1), ("Rauma", people[::-1], 2)]
    threads = [threading.Thread(target=say, args=way) for way in ways]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert {text for each in people for text in feed.texts(each, "town")} == {"Rauma"}
    assert [len(feed.texts(each, "town")) for each in people] == [1] * len(people)
    assert {each.what for each in became["Rauma"]} == {Became.REPLACED}
    assert {each.what for each in became["Pori"]} <= {Became.REPLACED, Became.KEPT}
    assert feed.tokens(*people) == feed.tokens_anew(*people)


def test_two_who_take_the_same_back_at_once(alone: Company) -> None:
    feed = Feed(alone)
    anna = feed.listed(name="Anna", town="Turku")
    became = feed.says(anna, "town", "Pori")
    start, undone = threading.Barrier(2), []

    def back() -> None:
        start.wait(20)
        undone.append(feed.back(anna, became))
        connections.close_all()

    threads = [threading.Thread(target=back) for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(undone) == [False, True]
    assert feed.texts(anna, "town") == ["Turku"]


def test_in_a_transaction_of_the_callers_all_goes_or_nothing(feed: Feed) -> None:
    """A caller that keeps more than the register does applies and undoes in one transaction of its own."""
    anna = feed.listed(name="Anna", town="Turku")
    context = feed.context()
    change = ValueChange(customer_id=anna, attribute="town", text="Pori", as_of=LATER)

    def both() -> None:
        with scoped(context.scope):
            became = change_values(context, [change], source_id=feed.source_id, now=LATER)[0]
            taken = TakeBack(anna, became.new_value_id, became.old_value_id)
            assert list(take_back(context, [taken], now=LATER)) == [True]
            change_values(context, [change], source_id=feed.source_id, now=LATER)
            raise ZeroDivisionError

    before = feed.tokens(anna)
    with pytest.raises(ZeroDivisionError):
        both()
    assert (feed.ever(anna, "town"), feed.tokens(anna)) == (["Turku"], before)
