"""How much one file may cost, whatever is packed into it; and the errors of what goes beyond."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO, Protocol

from trustdesk.scan.contracts import MIB, Bounds, Reason

_BLOCK = 262_144


class UnreadableError(Exception):
    """A part can't be read, or not any further. Holds nothing of the content."""

    def __init__(self, reason: Reason, *, everything: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.everything = everything  # the whole file is given up, not only this part


class Stream(Protocol):
    """What can be read from the front."""

    def read(self, size: int = -1, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Source:
    """A file or a member of one. `seekable` is set where the stream is a real file or lies in memory."""

    place: str
    name: str
    stream: Stream
    depth: int = 0
    packed: int = 0
    seekable: BinaryIO | None = None


class Budget:
    """Counts one file's unpacked bytes, members and seconds."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self._until = time.monotonic() + bounds.seconds
        self._unpacked = 0
        self._members = 0

    def spend(self, size: int) -> None:
        """Count bytes that came out of the file or of a member."""
        self._unpacked += size
        if self._unpacked > self.bounds.file_bytes:
            raise UnreadableError(Reason.TOO_BIG, everything=True)
        self.check_time()

    def check_time(self) -> None:
        """Raise where the file's time is up."""
        if time.monotonic() > self._until:
            raise UnreadableError(Reason.TOO_SLOW, everything=True)

    def member(self) -> None:
        """Count one member of an archive, a part of a mail, an embedded file."""
        self._members += 1
        if self._members > self.bounds.members:
            raise UnreadableError(Reason.TOO_MANY, everything=True)

    def check_ratio(self, unpacked: int, packed: int) -> None:
        """Raise where more comes out than honest files hold; small ones may be as regular as they like."""
        if unpacked > MIB and unpacked > packed * self.bounds.ratio:
            raise UnreadableError(Reason.BOMB)

    def whole(self, source: Source) -> BinaryIO:
        """The source from its beginning with seek: as it is, or read into memory within the bounds."""
        if source.seekable is not None:
            return source.seekable
        return BytesIO(b"".join(self.blocks(source, most=self.bounds.member_bytes)))

    def blocks(self, source: Source, *, most: int = 0) -> Iterator[bytes]:
        """The bytes of a source, counted; at most `most` of them."""
        total = 0
        while block := source.stream.read(_BLOCK):
            total += len(block)
            if most and total > most:
                raise UnreadableError(Reason.TOO_BIG)
            if source.packed:
                self.check_ratio(total, source.packed)
            self.spend(len(block))
            yield block


class Headed:
    """A stream whose beginning was looked at."""

    def __init__(self, stream: Stream, wanted: int) -> None:
        self._stream = stream
        blocks, length = [], 0
        while length < wanted and (block := stream.read(wanted - length)):
            blocks.append(block)
            length += len(block)
        self.head = self._rest = b"".join(blocks)

    def read(self, size: int = -1, /) -> bytes:
        if not self._rest:
            return self._stream.read(size)
        if size < 0:
            block, self._rest = self._rest + self._stream.read(), b""
        else:
            block, self._rest = self._rest[:size], self._rest[size:]
        return block


@contextmanager
def broken(*errors: type[Exception], reason: Reason = Reason.BROKEN) -> Iterator[None]:
    """What a library says of a damaged file becomes one error of ours."""
    try:
        yield
    except errors as error:
        raise UnreadableError(reason) from error
