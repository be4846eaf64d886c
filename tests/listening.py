"""Stand-ins for what is beside the process of the browsers: a loop in a thread, and the media's side of a leg."""

import asyncio
import socket
import struct
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import Any, Self, TypeVar

import uvloop

from tests.sounds import samples, sine
from trustdesk.sipedge.media.contracts import Law, Place
from trustdesk.sipedge.webrtc.client import BrowserProcess
from trustdesk.sipedge.webrtc.contracts import BrowserEvent, far_place

T = TypeVar("T")
FRAME = 160


class Edge:
    """The process of the browsers behind plain calls. Playwright keeps a loop in the tests' own thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self.browsers = BrowserProcess()
        self._events = self.browsers.events()

    def do(self, coroutine: Coroutine[Any, Any, T], *, seconds: float = 20) -> T:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(seconds)

    def next(self, *, seconds: float = 10) -> BrowserEvent:
        async def event() -> BrowserEvent:
            async with asyncio.timeout(seconds):
                return await anext(self._events)

        return self.do(event(), seconds=seconds + 1)

    def is_quiet(self, *, seconds: float) -> bool:
        with suppress(TimeoutError):
            self.next(seconds=seconds)
            return False
        self._events = self.browsers.events()
        return True


@contextmanager
def edge() -> Iterator[Edge]:
    loop = uvloop.new_event_loop()
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    edge = Edge(loop)
    try:
        yield edge
    finally:
        edge.do(edge.browsers.close())
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


class MediaLeg:
    """Where the media would listen: it sends a tone, and keeps what comes."""

    def __init__(self, path: Path, law: Law, hertz: float) -> None:
        self.place, self.law = Place("", path=str(path)), law
        self._tone = sine(hertz, 1, law)
        self._heard: list[bytes] = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(self.place.path)
        self._socket.settimeout(0.02)
        self._running = True
        self._thread = Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._running = False
        self._thread.join()
        self._socket.close()

    def _run(self) -> None:
        """A packet out every 20 ms, and in between whatever comes in: here both go by the browser's clock."""
        sequence = 0
        while self._running:
            with suppress(TimeoutError):
                self._heard.append(self._socket.recv(2048))
            at = sequence * FRAME % len(self._tone)
            header = struct.pack("!BBHII", 0x80, self.law, sequence & 0xFFFF, sequence * FRAME, 77)
            with suppress(OSError):
                self._socket.sendto(header + self._tone[at : at + FRAME], far_place(self.place).path)
                sequence += 1

    def heard(self) -> list[bytes]:
        """RTP so far."""
        return [packet for packet in self._heard if not 192 <= packet[1] <= 223]

    def wave(self, packets: int) -> Any:  # noqa: ANN401 -- numpy's array
        """The last second or so, as samples."""
        return samples(b"".join(packet[12:] for packet in self.heard()[-packets:]), self.law)
