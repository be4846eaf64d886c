"""Opening hours by the wall clock: over midnight, over the turn of summer time, and public holidays by region."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustdesk.telephony.contracts import NewQueue, Span
from trustdesk.telephony.hours import closes_at, is_holiday, keeps_holidays, next_opening, open_at, regions

DAY: Span = (time(8), time(16))
NIGHT: Span = (time(22), time(6))
ALWAYS: Span = (time(0), time(0))


def queue(
    *week: Sequence[Span], zone: str = "Europe/Budapest", country: str = "HU", region: str = "", holidays: bool = True
) -> NewQueue:
    return NewQueue(
        code="service",
        names={"hu": "Szolgálat"},
        week=week or [[DAY]] * 5 + [[], []],
        time_zone=zone,
        country=country,
        region=region,
        closed_on_holidays=holidays,
    )


def at(text: str, zone: str = "Europe/Budapest", *, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)


def test_the_end_of_a_span_is_outside() -> None:
    held = queue()
    assert open_at(held, at("2026-11-26 08:00"))
    assert open_at(held, at("2026-11-26 15:59:59"))
    assert not open_at(held, at("2026-11-26 16:00"))
    assert not open_at(held, at("2026-11-26 07:59:59"))
    assert not open_at(held, at("2026-11-28 10:00"))


def test_the_place_of_the_queue_counts_not_that_of_the_caller() -> None:
    assert open_at(queue(), datetime(2026, 11, 26, 7, 30, tzinfo=UTC))
    assert not open_at(queue(zone="Europe/Lisbon"), datetime(2026, 11, 26, 7, 30, tzinfo=UTC))


def test_a_night_reaches_into_the_next_day_whatever_that_day_has() -> None:
    held = queue([], [], [], [], [NIGHT], [], [])
    assert open_at(held, at("2026-11-27 23:00"))
    assert open_at(held, at("2026-11-28 05:59"))
    assert not open_at(held, at("2026-11-28 06:00"))
    assert not open_at(held, at("2026-11-27 05:00"))


def test_a_holiday_is_that_of_the_day_on_which_the_span_began() -> None:
    held = queue(*[[NIGHT]] * 7)
    assert is_holiday(held, at("2026-12-25 12:00").date())
    assert open_at(held, at("2026-12-25 03:00")) is open_at(held, at("2026-12-24 23:00"))
    assert not open_at(held, at("2026-12-25 23:00"))
    assert not open_at(held, at("2026-12-26 03:00"))
    assert open_at(queue(*[[NIGHT]] * 7, holidays=False), at("2026-12-25 23:00"))


@pytest.mark.parametrize(
    ("zone", "country", "spring", "autumn"),
    [
        ("Europe/Budapest", "HU", "2026-03-29", "2026-10-25"),
        ("Europe/Helsinki", "FI", "2026-03-29", "2026-10-25"),
        ("Europe/Berlin", "DE", "2026-03-29", "2026-10-25"),
    ],
)
def test_the_turn_of_summer_time_takes_an_hour_and_gives_one(zone: str, country: str, spring: str, autumn: str) -> None:
    held = queue(*[[(time(0), time(8))]] * 7, zone=zone, country=country, holidays=False)

    def hours(day: str) -> float:
        begins = at(f"{day} 00:00", zone)
        ends = closes_at(held, begins)
        assert ends is not None
        return (ends - begins.astimezone(UTC)) / timedelta(hours=1)

    assert hours(spring) == 7
    assert hours(autumn) == 9
    assert hours("2026-11-26") == 8


def test_an_hour_that_is_left_out_closes_nothing_else() -> None:
    held = queue(*[[(time(2, 30), time(4))]] * 7, holidays=False)
    assert not open_at(held, at("2026-03-29 01:59"))
    assert open_at(held, at("2026-03-29 03:45"))
    assert not open_at(held, at("2026-03-29 04:00"))


def test_of_an_hour_that_comes_twice_the_first_begins_a_span() -> None:
    held = queue(*[[(time(2, 30), time(4))]] * 7, holidays=False)
    assert open_at(held, at("2026-10-25 02:30", fold=0))
    assert open_at(held, at("2026-10-25 02:30", fold=1))


def test_the_next_opening_skips_the_holidays() -> None:
    held = queue()
    assert next_opening(held, at("2026-12-24 17:00")) == at("2026-12-28 08:00")
    assert next_opening(held, at("2026-11-26 10:00")) == at("2026-11-26 10:00")
    assert next_opening(queue(*[[]] * 7), at("2026-11-26 10:00")) is None


@pytest.mark.parametrize(
    ("country", "region", "day", "closed"),
    [
        ("DE", "BY", "2026-01-06", True),
        ("DE", "HH", "2026-01-06", False),
        ("DE", "", "2026-01-06", False),
        ("FI", "", "2026-12-06", True),
        ("PL", "", "2026-11-11", True),
        ("HU", "", "2026-10-23", True),
        ("AT", "", "2026-10-26", True),
    ],
)
def test_holidays_are_those_of_the_place(country: str, region: str, day: str, *, closed: bool) -> None:
    held = queue(*[[ALWAYS]] * 7, zone="Europe/Berlin", country=country, region=region)
    assert is_holiday(held, at(f"{day} 12:00").date()) is closed
    assert open_at(held, at(f"{day} 12:00", "Europe/Berlin")) is not closed


def test_places_without_known_holidays_are_told_apart() -> None:
    assert keeps_holidays("DE", "BY")
    assert not keeps_holidays("DE", "XX")
    assert not keeps_holidays("QQ", "")
    assert "BY" in regions("DE")
    assert regions("QQ") == ()


def test_who_is_always_open_never_closes() -> None:
    held = queue(*[[ALWAYS]] * 7, holidays=False)
    assert open_at(held, at("2026-11-26 00:00"))
    assert next_opening(held, at("2026-11-26 03:00")) == at("2026-11-26 03:00")


spans = st.tuples(st.integers(0, 47), st.integers(0, 47)).map(
    lambda pair: (time(pair[0] // 2, pair[0] % 2 * 30), time(pair[1] // 2, pair[1] % 2 * 30))
)


@given(st.lists(st.lists(spans, max_size=2), min_size=7, max_size=7), st.integers(0, 365 * 48))
def test_what_opens_next_is_open_then_and_not_before(week: list[list[Span]], half_hours: int) -> None:
    held = queue(*week)
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=30 * half_hours)
    opens = next_opening(held, now)
    if opens is None:
        assert not open_at(held, now)
        return
    assert open_at(held, opens)
    assert opens == now or not open_at(held, opens - timedelta(minutes=1)) or opens - timedelta(minutes=1) < now
