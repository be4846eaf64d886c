"""What crosses the media's door. A leg is one side's stream of audio: over UDP for phones and trunks, over a datagram
socket of the file system for a browser. All legs of a call live in one media process; A-law and µ-law only.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import Protocol

LISTENING_QUEUE = 512
RATE = 8_000
"""Samples a second, one octet each (ITU-T G.711)."""


class Law(IntEnum):
    """G.711 by its static RTP payload type (RFC 3551)."""

    MU = 0
    A = 8


@dataclass(frozen=True, slots=True)
class Place:
    """Where packets go: host and port, or the path of a datagram socket (`host` empty)."""

    host: str
    port: int = 0
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Far:
    """What the other side said of itself: where it listens, its law, and the payload type of its keys (RFC 4733)."""

    place: Place
    law: Law
    keys_type: int | None = None  # None: it sends none
    sends: bool = True  # false: held by the other side; its silence is no fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealing:
    """What a leg's recording is sealed with and where it goes: an empty file, or none yet. Its instants are
    milliseconds since the first leg of its call was opened.
    """

    recording: int
    key: bytes = field(repr=False)
    bound: str
    path: Path


class Event(StrEnum):
    PLAYED = "played"  # the clips came to their end on this leg, every frame of them sent
    DIGIT = "digit"
    LEARNED = "learned"  # the real source is known, the socket is connected to it
    SILENT = "silent"  # nothing came for `milliseconds`
    BACK = "back"  # after silence
    RECORDED = "recorded"  # the file is closed: chunks, head, milliseconds, reason ("", or a word of audio/disk)
    DIED = "died"  # the process of this leg is gone


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaEvent:
    """One thing that happened on a leg. `playing` tells which `play` ended."""

    event: Event
    leg: str
    playing: int = 0
    digit: str = ""
    milliseconds: int = 0
    recording: int = 0
    chunks: int = 0
    head: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LegStatistics:
    """What a leg came to: packets in and out, those lost by their sequence numbers, and the last jitter."""

    received: int
    sent: int
    lost: int
    jitter_ms: float


class Media(Protocol):
    """The media of one edge, whatever the number of its processes. Each verb has happened when it returns.

    A leg that is not there raises LookupError; a process that died raises ConnectionError and tells DIED for its legs.
    """

    async def open_leg(self, leg: str, *, call: int, law: Law, local: bool = False) -> Place:
        """A new leg and where it listens; `local` for a browser's. Legs of one call come to one process."""

    async def set_far(self, leg: str, far: Far) -> None:
        """Send there, and learn the real source anew over the first packets (symmetric RTP)."""

    async def join(self, legs: Sequence[str], *, listeners: Sequence[str] = ()) -> None:
        """These hear each other from now on, two by passing through, more by mixing. Listeners hear and are not heard.

        Whoever was joined with one of them before is not any more.
        """

    async def part(self, leg: str) -> None:
        """Alone: it hears nothing, and nobody hears it."""

    async def play(self, leg: str, clips: Sequence[Path], *, loop: bool = False) -> int:
        """Raw A-law files in a row to this leg, instead of what it hears; a number that PLAYED repeats at the end."""

    async def stop(self, leg: str) -> None:
        """Stop playing; no PLAYED follows."""

    async def mute(self, leg: str, *, on: bool) -> None:
        """What it says is heard by nobody, and not stored: silence is."""

    async def send_digits(self, leg: str, digits: str) -> None:
        """Keys to this leg's far side (RFC 4733), 100 ms each."""

    async def record(self, leg: str, sealing: Sealing) -> None:
        """Store what this leg says from now on. Keys pressed are not stored."""

    async def pause(self, leg: str) -> None:
        """Store nothing until `unpause`: a mark in the file says from when to when."""

    async def unpause(self, leg: str) -> None: ...

    async def end_recording(self, leg: str) -> None:
        """Close the file; RECORDED follows with its chunks and head."""

    async def close_leg(self, leg: str) -> LegStatistics:
        """Close its socket and its recording."""

    def events(self) -> AsyncIterator[MediaEvent]:
        """What happens, in order. One reader."""
