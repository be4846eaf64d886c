"""From paths to reports, by as many processes as there are processors."""

import gc
import os
import stat
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from io import BytesIO
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from trustdesk.scan.automaton import Automaton
from trustdesk.scan.contracts import Bounds, Hit, Piece, Reason, Report, Unread
from trustdesk.scan.readers.budget import Source
from trustdesk.scan.readers.reader import Reader

_TASK_FILES, _TASK_BYTES = 64, 4 * 1024 * 1024
_AHEAD = 4


def read(path: Path, bounds: Bounds | None = None) -> Iterator[Piece | Unread]:
    """The text of a file in bounded pieces, archives unpacked; and what of it could not be read, with the reason."""
    yield from _parts(path, Reader(bounds or Bounds()))


def _parts(path: Path, reader: Reader) -> Iterator[Piece | Unread]:
    try:
        found = path.lstat()
        if not stat.S_ISREG(found.st_mode):
            yield Unread("", Reason.NOT_A_FILE)
            return
        with path.open("rb") as stream:
            yield from reader.read(Source("", path.name, stream, packed=found.st_size, seekable=stream))
    except FileNotFoundError:
        yield Unread("", Reason.MISSING)
    except PermissionError:
        yield Unread("", Reason.FORBIDDEN)
    except OSError:
        yield Unread("", Reason.BROKEN)


def search_file(automaton: Automaton, path: Path, bounds: Bounds) -> Report:
    """One file in this process."""
    reader = Reader(bounds)
    try:
        size = path.lstat().st_size
    except OSError:
        size = 0
    return _report(automaton, _Opened(str(path), size, reader, _parts(path, reader)), bounds)


def search_bytes(automaton: Automaton, name: str, content: bytes, bounds: Bounds | None = None) -> Report:
    """A file that lies opened in memory (it was sealed), searched as `walk` would; `name` tells its kind."""
    bounds = bounds or Bounds()
    reader = Reader(bounds)
    stream = BytesIO(content)
    parts = reader.read(Source("", name, stream, packed=len(content), seekable=stream))
    return _report(automaton, _Opened(name, len(content), reader, parts), bounds)


class _Opened(NamedTuple):
    path: str
    size: int
    reader: Reader
    parts: Iterator[Piece | Unread]


def _report(automaton: Automaton, opened: _Opened, bounds: Bounds) -> Report:
    hits: list[Hit] = []
    unread: list[Unread] = []
    letters = more = 0
    for part in opened.parts:
        if isinstance(part, Unread):
            unread.append(part)
            continue
        letters += len(part.text) - part.overlap
        found = automaton.hits(part)
        room = bounds.hits - len(hits)
        hits += found[:room]
        more += len(found[room:])
    return Report(
        path=opened.path,
        kind=opened.reader.kind or "none",
        size=opened.size,
        read=letters,
        hits=tuple(hits),
        more_hits=more,
        unread=tuple(unread),
    )


def walk(
    paths: Iterable[Path], automaton: Automaton, *, bounds: Bounds | None = None, workers: int = 0
) -> Iterator[Report]:
    """One report for each file under the paths (folders are walked, links are not followed), as they are finished.

    `workers` is the number of processes; 0 is one a processor, 1 stays in this one. A path that is missing has its
    report too, and so has a file that kills the process that reads it. `Coverage.of` adds reports up.
    """
    bounds = bounds or Bounds()
    workers = workers or len(os.sched_getaffinity(0))
    if workers == 1:
        for path in files(paths):
            yield search_file(automaton, path, bounds)
        return
    crew = _Crew(automaton, bounds, workers)
    try:
        yield from crew.reports(_tasks(files(paths)))
    finally:
        crew.dismiss()


def files(paths: Iterable[Path]) -> Iterator[Path]:
    """Every file in a steady order; what is no folder is given back as it is."""
    for path in paths:
        if not path.is_dir() or path.is_symlink():
            yield path
            continue
        for folder, folders, names in os.walk(path, onerror=None):
            folders.sort()
            yield from (Path(folder, name) for name in sorted(names))


def _tasks(found: Iterable[Path]) -> Iterator[list[Path]]:
    task: list[Path] = []
    size = 0
    for path in found:
        task.append(path)
        try:
            size += path.lstat().st_size
        except OSError:
            continue
        if len(task) >= _TASK_FILES or size >= _TASK_BYTES:
            yield task
            task, size = [], 0
    if task:
        yield task


class _Crew:
    """Processes with the automaton, replaced when a file kills one."""

    def __init__(self, automaton: Automaton, bounds: Bounds, workers: int) -> None:
        self._automaton, self._bounds, self._workers = automaton, bounds, workers
        self._pool = self._hired(workers)

    def _hired(self, workers: int) -> ProcessPoolExecutor:
        """Forked with the automaton where nobody else is at work here: they begin ten times as fast.

        Where other threads are, a forked child could wait for ever for a lock of theirs.
        """
        alone = threading.active_count() == 1
        if alone:
            self._automaton.prepare()
        return ProcessPoolExecutor(
            workers,
            get_context("fork" if alone else "spawn"),
            initializer=_begin,
            initargs=(self._automaton, self._bounds),
        )

    def dismiss(self) -> None:
        """Stop what has not begun and wait for the rest."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def reports(self, tasks: Iterator[list[Path]]) -> Iterator[Report]:
        """The reports of all tasks, a few of them in hand at a time."""
        in_hand: deque[tuple[list[Path], Future[list[Report]]]] = deque()
        for task in tasks:
            in_hand.append((task, self._pool.submit(_search, task)))
            if len(in_hand) >= self._workers * _AHEAD:
                yield from self._next(in_hand)
        while in_hand:
            yield from self._next(in_hand)

    def _next(self, in_hand: deque[tuple[list[Path], "Future[list[Report]]"]]) -> Iterator[Report]:
        task, future = in_hand.popleft()
        try:
            yield from future.result()
        except BrokenProcessPool:
            lost = [task, *(other for other, _ in in_hand)]
            in_hand.clear()
            for path in (path for some in lost for path in some):
                yield self._alone(path)
            self._pool = self._hired(self._workers)

    def _alone(self, path: Path) -> Report:
        """One file in a process that may die of it."""
        with self._hired(1) as pool:
            try:
                return pool.submit(_search, [path]).result()[0]
            except BrokenProcessPool:
                return Report(path=str(path), kind="none", size=0, unread=(Unread("", Reason.BROKEN),))


_equipment: tuple[Automaton, Bounds]


def _begin(automaton: Automaton, bounds: Bounds) -> None:
    global _equipment  # noqa: PLW0603  (what a process has from its first moment)
    _equipment = (automaton, bounds)
    gc.freeze()  # what is there now stays: looking through it again takes time, and what was inherited is not ours


def _search(paths: list[Path]) -> list[Report]:
    automaton, bounds = _equipment
    return [search_file(automaton, path, bounds) for path in paths]
