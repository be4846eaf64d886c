"""Reading a sealed recording: by chunk, by second, its marks, its gaps and its outline."""

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self

from trustdesk.kernel.errors import SealBrokenError
from trustdesk.seal.api import BoxKey
from trustdesk.sipedge.audio.sealed import LENGTH, LONGEST_BOX, MARK, SHORTEST_BOX, START, Chain, Mark, bound_of
from trustdesk.sipedge.media.contracts import RATE, Law

if TYPE_CHECKING:
    from trustdesk.sipedge.audio.laws import Samples

_A_MS = RATE // 1000  # samples
_FULL = 32768
_READ = 1 << 20


@dataclass(frozen=True, slots=True)
class Chunk:
    """One opened chunk. `mark` is None for sound; `law` and `sound` are those of sound only."""

    number: int
    ms: int
    law: Law | None
    sound: bytes
    mark: Mark | None

    @property
    def end_ms(self) -> int:
        return self.ms + len(self.sound) // _A_MS


@dataclass(frozen=True, slots=True)
class Gap:
    """From `start_ms` to `end_ms` (the call's clock) nothing of the leg was stored, or silence, because of `why`:
    `paused` or `muted`. `end_ms` is None where the file ends before the gap does.
    """

    why: Mark
    start_ms: int
    end_ms: int | None

    @property
    def milliseconds(self) -> int | None:
        return None if self.end_ms is None else self.end_ms - self.start_ms


class Opener(Protocol):
    """A key that opens boxes and does not show itself."""

    def open(self, box: bytes, *, bound: bytes) -> bytes:
        """What is in the box. SealBrokenError where it was altered or moved."""


