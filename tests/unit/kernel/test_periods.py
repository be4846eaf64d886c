"""Periods of law end with a day (Regulation 1182/71, Art. 3)."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from trustdesk.decision.api import working_days
from trustdesk.kernel.periods import Span, ends_at, last_day


@pytest.mark.parametrize(
    ("country", "event", "span", "expected"),
    [
        ("DE", date(2026, 3, 5), Span(months=1), date(2026, 4, 7)),  # Easter Sunday and Easter Monday
        ("DE", date(2026, 8, 31), Span(months=1), date(2026, 9, 30)),  # no 31st: the month's last day
        ("DE", date(2027, 1, 31), Span(months=1), date(2027, 3, 1)),  # 28 February is a Sunday
        ("HU", date(2026, 9, 23), Span(days=30), date(2026, 10, 26)),  # Friday 23 October is a holiday
        ("PL", date(2026, 11, 16), Span(days=14), date(2026, 11, 30)),
        ("DE", date(2026, 11, 2), Span(weeks=4), date(2026, 11, 30)),  # a Monday again
        ("FI", date(2028, 2, 29), Span(years=1), date(2029, 2, 28)),
        ("FI", date(2026, 11, 27), Span(days=2), date(2026, 12, 1)),  # Friday: two working days are Monday and Tuesday
        ("FI", date(2026, 11, 27), Span(days=1), date(2026, 11, 30)),
        ("DE", date(2026, 12, 23), Span(working_days=3), date(2026, 12, 29)),  # Friday 25 December is a holiday
    ],
)
def test_the_last_day(country: str, event: date, span: Span, expected: date) -> None:
    assert last_day(event, span, works=working_days(country)) == expected


def test_it_is_over_at_midnight_where_it_ends() -> None:
    assert ends_at(date(2026, 3, 28), ZoneInfo("Europe/Budapest")) == datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert ends_at(date(2026, 3, 29), ZoneInfo("Europe/Budapest")) == datetime(2026, 3, 29, 22, tzinfo=UTC)


@pytest.mark.parametrize("units", [{}, {"days": 1, "weeks": 1}, {"days": -1}])
def test_a_span_has_one_unit(units: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="one unit"):
        Span(**units)


def test_a_country_nobody_knows_keeps_weekends_only() -> None:
    works = working_days("XX")
    assert [works(date(2026, 12, day)) for day in (24, 25, 26, 27)] == [True, True, False, False]
