"""Hours in which a person may be called, on the wall clock of the place where the person is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from trustdesk.decision.contracts import BASE, CallingWindow, Channel, Hours, Packs, Place, Policy, PurposeKind
from trustdesk.decision.limits import windows_that_bind
from trustdesk.decision.publicholidays import of_year

_HORIZON = 60
_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class _Clock:
    """One wall clock that counts: a time zone of a country, its holidays, and the windows that bind there."""

    zone: ZoneInfo
    country: str
    region: str
    regions: tuple[str, ...]
    windows: tuple[CallingWindow, ...]

    def open_at(self, at: datetime) -> bool:
        local = at.astimezone(self.zone)
        day, moment = local.date(), local.time()
        return all(self._open(window, day, moment) for window in self.windows if window.valid_at(at))

    def _open(self, window: CallingWindow, day: date, moment: time) -> bool:
        today = any(
            hours.opens <= moment and (moment < hours.closes or _overnight(hours)) for hours in self._hours(window, day)
        )
        return today or any(_overnight(hours) and moment < hours.closes for hours in self._hours(window, day - _DAY))

    def _hours(self, window: CallingWindow, day: date) -> tuple[Hours, ...]:
        if window.public_holiday is not None and self._is_holiday(day):
            return window.public_holiday
        return window.week[day.weekday()]

    def _is_holiday(self, day: date) -> bool:
        return (day.month, day.day) in of_year(self.country, self.region, self.regions, day.year)

    def edges(self, day: date) -> Iterator[datetime]:
        """Every instant of the local day at which the answer may change: hours, midnight, and the clock's own jump."""
        near = [hours for window in self.windows for when in (day - _DAY, day) for hours in self._hours(window, when)]
        moments = {time(), *(hours.opens for hours in near), *(hours.closes for hours in near)}
        for moment in moments:
            # An hour that comes twice has two instants; one that does not come at all is covered by the jump.
            yield from (datetime.combine(day, moment, self.zone).replace(fold=fold).astimezone(UTC) for fold in (0, 1))
        yield from self._jump(day)

    def _jump(self, day: date) -> Iterator[datetime]:
        low = datetime.combine(day, time(), self.zone).astimezone(UTC)
        high = datetime.combine(day + _DAY, time(), self.zone).astimezone(UTC)
        if self._offset(low) == self._offset(high):
            return
        while high - low > _MINUTE:
            middle = low + (high - low) // 2
            low, high = (middle, high) if self._offset(middle) == self._offset(low) else (low, middle)
        yield high.replace(second=0, microsecond=0)

    def _offset(self, instant: datetime) -> timedelta | None:
        return instant.astimezone(self.zone).utcoffset()


def inside_window(
    packs: Packs, policy: Policy, *, place: Place, channel: Channel, purpose_kind: PurposeKind, at: datetime
) -> bool | None:
    clocks = _clocks(packs, policy, place, channel, purpose_kind)
    return None if clocks is None else _all_open(clocks, at)


def window_changes_at(
    packs: Packs, policy: Policy, *, place: Place, channel: Channel, purpose_kind: PurposeKind, at: datetime
) -> datetime | None:
    clocks = _clocks(packs, policy, place, channel, purpose_kind)
    if clocks is None:
        return None
    now = _all_open(clocks, at)
    return next((edge for edge in _edges(clocks, at) if _all_open(clocks, edge) is not now), None)


def next_opening(
    packs: Packs, policy: Policy, *, place: Place, channel: Channel, purpose_kind: PurposeKind, at: datetime
) -> datetime | None:
    clocks = _clocks(packs, policy, place, channel, purpose_kind)
    if clocks is None:
        return None
    if _all_open(clocks, at):
        return at.astimezone(UTC)
    return next((edge for edge in _edges(clocks, at) if _all_open(clocks, edge)), None)


def _clocks(
    packs: Packs, policy: Policy, place: Place, channel: Channel, purpose_kind: PurposeKind
) -> tuple[_Clock, ...] | None:
    """Every clock that counts; None where a country is not known."""
    if not place.countries or place.countries - set(packs.countries):
        return None
    bound = [
        window
        for window in windows_that_bind(packs, policy)
        if channel in window.channels and purpose_kind in window.purpose_kinds
    ]
    found = []
    for country in sorted(place.countries):
        pack = packs.by_jurisdiction[country]
        windows = tuple(window for window in bound if window.jurisdiction in {BASE, country})
        # A region belongs to the one country it was said of; which it is, is known only where there is one.
        region = place.region if place.region in pack.regions and len(place.countries) == 1 else ""
        found += [_Clock(ZoneInfo(zone), country, region, pack.regions, windows) for zone in pack.time_zones]
    return tuple(found)


def _edges(clocks: tuple[_Clock, ...], at: datetime) -> Iterator[datetime]:
    """All instants after `at` at which any clock's answer may change, in their order."""
    rules = {
        edge.astimezone(UTC)
        for clock in clocks
        for window in clock.windows
        for edge in (window.valid_from, window.valid_to)
        if edge is not None
    }

    @cache
    def of_local_day(day: date) -> frozenset[datetime]:
        return frozenset(edge for clock in clocks for edge in clock.edges(day))

    start = at.astimezone(UTC)
    for offset in range(_HORIZON):
        day = start.date() + offset * _DAY
        # An instant of this day of UTC lies, anywhere on earth, in a local day next to it at most.
        near = rules.union(*(of_local_day(day + step * _DAY) for step in (-1, 0, 1)))
        yield from sorted(edge for edge in near if edge > start and edge.date() == day)


def _all_open(clocks: tuple[_Clock, ...], at: datetime) -> bool:
    return all(clock.open_at(at) for clock in clocks)


def _overnight(hours: Hours) -> bool:
    return hours.closes <= hours.opens