class SealedReader:
    """One recording's file with its key, as it is or as something that opens boxes.

    Use it as a context; reading opens only the chunks that are asked for.

    Making one reads the file once, without opening a chunk, to find its frames and heads. A last frame that is cut
    (`torn`) is left out: a crash leaves one. SealBrokenError where a frame's length is impossible, and from every
    reading method where a chunk was altered, moved, or sealed with another key. OSError where there is no file.
    """

    def __init__(self, path: Path, *, key: bytes | Opener, bound: str) -> None:
        self._key: Opener = BoxKey(key) if isinstance(key, bytes) else key
        self._bound = bound
        self._chain = Chain(bound)
        self._places: list[tuple[int, int]] = []
        self._heads = [self._chain.head]
        self._file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            self.torn = self._find_frames()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_unused: object) -> None:
        self.close()

    def close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    @property
    def chunks_count(self) -> int:
        return self._chain.number

    @property
    def head(self) -> str:
        """In hexadecimal: what the log must say of the last chunk."""
        return self._chain.head.hex()

    @property
    def octets(self) -> int:
        """How many octets of the file its whole frames take: what follows them is a frame that was cut."""
        return sum(LENGTH.size + length for _place, length in self._places)

    def head_at(self, number: int) -> str:
        """The head after so many chunks, in hexadecimal. IndexError beyond the last."""
        return self._heads[number].hex()

    def agrees(self, *, chunks: int, head: str) -> bool:
        """Whether the file is, whole and nothing more, the one that the log speaks of."""
        return not self.torn and (self.chunks_count, self.head) == (chunks, head)

    def chunk(self, number: int) -> Chunk:
        """The chunk of a number, from 1. IndexError beyond the last."""
        if not 1 <= number <= self.chunks_count:
            raise IndexError(number)
        place, length = self._places[number - 1]
        box = os.pread(self._file, length, place)
        content = self._key.open(box, bound=bound_of(self._bound, number, self._heads[number - 1]))
        kind, ms = START.unpack_from(content)
        body = content[START.size :]
        if kind == MARK:
            return Chunk(number, ms, None, b"", Mark(json.loads(body)["mark"]))
        return Chunk(number, ms, Law(kind), body, None)

    def chunks(self) -> Iterator[Chunk]:
        """All, in order, each opened and so verified."""
        for number in range(1, self.chunks_count + 1):
            yield self.chunk(number)

    @cached_property
    def start_ms(self) -> int:
        """When it began, on the call's clock; 0 where it is empty."""
        return self.chunk(1).ms if self.chunks_count else 0

    @cached_property
    def end_ms(self) -> int:
        """When it ended: the last mark, or the end of the last sound that was kept."""
        return self.chunk(self.chunks_count).end_ms if self.chunks_count else 0

    @property
    def milliseconds(self) -> int:
        """From beginning to end, gaps included."""
        return self.end_ms - self.start_ms

    @cached_property
    def marks(self) -> Sequence[tuple[Mark, int]]:
        """Marks with their instants. Opens every chunk once."""
        return [(chunk.mark, chunk.ms) for chunk in self.chunks() if chunk.mark]

    @property
    def ended(self) -> bool:
        """Whether it was closed in order; false after a crash."""
        return bool(self.chunks_count) and self.chunk(self.chunks_count).mark is Mark.ENDED

    @property
    def gaps(self) -> Sequence[Gap]:
        """Every pause and muting, with the instants between which nothing was heard."""
        found = []
        for why, until in ((Mark.PAUSED, Mark.UNPAUSED), (Mark.MUTED, Mark.UNMUTED)):
            turns = [(mark, ms) for mark, ms in self.marks if mark in {why, until, Mark.ENDED}]
            found += [Gap(why, ms, end) for (mark, ms), (_next, end) in pairwise(turns) if mark is why]
            if turns and turns[-1][0] is why:
                found.append(Gap(why, turns[-1][1], None))
        return sorted(found, key=lambda gap: gap.start_ms)

    def samples(self, start_ms: int, end_ms: int) -> "Samples":
        """16-bit samples from `start_ms` to `end_ms` of the call's clock, eight a millisecond; zero where none is."""
        import numpy as np  # noqa: PLC0415 - numpy takes half a second: who opens no sound does not wait for it

        from trustdesk.sipedge.audio.laws import linear  # noqa: PLC0415

        wanted = np.zeros(max(0, end_ms - start_ms) * _A_MS, dtype=np.int16)
        for number in range(self._at_or_before(start_ms), self.chunks_count + 1):
            chunk = self.chunk(number)
            if chunk.ms >= end_ms:
                break
            if chunk.law is None:
                continue
            sound = linear(chunk.sound, chunk.law)
            place = (chunk.ms - start_ms) * _A_MS
            sound, place = sound[max(0, -place) :], max(0, place)
            part = sound[: len(wanted) - place]
            wanted[place : place + len(part)] = part
        return wanted

    def peaks(self, count: int) -> list[float]:
        """The outline for drawing: the loudest sample of each of `count` equal parts, 0 to 1. Opens every chunk."""
        import numpy as np  # noqa: PLC0415

        from trustdesk.sipedge.audio.laws import linear  # noqa: PLC0415

        total = max(1, self.milliseconds * _A_MS)
        found = np.zeros(count)
        for chunk in self.chunks():
            if chunk.law is None or not chunk.sound:
                continue
            loud = np.abs(linear(chunk.sound, chunk.law).astype(np.int32))
            first = (chunk.ms - self.start_ms) * _A_MS
            parts = np.minimum((np.arange(first, first + len(loud)) * count) // total, count - 1)
            np.maximum.at(found, parts, loud / _FULL)
        return [round(float(value), 3) for value in found]

    def _at_or_before(self, ms: int) -> int:
        """The last chunk that begins at least a second before `ms`: chunks are in order of their instants."""
        low, high = 1, self.chunks_count
        while low < high:
            middle = (low + high + 1) // 2
            if self.chunk(middle).ms <= ms - 1000:  # a chunk lasts at most a second
                low = middle
            else:
                high = middle - 1
        return low

    def _find_frames(self) -> bool:
        """Whether the file ends within a frame."""
        place = 0
        with os.fdopen(os.dup(self._file), "rb", buffering=_READ) as stream:
            while start := stream.read(LENGTH.size):
                if len(start) < LENGTH.size:
                    return True
                (length,) = LENGTH.unpack(start)
                if not SHORTEST_BOX <= length <= LONGEST_BOX:
                    raise SealBrokenError(
                        "A recording's file is not what was written.",
                        place="recording",
                        mend="Compare it with the backup; the log holds the number and the head of its chunks.",
                    )
                box = stream.read(length)
                if len(box) < length:
                    return True
                self._chain.add(box)
                self._heads.append(self._chain.head)
                self._places.append((place + LENGTH.size, length))
                place += LENGTH.size + length
        return False
