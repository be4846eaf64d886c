"""The time of day beside a clock that nobody sets."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from trustdesk.kernel import clock
from trustdesk.switchboard.running.daytime import Daytime

NOON = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


class Clocks:
    """Both of them, turned by hand."""

    def __init__(self) -> None:
        self.day, self.steady = NOON, 1_000.0

    def pass_on(self, seconds: float, *, set_by: float = 0.0) -> None:
        self.day += timedelta(seconds=seconds + set_by)
        self.steady += seconds


@pytest.fixture
def clocks(monkeypatch: pytest.MonkeyPatch) -> Clocks:
    made = Clocks()
    monkeypatch.setattr(clock, "now", lambda: made.day)
    monkeypatch.setattr(time, "monotonic", lambda: made.steady)
    return made


def test_time_that_passes_is_no_setting(clocks: Clocks) -> None:
    daytime = Daytime()
    clocks.pass_on(7_200)
    assert daytime.now() == (NOON + timedelta(hours=2), timedelta())


@pytest.mark.parametrize("seconds", [-3_600, -2, 2, 3_600])
def test_how_far_it_was_set_is_said_once(clocks: Clocks, seconds: int) -> None:
    daytime = Daytime()
    clocks.pass_on(10, set_by=seconds)
    assert daytime.now() == (NOON + timedelta(seconds=10 + seconds), timedelta(seconds=seconds))
    clocks.pass_on(1)
    assert daytime.now()[1] == timedelta()


def test_what_is_less_than_a_second_adds_up(clocks: Clocks) -> None:
    daytime = Daytime()
    clocks.pass_on(1, set_by=0.6)
    assert daytime.now()[1] == timedelta()
    clocks.pass_on(1, set_by=0.6)
    assert daytime.now()[1] == timedelta(seconds=1.2)
