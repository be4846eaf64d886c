"""Half-open periods: the start belongs to them, the end does not. And periods of law, which end with a day.

Regulation (EEC, Euratom) No 1182/71, Art. 3: the day of the event is not counted; a period in weeks, months or years
ends with the day that has the same name or number, or with the month's last where there is none; one whose last day is
a Saturday, a Sunday or a public holiday ends with the next working day; two days or more hold at least two working
days.
"""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Works = Callable[[date], bool]
"""Whether a day is a working day: no Saturday, no Sunday, no public holiday of the place."""

_MONTHS_A_YEAR = 12
_LEAST_WORKING_DAYS = 2


@dataclass(frozen=True, slots=True)
class Period:
    """From `start_at` until just before `end_at`; no end means it goes on."""

    start_at: datetime
    end_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.end_at is not None and self.end_at <= self.start_at:
            msg = "a period ends after it starts"
            raise ValueError(msg)

    def contains(self, instant: datetime) -> bool:
        return self.start_at <= instant and (self.end_at is None or instant < self.end_at)


@dataclass(frozen=True, slots=True)
class Span:
    """A length that a law names, in one of these units."""

    days: int = 0
    weeks: int = 0
    months: int = 0
    years: int = 0
    working_days: int = 0

    def __post_init__(self) -> None:
        given = (self.days, self.weeks, self.months, self.years, self.working_days)
        if sum(part != 0 for part in given) != 1 or min(given) < 0:
            msg = "a span has one unit, and at least one of it"
            raise ValueError(msg)

    def nominal(self, event: date) -> date:
        """The last day before anybody asks whether it is a working day; of working days none can be named so."""
        if self.months or self.years:
            return months_after(event, self.months + self.years * _MONTHS_A_YEAR)
        return event + timedelta(days=self.days + 7 * self.weeks)


def last_day(event: date, span: Span, *, works: Works) -> date:
    """The last day of a period that an event on that day begins."""
    if span.working_days:
        return _nth_working_day(event, span.working_days, works)
    day = span.nominal(event)
    while not works(day):
        day += timedelta(days=1)
    if span.days >= _LEAST_WORKING_DAYS:
        return max(day, _nth_working_day(event, _LEAST_WORKING_DAYS, works))
    return day


def ends_at(day: date, zone: ZoneInfo) -> datetime:
    """The instant at which the last day is over at a place: the midnight that follows it."""
    return datetime.combine(day + timedelta(days=1), time(), zone)


def months_after(event: date, months: int) -> date:
    """The same number of a later month; where that month has no such day, its last."""
    year, month = divmod(event.year * _MONTHS_A_YEAR + event.month - 1 + months, _MONTHS_A_YEAR)
    return date(year, month + 1, min(event.day, monthrange(year, month + 1)[1]))


def _nth_working_day(event: date, number: int, works: Works) -> date:
    day = event
    while number:
        day += timedelta(days=1)
        number -= works(day)
    return day
