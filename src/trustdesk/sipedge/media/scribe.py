"""The scribe seals and writes recordings, in threads of its own: no disk holds up the loop.

One thread seals each chunk and appends it to its file at once. Another brings the files to the disk every second: few
of them one by one (fdatasync), many with one call for their file system (syncfs), which takes a thirtieth of the time.
Whatever fails ends that recording with a reason, after its last whole frame; the call goes on.
"""

import ctypes
import os
import queue
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from trustdesk.sipedge.audio.disk import disk_word
from trustdesk.sipedge.audio.laws import RATE
from trustdesk.sipedge.audio.sealed import CHUNK_OCTETS, Mark, SealedWriter
from trustdesk.sipedge.media.contracts import Law, Sealing

_LIBC = ctypes.CDLL(None, use_errno=True)
_ONE_BY_ONE: Final = 16
_SYNC_SECONDS: Final = 1.0
_FLAGS: Final = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class Recorded:
    """How a recording ended."""

    leg: str
    recording: int
    chunks: int
    head: str
    milliseconds: int
    reason: str


class Reel:
    """One recording's file, as the scribe has it. Only its threads look inside."""

    __slots__ = (
        "chunks",
        "end_ms",
        "file",
        "head",
        "leg",
        "over",
        "path",
        "recording",
        "size",
        "start_ms",
        "told",
        "writer",
    )

    def __init__(self, leg: str, sealing: Sealing, start_ms: int) -> None:
        self.leg, self.recording, self.path = leg, sealing.recording, sealing.path
        self.writer = SealedWriter(sealing.key, sealing.bound)
        self.chunks, self.head = 0, self.writer.head
        self.start_ms = self.end_ms = start_ms
        self.file = -1
        self.size = 0
        self.over = self.told = False

    def open(self) -> None:
        self.file = os.open(self.path, _FLAGS, 0o600)
        if os.fstat(self.file).st_size:
            msg = "the file is not empty"
            raise FileExistsError(msg)

    def append(self, frame: bytes, end_ms: int) -> None:
        """The whole frame, or an error and the file as before."""
        written = 0
        try:
            while written < len(frame):
                written += os.write(self.file, frame[written:])
        except OSError:
            os.ftruncate(self.file, self.size)
            raise
        self.size += written
        self.end_ms = max(self.end_ms, end_ms)
        self.chunks, self.head = self.writer.chunks, self.writer.head

    def ended(self, reason: str) -> Recorded:
        return Recorded(self.leg, self.recording, self.chunks, self.head, self.end_ms - self.start_ms, reason)


Job = tuple[Reel, Law | Mark, int, Sequence[bytes]]


class Scribe:
    """What the loop hands over is written in that order; how recordings ended is found in `ended`."""

    def __init__(self) -> None:
        self.ended: deque[Recorded] = deque()
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._to_close: queue.SimpleQueue[Reel | None] = queue.SimpleQueue()
        self._dirty: set[Reel] = set()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=work, name=work.__name__) for work in (self._write, self._sync)]
        for thread in self._threads:
            thread.start()

    def begin(self, leg: str, sealing: Sealing, at_ms: int) -> Reel:
        reel = Reel(leg, sealing, at_ms)
        self._jobs.put((reel, Mark.BEGAN, at_ms, ()))
        return reel

    def sound(self, reel: Reel, law: Law, at_ms: int, parts: Sequence[bytes]) -> None:
        """Sound that begins at an instant, in parts of any length."""
        self._jobs.put((reel, law, at_ms, parts))

    def mark(self, reel: Reel, mark: Mark, at_ms: int) -> None:
        """A mark; ENDED closes the file."""
        self._jobs.put((reel, mark, at_ms, ()))

    def close(self) -> None:
        """Everything handed over is on the disk when this returns."""
        self._jobs.put(None)
        for thread in self._threads:
            thread.join()

    def _write(self) -> None:
        while job := self._jobs.get():
            reel, what, at_ms, parts = job
            if reel.over:
                continue
            try:
                self._one(reel, what, at_ms, parts)
            except OSError as error:
                self._fail(reel, error)
        self._to_close.put(None)

    def _one(self, reel: Reel, what: Law | Mark, at_ms: int, parts: Sequence[bytes]) -> None:
        if what is Mark.BEGAN:
            reel.open()
        if isinstance(what, Mark):
            reel.append(reel.writer.mark(what, at_ms), at_ms)
        else:
            sound = b"".join(parts)
            for place in range(0, len(sound), CHUNK_OCTETS):
                piece = sound[place : place + CHUNK_OCTETS]
                start = at_ms + place * 1000 // RATE
                reel.append(reel.writer.sound(what, start, piece), start + len(piece) * 1000 // RATE)
        if what is Mark.ENDED:
            reel.over = True
            self._to_close.put(reel)
        else:
            with self._lock:
                self._dirty.add(reel)

    def _fail(self, reel: Reel, error: OSError) -> None:
        reel.over = True
        self._tell(reel, disk_word(error))
        self._to_close.put(reel)

    def _tell(self, reel: Reel, reason: str) -> None:
        with self._lock:
            told, reel.told = reel.told, True
        if not told:
            self.ended.append(reel.ended(reason))

    def _sync(self) -> None:
        next_round = time.monotonic() + _SYNC_SECONDS
        while True:
            try:
                closing = self._to_close.get(timeout=max(0.0, next_round - time.monotonic()))
            except queue.Empty:
                with self._lock:
                    dirty, self._dirty = self._dirty, set()
                self._bring_to_disk([reel for reel in dirty if reel.file >= 0])
                next_round = time.monotonic() + _SYNC_SECONDS
                continue
            if closing is None:
                return
            self._close(closing)

    def _bring_to_disk(self, reels: Sequence[Reel]) -> None:
        if len(reels) > _ONE_BY_ONE:
            devices = {os.fstat(reel.file).st_dev: reel.file for reel in reels}
            if not any(_LIBC.syncfs(file) for file in devices.values()):
                return
        for reel in reels:  # few, or one of them could not be written and only its own call says which
            try:
                os.fdatasync(reel.file)
            except OSError as error:
                self._fail(reel, error)

    def _close(self, reel: Reel) -> None:
        if reel.file < 0:
            self._tell(reel, "")
            return
        reason = ""
        try:
            os.fdatasync(reel.file)
        except OSError as error:
            reason = disk_word(error)
        os.close(reel.file)
        reel.file = -1
        self._tell(reel, reason)
