"""When a try that failed is made again, and when somebody has to look."""

import secrets
from datetime import datetime, timedelta

from trustdesk.outside.contracts import Fault, State

_FIRST, _LONGEST = timedelta(minutes=5), timedelta(hours=4)
_BUSY = timedelta(minutes=1)
A_DAY = timedelta(days=1)
"""Failing for so long, a run is stuck: it is tried still, and shown as what nobody may overlook."""
_DICE = secrets.SystemRandom()


def next_try(attempt: int, fault: Fault, *, now: datetime) -> datetime:
    """In about five minutes, then twice as long each time, at most four hours; a fifth more or less, so that what
    failed together does not come back together. Who only had to wait for another comes back in a minute.
    """
    if fault is Fault.BUSY:
        return now + _BUSY
    doubled = _FIRST * (1 << min(max(attempt, 1) - 1, 10))
    return now + min(doubled, _LONGEST) * _DICE.uniform(0.8, 1.2)


def state_after(*, first_at: datetime, now: datetime) -> State:
    """Since its first try without success, for a day, or for less."""
    return State.STUCK if now - first_at >= A_DAY else State.AGAIN
