"""When a message that was put off is tried again: later and later, never all at once."""

import secrets
from datetime import datetime, timedelta

_FIRST = timedelta(minutes=5)  # what greylisting usually asks for
_LONGEST = timedelta(hours=4)
_DICE = secrets.SystemRandom()


def next_attempt(attempt: int, *, now: datetime) -> datetime:
    """After the first attempt in about five minutes, then twice as long each time, at most four hours; a fifth more or
    less, so that what failed together does not come back together.
    """
    doubled = _FIRST * (1 << min(max(attempt, 1) - 1, 10))
    pause = min(doubled, _LONGEST) * _DICE.uniform(0.8, 1.2)
    return now + pause
