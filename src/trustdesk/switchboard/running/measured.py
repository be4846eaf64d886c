"""How long a call keeps an agent, measured: what an estimated wait goes by."""

from collections import OrderedDict
from datetime import timedelta

MOST = 50
_FEWEST = 5
"""Of less than these nothing follows."""


class Measured:
    """The last fifty calls of each queue: talking, and writing down what came of it."""

    def __init__(self) -> None:
        self._spent: dict[tuple[int, str], OrderedDict[int, timedelta]] = {}

    def add(self, controller: int, queue: str, call: int, spent: timedelta) -> None:
        """An agent's time with a call; a call may have several."""
        calls = self._spent.setdefault((controller, queue), OrderedDict())
        calls[call] = calls.get(call, timedelta()) + spent
        while len(calls) > MOST:
            calls.popitem(last=False)

    def mean(self, controller: int, queue: str) -> timedelta | None:
        """None where too few calls are known."""
        calls = self._spent.get((controller, queue))
        if calls is None or len(calls) < _FEWEST:
            return None
        return sum(calls.values(), timedelta()) / len(calls)
