"""A server that is asked to end waits for its open answers; streams would keep it waiting to the last second."""

import asyncio
import signal
import threading
from collections.abc import Callable
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Farewell:
    """Hears the request to end before the server does, and hands it on. Outside the main thread there is none."""

    def __init__(self, say: Callable[[], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._say = say
        main = threading.current_thread() is threading.main_thread()
        self._before = {number: signal.signal(number, self._asked) for number in _SIGNALS} if main else {}

    def _asked(self, number: int, frame: FrameType | None) -> None:
        self._loop.call_soon_threadsafe(self._say)
        before = self._before[signal.Signals(number)]
        if callable(before):
            before(number, frame)

    def restore(self) -> None:
        """Give the signals back to the server; where somebody else took them meanwhile, they keep them."""
        for number, before in self._before.items():
            if signal.getsignal(number) == self._asked:
                signal.signal(number, before)
