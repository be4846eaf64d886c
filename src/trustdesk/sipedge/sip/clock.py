"""Time as the layer sees it: an event loop gives it, and a test turns it by hand."""

from collections.abc import Callable
from typing import Protocol

T1 = 0.5  # the round trip that is expected (RFC 3261 §17.1.1.1)
T2 = 4.0  # the longest pause between two repetitions
T4 = 5.0  # how long a message may wander about
LONGEST = 64 * T1


class Handle(Protocol):
    def cancel(self) -> None: ...


class Clock(Protocol):
    """What an asyncio loop has."""

    def time(self) -> float: ...

    def call_later(self, delay: float, callback: Callable[[], object], /) -> Handle: ...


class Timers:
    """The running timers of one owner, by name: set anew, a timer's old run is over."""

    __slots__ = ("_clock", "_running")

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._running: dict[str, Handle] = {}

    def set(self, name: str, seconds: float, then: Callable[[], object]) -> None:
        self.stop(name)

        def over() -> None:
            self._running.pop(name, None)
            then()

        self._running[name] = self._clock.call_later(seconds, over)

    def stop(self, name: str) -> None:
        if handle := self._running.pop(name, None):
            handle.cancel()

    def stop_all(self) -> None:
        for handle in self._running.values():
            handle.cancel()
        self._running.clear()
