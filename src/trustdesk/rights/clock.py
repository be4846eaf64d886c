"""How long the company has: one month from receipt, longer where the law lets it (GDPR Art. 12(3)).

Regulation (EEC, Euratom) No 1182/71, Art. 3: the day of receipt is not counted; the period ends with the day of the
same number, or the month's last; where that is no working day at the company's place, with the next one. While the
person is asked who they are, and was asked without undue delay, the clock stands: those days are added to the end
before it is asked whether that is a working day. Pure: what it needs of the world is given to it.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from trustdesk.kernel.periods import Span, Works, ends_at, last_day, months_after

MONTHS = 1
EXTENDED_MONTHS = 3  # one month and two more (Art. 12(3) sentence 2), counted from receipt
PROMPT = timedelta(days=7)
"""Whoever asks later than this has not asked without undue delay: then nothing stands still."""
REMIND_BEFORE = timedelta(days=7)
ESCALATE_BEFORE = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the company is: its zone, and which days it works."""

    zone: ZoneInfo
    works: Works

    def day(self, instant: datetime) -> date:
        return instant.astimezone(self.zone).date()


@dataclass(frozen=True, slots=True)
class Course:
    """What has happened to the clock of one request. `asked_at` is set while an answer is waited for."""

    received_at: datetime
    asked_at: datetime | None = None
    suspended_days: int = 0
    extended: bool = False


def due(received: date, *, months: int, place: Place, suspended_days: int = 0) -> date:
    """The last day of a request received that day."""
    nominal = months_after(received, months) + timedelta(days=suspended_days)
    return last_day(nominal - timedelta(days=1), Span(days=1), works=place.works)


def stands(received_at: datetime, asked_at: datetime, *, place: Place) -> bool:
    """Whether the clock stands from the asking on: only where it was asked without undue delay."""
    return place.day(asked_at) - place.day(received_at) <= PROMPT


def stood(asked_at: datetime, until: datetime, *, place: Place) -> int:
    """How many days were waited for an answer; the same day is none."""
    return max(0, (place.day(until) - place.day(asked_at)).days)


def due_date(course: Course, *, place: Place, now: datetime) -> date:
    """The last day as things are. While an answer is waited for: as if it came now."""
    days = course.suspended_days
    if course.asked_at is not None:
        days += stood(course.asked_at, now, place=place)
    months = EXTENDED_MONTHS if course.extended else MONTHS
    return due(place.day(course.received_at), months=months, place=place, suspended_days=days)


def due_at(course: Course, *, place: Place, now: datetime) -> datetime:
    """The instant at which the last day is over at the company's place."""
    return ends_at(due_date(course, place=place, now=now), place.zone)


def extendable_until(course: Course, *, place: Place, now: datetime) -> datetime | None:
    """Until when the person can be told of an extension: the end of the first month. None where it was extended."""
    return None if course.extended else due_at(course, place=place, now=now)
