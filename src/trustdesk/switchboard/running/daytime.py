"""Whether the clock of the machine was set while calls went on."""

import time
from datetime import datetime, timedelta

from trustdesk.kernel import clock

_LEAST = timedelta(seconds=1)
"""Less than that is how computers keep time; nobody's wait is wrong by it."""


class Daytime:
    """The time of day beside a clock that nobody sets: where they part, the time of day was set."""

    def __init__(self) -> None:
        self._apart = _apart(clock.now())

    def now(self) -> tuple[datetime, timedelta]:
        """The time of day, and how far it was set since this was asked last: forward, back (negative), or not."""
        now = clock.now()
        apart = _apart(now)
        by = apart - self._apart
        if abs(by) < _LEAST:
            return now, timedelta()
        self._apart = apart
        return now, by


def _apart(now: datetime) -> datetime:
    return now - timedelta(seconds=time.monotonic())
