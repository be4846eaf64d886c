"""SIP over TCP and TLS: framed by Content-Length (RFC 3261 §18.3), by connections that can't be made to eat memory."""

import asyncio
import re
from collections.abc import Callable
from typing import cast

from trustdesk.sipedge.sip.faults import UnreachableError
from trustdesk.sipedge.sip.headers import small_number
from trustdesk.sipedge.sip.message import MOST_BODY, MOST_HEAD
from trustdesk.sipedge.sip.udp import Received

UNSENT = 262_144  # bytes that the other side does not take: then it is gone
FIRST_WORD = 15.0  # seconds within which a new connection has to say something
HALF = 30.0  # seconds within which a message that began is to be whole
_LENGTH = re.compile(rb"\r?\n(?:Content-Length|l)[ \t]*:[ \t]*([0-9]{1,6})[ \t]*(?=\r?\n)", re.IGNORECASE)
_END = b"\r\n\r\n"


class Stream(asyncio.Protocol):
    """One connection. `gone` is told when it is closed, by whomever."""

    def __init__(
        self,
        *,
        transport: str,
        here: Callable[[tuple[str, int]], tuple[str, int]],
        received: Received,
        made: "Callable[[Stream], bool]",
        gone: "Callable[[Stream], None]",
    ) -> None:
        self.transport = transport
        self.remote: tuple[str, int] = ("", 0)
        self.here: tuple[str, int] = ("", 0)
        self.open = False
        self.on_closed: list[Callable[[], object]] = []
        self._locate = here
        self._received = received
        self._made = made
        self._gone = gone
        self._buffer = bytearray()
        self._wire: asyncio.Transport
        self._patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._wire = cast("asyncio.Transport", transport)  # uvloop's are none by their class
        peer, own = self._wire.get_extra_info("peername"), self._wire.get_extra_info("sockname")
        if not peer or not own:
            self._wire.abort()
            return
        self.remote = peer[:2]
        self.here = self._locate(own[:2])
        self.open = True
        if not self._made(self):
            self.abort()
            return
        self._expect(FIRST_WORD)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's name
        self.open = False
        self._expect(None)
        self._buffer.clear()
        self._gone(self)
        for tell in self.on_closed:
            tell()
        self.on_closed.clear()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while self.open and self._buffer and self._take():
            pass
        if self.open:
            self._expect(HALF if self._buffer else None)

    def _take(self) -> bool:
        """One message, or the line ends between two. False where more has to come first."""
        buffer = self._buffer
        if buffer.startswith(b"\r\n"):
            if buffer.startswith(_END):
                self._put(b"\r\n")  # RFC 5626 §3.5.1
            del buffer[: 4 if buffer.startswith(_END) else 2]
            return True
        end = buffer.find(_END, 0, MOST_HEAD)
        if end < 0:
            if len(buffer) >= MOST_HEAD:
                self.abort()
            return False
        lengths = _LENGTH.findall(buffer, 0, end + 2)
        length = small_number(lengths[0].decode(), most=MOST_BODY) if len(lengths) == 1 else None
        if length is None:  # where the next message begins can't be known
            self.abort()
            return False
        whole = end + len(_END) + length
        if len(buffer) < whole:
            return False
        message = bytes(buffer[:whole])
        del buffer[:whole]
        self._received(message, self)
        return True

    def send(self, data: bytes) -> None:
        if not self.open:
            raise UnreachableError("the connection is closed")
        self._put(data)

    def _put(self, data: bytes) -> None:
        self._wire.write(data)
        if self._wire.get_write_buffer_size() > UNSENT:
            self.abort()

    def close(self) -> None:
        if self.open:
            self._wire.close()

    def abort(self) -> None:
        self.open = False
        self._wire.abort()

    def _expect(self, seconds: float | None) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None
        if seconds is not None:
            self._patience = asyncio.get_running_loop().call_later(seconds, self.abort)
