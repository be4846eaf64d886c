"""How long the company has: GDPR Art. 12(3), counted by Regulation 1182/71, Art. 3."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from trustdesk.decision.api import working_days
from trustdesk.rights import clock
from trustdesk.rights.clock import Course, Place


def place(country: str, zone: str) -> Place:
    return Place(ZoneInfo(zone), working_days(country))


GERMANY = place("DE", "Europe/Berlin")
FINLAND = place("FI", "Europe/Helsinki")
HUNGARY = place("HU", "Europe/Budapest")


@pytest.mark.parametrize(
    ("received", "last", "where"),
    [
        (date(2027, 1, 31), date(2027, 3, 1), GERMANY),  # 28 February is a Sunday
        (date(2026, 8, 31), date(2026, 9, 30), GERMANY),  # September has no 31st
        (date(2026, 3, 5), date(2026, 4, 7), GERMANY),  # 5 and 6 April are Easter
        (date(2028, 1, 31), date(2028, 2, 29), GERMANY),  # a leap year
        (date(2026, 12, 1), date(2027, 1, 4), GERMANY),  # New Year's Day is a Friday
        (date(2026, 12, 31), date(2027, 2, 1), GERMANY),  # over the year's end, and 31 January is a Sunday
        (date(2026, 11, 6), date(2026, 12, 7), FINLAND),  # Independence Day is a Sunday
        (date(2026, 9, 23), date(2026, 10, 26), HUNGARY),  # 23 October, and the weekend after it
    ],
)
def test_a_month_ends_as_the_regulation_says(received: date, last: date, where: Place) -> None:
    assert clock.due(received, months=1, place=where) == last


@pytest.mark.parametrize(
    ("received", "last"),
    [
        (date(2026, 11, 30), date(2027, 3, 1)),
        (date(2026, 1, 5), date(2026, 4, 7)),
        (date(2026, 3, 31), date(2026, 6, 30)),
    ],
)
def test_an_extension_counts_from_receipt(received: date, last: date) -> None:
    assert clock.due(received, months=clock.EXTENDED_MONTHS, place=GERMANY) == last


def test_days_of_asking_are_added_before_anybody_asks_for_a_working_day() -> None:
    # Nominal 2026-06-05, a Friday; two days more is Sunday, so Monday: not Friday, rolled nowhere, and two days more.
    assert clock.due(date(2026, 5, 5), months=1, place=GERMANY) == date(2026, 6, 5)
    assert clock.due(date(2026, 5, 5), months=1, place=GERMANY, suspended_days=2) == date(2026, 6, 8)
    # Nominal Saturday 2026-06-06 would be rolled to Monday; with the two days it is Monday by itself.
    assert clock.due(date(2026, 5, 6), months=1, place=GERMANY, suspended_days=2) == date(2026, 6, 8)


def test_the_day_is_the_one_at_the_companys_place() -> None:
    """Just before midnight in Greenwich it is tomorrow in Helsinki, also in the night in which the clocks change."""
    course = Course(received_at=datetime(2027, 3, 27, 22, 30, tzinfo=UTC))
    assert FINLAND.day(course.received_at) == date(2027, 3, 28)
    assert clock.due_date(course, place=FINLAND, now=course.received_at) == date(2027, 4, 28)


@pytest.mark.parametrize(
    ("received", "ends"),
    [
        (datetime(2027, 3, 15, 9, tzinfo=UTC), datetime(2027, 4, 15, 21, tzinfo=UTC)),  # summer time began between
        (datetime(2026, 10, 15, 9, tzinfo=UTC), datetime(2026, 11, 16, 22, tzinfo=UTC)),  # and ended
        (datetime(2026, 12, 31, 22, 30, tzinfo=UTC), datetime(2027, 2, 1, 22, tzinfo=UTC)),  # it is 2027 in Helsinki
    ],
)
def test_it_ends_with_the_day_at_the_companys_place(received: datetime, ends: datetime) -> None:
    assert clock.due_at(Course(received_at=received), place=FINLAND, now=received) == ends


def test_only_asking_without_undue_delay_stops_the_clock() -> None:
    received = datetime(2026, 5, 5, 9, tzinfo=UTC)
    assert clock.stands(received, received + clock.PROMPT, place=GERMANY)
    assert not clock.stands(received, received + clock.PROMPT + timedelta(days=1), place=GERMANY)


def test_while_an_answer_is_waited_for_the_end_moves_along() -> None:
    received = datetime(2026, 5, 5, 9, tzinfo=UTC)
    waiting = Course(received_at=received, asked_at=received)
    assert clock.due_date(waiting, place=GERMANY, now=received) == date(2026, 6, 5)
    assert clock.due_date(waiting, place=GERMANY, now=received + timedelta(days=10)) == date(2026, 6, 15)


def test_an_extension_can_be_told_within_the_first_month_only_and_once() -> None:
    received = datetime(2026, 5, 5, 9, tzinfo=UTC)
    until = clock.extendable_until(Course(received_at=received), place=GERMANY, now=received)
    assert until == datetime(2026, 6, 5, 22, tzinfo=UTC)
    extended = Course(received_at=received, extended=True)
    assert clock.extendable_until(extended, place=GERMANY, now=received) is None
    assert clock.due_date(extended, place=GERMANY, now=received) == date(2026, 8, 5)
