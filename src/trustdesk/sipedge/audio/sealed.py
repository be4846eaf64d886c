"""The sealed recording of one leg: how it is laid out, and its writing.

The file is a row of frames: four octets of length, big-endian, and a box of that length. A box is one chunk, sealed
under the recording's own key (AES-256-GCM) and bound to the recording, its own number and the head of all before it:

    head_0 = SHA-256(bound)        head_n = SHA-256(head_n-1 ‖ SHA-256(box_n))
    box_n  = seal(chunk_n, bound = "bound|n|head_n-1 in hexadecimal")

So no chunk opens at another place, and whoever knows the last number and head (the log does) sees a file that was
cut, altered, put in another order or lengthened. A chunk is one octet of kind, eight of the instant it begins at, and:

    0, 8   sound in µ-law or A-law (RTP's payload types): at most one second, 8,000 octets
    255    a mark, JSON: {"mark": "began" | "paused" | "unpaused" | "muted" | "unmuted" | "ended"}

Instants are milliseconds since the call began, the same clock for all its legs. Between "paused" and "unpaused" no
sound is stored; their instants are sealed, so the length of a gap can be shown to anybody.
"""

import hashlib
import json
import struct
from enum import StrEnum
from typing import Final

from trustdesk.seal.api import OVERHEAD, BoxKey
from trustdesk.sipedge.media.contracts import RATE, Law

MARK: Final = 255
LENGTH: Final = struct.Struct(">I")
START: Final = struct.Struct(">BQ")
CHUNK_OCTETS: Final = RATE
LONGEST_BOX: Final = OVERHEAD + START.size + CHUNK_OCTETS
SHORTEST_BOX: Final = OVERHEAD + START.size


class Mark(StrEnum):
    """What happened to a recording while it went on."""

    BEGAN = "began"
    PAUSED = "paused"
    UNPAUSED = "unpaused"
    MUTED = "muted"
    UNMUTED = "unmuted"
    ENDED = "ended"


class Chain:
    """How many chunks there are and what stands for all of them."""

    __slots__ = ("_bound", "head", "number")

    def __init__(self, bound: str) -> None:
        self._bound = bound
        self.number = 0
        self.head = hashlib.sha256(bound.encode()).digest()

    def next_bound(self) -> bytes:
        """What the next box is bound to."""
        return bound_of(self._bound, self.number + 1, self.head)

    def add(self, box: bytes) -> None:
        self.head = hashlib.sha256(self.head + hashlib.sha256(box).digest()).digest()
        self.number += 1


def bound_of(bound: str, number: int, previous_head: bytes) -> bytes:
    """What box `number` is bound to."""
    return f"{bound}|{number}|{previous_head.hex()}".encode()


class SealedWriter:
    """Makes the frames of one recording, in order. Where they are stored is the caller's affair."""

    __slots__ = ("_chain", "_key")

    def __init__(self, key: bytes, bound: str) -> None:
        self._key = BoxKey(key)
        self._chain = Chain(bound)

    @property
    def chunks(self) -> int:
        return self._chain.number

    @property
    def head(self) -> str:
        """In hexadecimal, of all frames made so far."""
        return self._chain.head.hex()

    def sound(self, law: Law, ms: int, sound: bytes) -> bytes:
        """The frame of at most a second of sound that begins at `ms`."""
        return self._frame(law, ms, sound)

    def mark(self, mark: Mark, ms: int) -> bytes:
        """The frame of a mark at `ms`."""
        return self._frame(MARK, ms, json.dumps({"mark": mark}).encode())

    def _frame(self, kind: int, ms: int, body: bytes) -> bytes:
        if len(body) > CHUNK_OCTETS:
            msg = "a chunk holds at most one second"
            raise ValueError(msg)
        box = self._key.seal(START.pack(kind, ms) + body, bound=self._chain.next_bound())
        self._chain.add(box)
        return LENGTH.pack(len(box)) + box
