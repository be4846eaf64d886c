"""RTCP (RFC 3550, section 6): our reports, and from theirs what ours must answer.

A datagram is a row of packets of any types in any order; each is known by its type and length, whatever stands first.
"""

import secrets
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from trustdesk.sipedge.media.rtp import M32

REPORT_SECONDS: Final = 5.0
SENDER, RECEIVER, DESCRIPTION, GOODBYE = 200, 201, 202, 203
_HEAD = struct.Struct(">BBH")
_SENDER_INFO = struct.Struct(">IIIIII")  # who, NTP seconds, NTP fraction, RTP timestamp, packets, octets
_BLOCK = struct.Struct(">IIIIII")  # of whom, fraction and lost, highest, jitter, last SR, delay since it
_VERSION, _PADDING = 0x80, 0x20
_CNAME = 1
_MOST_LOST = 0x7FFFFF


@dataclass(frozen=True, slots=True)
class Heard:
    """What our report says of the stream that we hear. `jitter` in timestamp units, times in seconds."""

    ssrc: int
    highest: int
    lost: int
    fraction: float
    jitter: float
    last_report: int  # the middle 32 bits of the last sender report's NTP time; 0: none came
    since: float


def canonical_name() -> str:
    """Random for each leg (RFC 7022): it says nothing about who is speaking."""
    return secrets.token_hex(12)


def packets(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Type, count and body of each packet; ends at the first that is none."""
    place = 0
    while place + _HEAD.size <= len(data):
        first, kind, words = _HEAD.unpack_from(data, place)
        end = place + 4 * (words + 1)
        if first >> 6 != _VERSION >> 6 or end > len(data):
            return
        yield kind, first & 0x1F, data[place + _HEAD.size : end]
        place = end


def last_report(data: bytes, ssrc: int | None) -> int:
    """The middle 32 bits of the NTP time in the sender report of a stream; 0 where there is none."""
    for kind, _count, body in packets(data):
        if kind == SENDER and len(body) >= _SENDER_INFO.size:
            who, seconds, fraction = struct.unpack_from(">III", body)
            if ssrc is None or who == ssrc:
                return int(seconds << 16 | fraction >> 16) & M32
    return 0


def report(ssrc: int, name: str, heard: Heard | None, *, sent: tuple[int, int, int] | None, at: float) -> bytes:
    """A report and our name. `sent` is timestamp, packets and octets where we sent since the last one. `at` is the
    sender's clock in seconds, of any epoch: it is compared with itself only (section 4 allows that).
    """
    blocks = _block(heard) if heard else b""
    count = 1 if heard else 0
    if sent:
        timestamp, number, octets = sent
        whole = int(at)
        info = _SENDER_INFO.pack(
            ssrc, whole & M32, int((at - whole) * (1 << 32)) & M32, timestamp, number & M32, octets & M32
        )
        return _packet(SENDER, count, info + blocks) + _described(ssrc, name)
    return _packet(RECEIVER, count, struct.pack(">I", ssrc) + blocks) + _described(ssrc, name)


def goodbye(ssrc: int, name: str) -> bytes:
    """An empty report, our name, and BYE: a compound packet begins with a report (section 6.1)."""
    who = struct.pack(">I", ssrc)
    return _packet(RECEIVER, 0, who) + _described(ssrc, name) + _packet(GOODBYE, 1, who)


def _packet(kind: int, count: int, body: bytes) -> bytes:
    return _HEAD.pack(_VERSION | count, kind, len(body) // 4) + body


def _described(ssrc: int, name: str) -> bytes:
    item = struct.pack(">IBB", ssrc, _CNAME, len(name)) + name.encode()
    return _packet(DESCRIPTION, 1, item + bytes(4 - len(item) % 4))


def _block(heard: Heard) -> bytes:
    lost = min(max(heard.lost, 0), _MOST_LOST)
    fraction = min(int(heard.fraction * 256), 255)
    since = min(int(heard.since * 65536), M32) if heard.last_report else 0
    return _BLOCK.pack(
        heard.ssrc, fraction << 24 | lost, heard.highest & M32, int(heard.jitter) & M32, heard.last_report, since
    )
