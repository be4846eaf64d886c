"""When what did not work is tried again, and when somebody has to look."""

from datetime import datetime, timedelta

_FIRST, _LONGEST = timedelta(minutes=1), timedelta(hours=1)
MOST_TRIES = 8
"""So often a delivery is worked on before it counts as failed; some two hours."""


def next_try(attempt: int, *, now: datetime) -> datetime:
    """In a minute, then twice as long each time, an hour at most."""
    return now + min(_FIRST * (1 << min(max(attempt, 1) - 1, 10)), _LONGEST)
