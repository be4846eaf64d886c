"""RTP's fixed header (RFC 3550, section 5.1), read from strangers and written by us."""

import struct
from typing import Final, NamedTuple

HEADER: Final = struct.Struct(">BBHII")
PLAIN: Final = 0x80  # version 2, no padding, no extension, no contributing sources
MARKER: Final = 0x80
M16: Final = 0xFFFF
M32: Final = 0xFFFFFFFF
FRAME: Final = 160  # samples of 20 ms, an octet each in G.711
FRAME_SECONDS: Final = 0.02
_VERSION, _PADDING, _EXTENSION, _SOURCES = 2, 0x20, 0x10, 0x0F
_RTCP = range(64, 96)  # payload types that RTCP's packet types would read as (RFC 5761, section 4)


class Packet(NamedTuple):
    """What a packet says. `kind` is its payload type without the marker."""

    kind: int
    sequence: int
    timestamp: int
    ssrc: int
    payload: bytes


def read(data: bytes) -> Packet | None:
    """The packet, None where it is none: too short, another version, RTCP, lengths that do not add up."""
    if len(data) < HEADER.size or data[0] >> 6 != _VERSION:
        return None
    first, kind, sequence, timestamp, ssrc = HEADER.unpack_from(data)
    start = HEADER.size + 4 * (first & _SOURCES)
    if first & _EXTENSION:
        start += 4 + 4 * int.from_bytes(data[start + 2 : start + 4])
    end = len(data)
    if first & _PADDING:
        if not data[-1]:
            return None
        end -= data[-1]
    kind &= ~MARKER
    if start > end or kind in _RTCP:
        return None
    return Packet(kind, sequence, timestamp, ssrc, data[start:end])


def head(kind: int, sequence: int, timestamp: int, ssrc: int) -> int:
    """The plain header as one number of 96 bits, as it stands in the packet."""
    return PLAIN << 88 | kind << 80 | sequence << 64 | timestamp << 32 | ssrc


def step(samples: int) -> int:
    """What a header grows by from one packet to the next, as long as neither of its numbers wraps."""
    return 1 << 64 | samples << 32


def until_wrap(sequence: int, timestamp: int, samples: int) -> int:
    """For how many packets neither number wraps."""
    return min(M16 - sequence, (M32 - timestamp) // samples)


def ahead(number: int, other: int) -> int:
    """How far a timestamp lies after another; negative where before. Both wrap at 32 bits."""
    return (number - other + 0x80000000 & M32) - 0x80000000
