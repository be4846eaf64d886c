"""Recordings of a call's legs as one WAV file, made while it is read: 8 kHz, 16 bit, two channels.

It can be read from any octet, as a player asks that seeks; only the chunks of that part are opened.
"""

import struct
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from trustdesk.sipedge.audio.reader import SealedReader
from trustdesk.sipedge.media.contracts import RATE

if TYPE_CHECKING:
    from trustdesk.sipedge.audio.laws import Samples

_CHANNELS, _OCTETS = 2, 2
_FRAME = _CHANNELS * _OCTETS
_HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")
_A_MS = RATE // 1000
_PIECE_MS = 10_000


class StereoWav:
    """`left` and `right` are the recordings heard on each side, placed on the call's clock and added up; from when the
    first of them began to when the last ended.
    """

    def __init__(self, left: Sequence[SealedReader], right: Sequence[SealedReader]) -> None:
        self._sides = (left, right)
        every = [reader for reader in (*left, *right) if reader.chunks_count]
        self.start_ms = min((reader.start_ms for reader in every), default=0)
        self.end_ms = max((reader.end_ms for reader in every), default=0)
        self._data = (self.end_ms - self.start_ms) * _A_MS * _FRAME
        self.size = _HEADER.size + self._data

    @property
    def milliseconds(self) -> int:
        return self.end_ms - self.start_ms

    def read(self, start: int, stop: int) -> bytes:
        """The file's octets from `start` to `stop` (not included)."""
        stop = min(stop, self.size)
        head = self._header()[start:stop] if start < _HEADER.size else b""
        first, last = max(start - _HEADER.size, 0), stop - _HEADER.size
        if last <= first:
            return head
        a_ms = _A_MS * _FRAME
        from_ms, to_ms = first // a_ms, -(-last // a_ms)
        sound = self._frames(self.start_ms + from_ms, self.start_ms + to_ms)
        return head + sound[first - from_ms * a_ms : last - from_ms * a_ms]

    def pieces(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """The same in pieces of ten seconds, for a stream."""
        stop = self.size if stop is None else min(stop, self.size)
        step = _PIECE_MS * _A_MS * _FRAME
        for place in range(start, stop, step):
            yield self.read(place, min(place + step, stop))

    def _header(self) -> bytes:
        return _HEADER.pack(
            *(b"RIFF", self.size - 8, b"WAVE", b"fmt ", 16, 1, _CHANNELS, RATE, RATE * _FRAME, _FRAME, _OCTETS * 8),
            *(b"data", self._data),
        )

    def _frames(self, start_ms: int, end_ms: int) -> bytes:
        import numpy as np  # noqa: PLC0415 - numpy takes half a second: who opens no sound does not wait for it

        both = np.empty(((end_ms - start_ms) * _A_MS, _CHANNELS), dtype="<i2")
        for channel, readers in enumerate(self._sides):
            both[:, channel] = _added([reader.samples(start_ms, end_ms) for reader in readers], len(both))
        return both.tobytes()


def _added(voices: Sequence["Samples"], count: int) -> "Samples":
    import numpy as np  # noqa: PLC0415

    total = np.zeros(count, dtype=np.int32)
    for voice in voices:
        total += voice
    return np.clip(total, -32768, 32767).astype(np.int16)
