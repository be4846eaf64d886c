"""JSON lines to and from the process that started this one."""

import json
import socket
from collections.abc import Iterator
from typing import Any, Final

_READ: Final = 1 << 16
_WAITING_OCTETS: Final = 1 << 24


class Line:
    """Never waits: what the other side does not take yet is kept, within reason."""

    def __init__(self, made: socket.socket) -> None:
        made.setblocking(False)
        self._socket = made
        self._heard = bytearray()
        self._unsent = bytearray()
        self.gone = False

    def fileno(self) -> int:
        return self._socket.fileno()

    def words(self) -> Iterator[dict[str, Any]]:
        """What was said. Nothing more after the other side has gone."""
        try:
            data = self._socket.recv(_READ)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        self.gone = self.gone or not data
        self._heard += data
        while (end := self._heard.find(b"\n")) >= 0:
            said = bytes(self._heard[:end])
            del self._heard[: end + 1]
            yield json.loads(said)

    def say(self, word: dict[str, Any]) -> None:
        self._unsent += json.dumps(word, separators=(",", ":")).encode() + b"\n"
        self.flush()

    def flush(self) -> None:
        """As much as the other side takes now."""
        while self._unsent:
            try:
                sent = self._socket.send(self._unsent[:_READ])
            except BlockingIOError:
                self.gone = self.gone or len(self._unsent) > _WAITING_OCTETS
                return
            except OSError:
                self.gone = True
                self._unsent.clear()
                return
            del self._unsent[:sent]
