"""Slots by domain, and pauses that grow."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustdesk.delivery.services.backoff import next_attempt
from trustdesk.delivery.services.pace import Pace

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@given(st.integers(1, 200), st.lists(st.floats(0, 300), min_size=1, max_size=300))
def test_no_minute_sees_more_than_twice_its_worth_and_the_rest_spreads(a_minute: int, seconds: list[float]) -> None:
    """A burst of one minute's worth, and one minute's worth that was saved up before."""
    pace = Pace(a_minute)
    slots = sorted(pace.slot("example.com", now=NOW + timedelta(seconds=second)) for second in sorted(seconds))
    for slot in slots:
        assert sum(slot <= other < slot + MINUTE for other in slots) <= 2 * a_minute


def test_a_burst_goes_at_once_and_what_is_beyond_gets_its_own_instant() -> None:
    pace = Pace(60)
    slots = [pace.slot("example.com", now=NOW) for _each in range(62)]
    assert slots[:60] == [NOW] * 60
    assert slots[60:] == [NOW + timedelta(seconds=1), NOW + timedelta(seconds=2)]
    assert pace.slot("example.org", now=NOW) == NOW, "another domain is not concerned"


def test_without_a_pace_everything_goes() -> None:
    pace = Pace(0)
    assert {pace.slot("example.com", now=NOW) for _each in range(1_000)} == {NOW}


@pytest.mark.parametrize(("attempt", "minutes"), [(0, 5), (1, 5), (2, 10), (3, 20), (4, 40), (8, 240), (500, 240)])
def test_pauses_grow_up_to_four_hours(attempt: int, minutes: int) -> None:
    pauses = [(next_attempt(attempt, now=NOW) - NOW) / MINUTE for _each in range(50)]
    assert all(0.8 * minutes <= pause <= 1.2 * minutes for pause in pauses)
    assert len(set(pauses)) > 1, "not all at once"
