"""Opening hours: spans of the wall clock at the queue's place, over midnight and over the turn of summer time."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from types import ModuleType
from zoneinfo import ZoneInfo

from trustdesk.telephony.contracts import NewQueue, Span

_LOOKED_AHEAD = 400  # days: who is closed for longer is closed


def open_at(queue: NewQueue, at: datetime) -> bool:
    """Whether the queue is open at this instant."""
    return any(begins <= at < ends for begins, ends in _around(queue, at))


def next_opening(queue: NewQueue, at: datetime) -> datetime | None:
    """The first instant from `at` on at which it is open; None where there is none within a year."""
    if open_at(queue, at):
        return at
    day = at.astimezone(ZoneInfo(queue.time_zone)).date()
    for ahead in range(_LOOKED_AHEAD):
        begins = [begin for begin, _end in _spans(queue, day + timedelta(days=ahead)) if begin > at]
        if begins:
            return min(begins)
    return None


def closes_at(queue: NewQueue, at: datetime) -> datetime | None:
    """When what is open now closes; None where it is closed, or open for days on end."""
    latest = at
    for _step in range(8):
        ends = [end for begin, end in _around(queue, latest) if begin <= latest < end]
        if not ends:
            return latest if latest > at else None
        latest = max(ends)
    return None


def is_holiday(queue: NewQueue, day: date) -> bool:
    """A public holiday of the country, and of the region where one is named."""
    return day in _holidays(queue.country, queue.region, day.year)


def keeps_holidays(country: str, region: str) -> bool:
    """Whether the holidays of the place are known."""
    try:
        _library().country_holidays(country, subdiv=region or None)
    except NotImplementedError:
        return False
    return True


def regions(country: str) -> tuple[str, ...]:
    """The parts of a country that have holidays of their own."""
    if not country or not keeps_holidays(country, ""):
        return ()
    return tuple(_library().country_holidays(country).subdivisions)


def _around(queue: NewQueue, at: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The spans of the day and of the day before, which may reach over midnight."""
    day = at.astimezone(ZoneInfo(queue.time_zone)).date()
    for begun in (day - timedelta(days=1), day):
        yield from _spans(queue, begun)


def _spans(queue: NewQueue, day: date) -> Iterator[tuple[datetime, datetime]]:
    """In UTC. A span belongs to the day on which it begins, also as to whether that is a holiday."""
    if queue.closed_on_holidays and is_holiday(queue, day):
        return
    zone = ZoneInfo(queue.time_zone)
    for opens, closes in queue.week[day.weekday()]:
        ends_on = day if closes > opens else day + timedelta(days=1)
        yield _instant(day, opens, zone), _instant(ends_on, closes, zone)


def _instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """An hour that is left out in spring is the instant of the change; of one that comes twice, the first counts."""
    return datetime.combine(day, at, zone).astimezone(UTC)


@cache
def _holidays(country: str, region: str, year: int) -> frozenset[date]:
    return frozenset(_library().country_holidays(country, subdiv=region or None, years=year))


def _library() -> ModuleType:
    # It knows every country of the world and takes half a second to say so; only who asks for a day waits for it.
    import holidays  # noqa: PLC0415

    return holidays


def minutes(span: Span) -> int:
    """How long a span lasts by the clock."""
    opens, closes = span
    length = (closes.hour - opens.hour) * 60 + closes.minute - opens.minute
    return length if length > 0 else length + 24 * 60
