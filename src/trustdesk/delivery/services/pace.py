"""How fast mail goes to one domain: so many a minute, the rest a little later. Kept in memory, forgotten with the
process.

A burst of one minute's worth is let through at once; what is beyond gets its own slot and comes back exactly then.
"""

from datetime import datetime, timedelta

_MINUTE = timedelta(minutes=1)
_MOST_DOMAINS = 10_000


class Pace:
    """Slots by domain. `a_minute` 0: no pace."""

    def __init__(self, a_minute: int) -> None:
        self._between = _MINUTE / a_minute if a_minute else timedelta(0)
        self._next: dict[str, datetime] = {}

    def slot(self, domain: str, *, now: datetime) -> datetime:
        """When a message to this domain may go: now, or its reserved instant."""
        if not self._between:
            return now
        if len(self._next) > _MOST_DOMAINS:
            self._next = {name: at for name, at in self._next.items() if at > now - _MINUTE}
        at = max(self._next.get(domain, now - _MINUTE), now - _MINUTE) + self._between
        self._next[domain] = at
        return max(at, now)
