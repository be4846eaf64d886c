"""To the browser all that comes from the media is one stream, whichever leg it comes from.

A leg of a call and the idle leg count for themselves. A browser that met a new source would begin a new stream, with a
gap and a click; so source, sequence and timestamp go on where the last ones ended (RFC 3550, 5.1, 6.4).
"""

import secrets
import struct
import time
from collections.abc import Iterator

_RTP = struct.Struct("!BBHII")
_RTCP = struct.Struct("!BBHI")
_SENDER, _RECEIVER, _DESCRIPTION, _GOODBYE = 200, 201, 202, 203
_RTCP_TYPES = range(192, 224)
_RATE = 8000
_SENDER_STAMP = 16  # where a sender report has its RTP timestamp
_SHORTEST_SENDER = 28


class OneStream:
    """`pass_on` gives what the browser is to get; `switch` says that another leg speaks from now on."""

    def __init__(self) -> None:
        self._source = secrets.randbits(32)
        self._sequence = secrets.randbits(15)
        self._stamp = secrets.randbits(31)
        self._at = time.monotonic()
        self._offsets: tuple[int, int] | None = None

    def switch(self) -> None:
        """The next packet counts anew, and is joined to the last one by the time that passed."""
        self._offsets = None

    def pass_on(self, packet: bytes) -> bytes:
        """Empty where nothing is left of it."""
        if len(packet) < _RTCP.size:
            return b""
        if packet[1] in _RTCP_TYPES:
            return b"".join(self._reports(packet))
        if len(packet) < _RTP.size:
            return b""
        first, second, sequence, stamp, _ = _RTP.unpack_from(packet)
        now = time.monotonic()
        if self._offsets is None:
            passed = max(int((now - self._at) * _RATE), 0)
            self._offsets = (self._sequence + 1 - sequence, self._stamp + passed - stamp)
            second |= 0x80  # a talk spurt begins
        self._sequence = (sequence + self._offsets[0]) & 0xFFFF
        self._stamp = (stamp + self._offsets[1]) & 0xFFFFFFFF
        self._at = now
        return _RTP.pack(first, second, self._sequence, self._stamp, self._source) + packet[_RTP.size :]

    def _reports(self, compound: bytes) -> Iterator[bytes]:
        """Each report in our name; a goodbye is the leg's, not ours."""
        while len(compound) >= _RTCP.size:
            first, kind, words, _ = _RTCP.unpack_from(compound)
            length = (words + 1) * 4
            report, compound = compound[:length], compound[length:]
            if len(report) < length or length < _RTCP.size or kind == _GOODBYE:
                continue
            report = _RTCP.pack(first, kind, words, self._source) + report[_RTCP.size :]
            if kind == _SENDER and length >= _SHORTEST_SENDER:
                if self._offsets is None:
                    continue
                (stamp,) = struct.unpack_from("!I", report, _SENDER_STAMP)
                moved = struct.pack("!I", (stamp + self._offsets[1]) & 0xFFFFFFFF)
                report = report[:_SENDER_STAMP] + moved + report[_SENDER_STAMP + 4 :]
            if kind in {_SENDER, _RECEIVER, _DESCRIPTION}:
                yield report
