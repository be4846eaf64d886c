"""Chunks dealt with by child processes, each in its own transaction; or here, where one process is enough."""

import multiprocessing
import os
import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool

import psycopg
from django.db import InterfaceError, OperationalError, connection
from django.utils.translation import gettext as _

from trustdesk.intake.services.child import prepare
from trustdesk.intake.services.chunks import DISK_FULL, Chunk, Outcome, work
from trustdesk.intake.services.files import StorageFullError
from trustdesk.intake.services.running import RunLock
from trustdesk.kernel.errors import TrustdeskError

PATIENCE_SECONDS = 120.0
_FIRST_PAUSE = 0.2
_LONGEST_PAUSE = 5.0
_ATTEMPTS_AFTER_KILL = 3


class StoppedError(TrustdeskError):
    """The import stopped; what is committed stays, and the same command goes on from there."""

    code = "import-stopped"
    status = 503


class Workers:
    """Deals with chunks, a few at a time, and tries again what the database or a kill took away."""

    def __init__(self, lock: RunLock, *, processes: int, patience: float = PATIENCE_SECONDS) -> None:
        self._lock = lock
        self._processes = processes
        self._patience = patience
        self._pool: ProcessPoolExecutor | None = None
        self._pending: dict[Future[Outcome], Chunk] = {}
        self._kills: dict[int, int] = {}

    def deal_with(self, chunks: Iterator[Chunk]) -> Iterator[Outcome]:
        """The outcomes, each once, not always in order. Memory holds one chunk more than there are processes."""
        try:
            for chunk in chunks:
                if self._processes == 1:
                    yield self._here(chunk)
                    continue
                while len(self._pending) > self._processes:
                    yield from self._collect()
                self._submit(chunk)
            while self._pending:
                yield from self._collect()
        finally:
            self._close()

    def _here(self, chunk: Chunk) -> Outcome:
        outcome = work(chunk)
        return self._again(chunk, outcome) if outcome.fault else outcome

    def _submit(self, chunk: Chunk) -> None:
        for _attempt in range(_ATTEMPTS_AFTER_KILL):
            if self._pool is None:
                self._pool = ProcessPoolExecutor(
                    self._processes,
                    mp_context=multiprocessing.get_context("spawn"),
                    initializer=prepare,
                    initargs=(os.getpid(),),
                )
            try:
                self._pending[self._pool.submit(work, chunk)] = chunk
            except BrokenProcessPool:
                self._bury()
            else:
                return
        raise self._killed()

    def _collect(self) -> Iterator[Outcome]:
        done, _running = wait(self._pending, return_when=FIRST_COMPLETED)
        for future in done:
            chunk = self._pending.pop(future, None)
            if chunk is None:
                continue  # taken up again after a kill
            try:
                outcome = future.result()
            except BrokenProcessPool:
                self._pending[future] = chunk
                self._bury()
                return
            yield self._again(chunk, outcome) if outcome.fault else outcome

    def _bury(self) -> None:
        """A child was killed: the pool is dead with all that was in its hands. Start another and hand it over again."""
        lost = []
        for future, chunk in list(self._pending.items()):
            if not future.done() or future.exception() is not None:
                del self._pending[future]
                lost.append(chunk)
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None
        for chunk in sorted(lost, key=lambda chunk: chunk.number):
            self._kills[chunk.number] = self._kills.get(chunk.number, 0) + 1
            if self._kills[chunk.number] > _ATTEMPTS_AFTER_KILL:
                raise self._killed()
            self._submit(chunk)

    @staticmethod
    def _killed() -> StoppedError:
        return StoppedError(
            _("The processes that import were killed again and again."),
            place="worker",
            mend=_("Look for what kills them (memory?), then start the import again: it goes on where it was."),
        )

    def _again(self, chunk: Chunk, outcome: Outcome) -> Outcome:
        """Try a chunk here until the database is back, and no longer than our patience."""
        until = time.monotonic() + self._patience
        pause = _FIRST_PAUSE
        while outcome.fault:
            if outcome.fault == DISK_FULL:
                raise StorageFullError(
                    _("The database has no room left on its disk."),
                    place="database",
                    mend=_("Make room and start the import again: it goes on where it was."),
                )
            if time.monotonic() > until:
                raise StoppedError(
                    _("The database went away and did not come back."),
                    place="database",
                    mend=_("Start the database, then start the import again: it goes on where it was."),
                )
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
            try:
                self._lock.keep()
                outcome = work(chunk)
            except (psycopg.OperationalError, OperationalError, InterfaceError):
                connection.close()
        return outcome

    def _close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None
        self._pending.clear()
