"""A reference finds a case of one's own company, and guessing is stopped."""

from datetime import timedelta

import pytest
from tests.companies import NOW, Company
from tests.conversing import ask, call

from trustdesk.audit import api as audit
from trustdesk.conversations import api as conversing
from trustdesk.conversations import references
from trustdesk.conversations.services.finding import ONE_MISSES, ONE_WITHIN
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import RefusedError, ThrottledError

A_SECOND = timedelta(seconds=1)


def find(context: AccessContext, digits: str, asker: str, *, after: timedelta = timedelta()) -> int | None:
    return conversing.by_reference(context, digits=digits, asker=asker, now=NOW + after)


def guess(context: AccessContext, asker: str, times: int) -> None:
    for number in range(times):
        assert find(context, references.fresh(), asker, after=number * A_SECOND) is None


def test_it_finds_the_case_with_spaces_and_hyphens(north: Company) -> None:
    one = call(north)
    shown = conversing.grouped(one.opened.reference)
    for digits in (one.opened.reference, shown, shown.replace(" ", "-"), f" {shown} "):
        assert find(north.context(), digits, "a desk") == one.id


def test_a_neighbors_reference_is_none(north: Company, south: Company) -> None:
    one = call(north)
    assert find(south.context(), one.opened.reference, "a neighbor") is None


def test_who_may_not_find_is_refused_before_anything_is_counted(north: Company) -> None:
    one = call(north)
    with pytest.raises(RefusedError):
        find(north.context("conversation:read"), one.opened.reference, "an outsider")


@pytest.mark.parametrize("digits", ["", "12", "123456789012x", "000000000001", "1" * 400])
def test_every_miss_counts_also_one_that_is_no_reference(north: Company, digits: str) -> None:
    asker = f"misses {digits[:20]}"
    for number in range(ONE_MISSES):
        assert find(north.context(), digits, asker, after=number * A_SECOND) is None
    with pytest.raises(ThrottledError):
        find(north.context(), digits, asker, after=ONE_MISSES * A_SECOND)


def test_who_guesses_is_stopped_and_others_are_not(north: Company, south: Company) -> None:
    one, theirs = call(north), call(south)
    guess(north.context(), "+36301234567", ONE_MISSES)
    with pytest.raises(ThrottledError) as stopped:
        find(north.context(), one.opened.reference, "+36301234567", after=10 * A_SECOND)
    assert stopped.value.status == 429
    assert 0 < stopped.value.wait_seconds <= ONE_WITHIN.total_seconds()
    assert find(north.context(), one.opened.reference, "somebody else") == one.id
    # The same asker at another company is another one: nothing is shared across companies.
    assert find(south.context(), theirs.opened.reference, "+36301234567") == theirs.id
    assert find(north.context(), one.opened.reference, "+36301234567", after=ONE_WITHIN + 5 * A_SECOND) == one.id


def test_found_ones_are_no_misses(north: Company) -> None:
    one = call(north)
    for _each in range(2 * ONE_MISSES):
        assert find(north.context(), one.opened.reference, "a busy desk") == one.id


def test_a_miss_counts_where_the_request_fails(north: Company) -> None:
    """Who could undo a guess could guess for ever."""
    context = north.context()
    for _number in range(ONE_MISSES):
        with pytest.raises(ZeroDivisionError):
            _look_and_fail(context, "a failing page")
    with pytest.raises(ThrottledError):
        find(context, references.fresh(), "a failing page")


def _look_and_fail(context: AccessContext, asker: str) -> None:
    with scoped(context.scope):
        find(context, references.fresh(), asker)
        raise ZeroDivisionError


def test_all_together_are_stopped(north: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    one = call(north)
    before = ask(north, "SELECT count(*) FROM conversations_miss WHERE at > %s", NOW - timedelta(hours=1))[0][0]
    monkeypatch.setattr("trustdesk.conversations.services.finding.ALL_MISS", before + 3)
    for number in range(3):
        assert find(north.context(), references.fresh(), f"one of many {number}") is None
    with pytest.raises(ThrottledError):
        find(north.context(), one.opened.reference, "nobody yet")


def test_the_miss_that_shuts_the_door_is_in_the_log_without_the_asker(alone: Company) -> None:
    guess(alone.context(), "+3611111111", ONE_MISSES)
    entries = audit.entries(alone.context(), limit=50)
    blocked = [entry for entry in entries if entry.what == "conversations.references.blocked"]
    assert len(blocked) == 1
    assert blocked[0].detail == {"who": "one", "misses": ONE_MISSES}
    kept = ask(alone, "SELECT encode(asker, 'escape') FROM conversations_miss")
    assert not any("1111111" in text for (text,) in kept)
