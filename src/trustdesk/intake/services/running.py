"""Who runs an import: its identity for jobs and child processes, and the lock that only one holds."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import psycopg
from django.utils.translation import gettext as _

from trustdesk.isolation.api import raw_pool
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import ConflictError, TrustdeskError
from trustdesk.mandates.api import system_context


class CancelledError(TrustdeskError):
    """Somebody ended the import; what came in before stays."""

    code = "import-cancelled"
    status = 409

    def __init__(self, message: str = "") -> None:
        super().__init__(
            message or _("This import was cancelled."),
            place="import",
            mend=_("What came in before stays. Order the list again to take in the rest."),
        )


class HeldError(ConflictError):
    """Another process runs this import. Whoever wants it done comes again."""

    def __init__(self) -> None:
        super().__init__(
            _("This list is being imported at this moment."),
            place="import",
            mend=_("Look at its progress; when it has ended, the same command says what became of it."),
        )


@dataclass(frozen=True, slots=True)
class RunKey:
    """What it takes to go on with an import in another process, or tomorrow. No secret: contexts are made anew."""

    controller_id: int
    run_id: int
    source_id: int
    dry_run: bool
    purpose: str
    operator_id: int
    mandate_id: int

    def context(self, now: datetime) -> AccessContext:
        """A context for one chunk. RefusedError where the mandate has ended meanwhile."""
        return system_context(
            self.controller_id,
            purpose=self.purpose,
            now=now,
            on_behalf_of=self.operator_id,
            mandate_id=self.mandate_id,
        )


class RunLock:
    """A lock of the database's session: it falls with the process that holds it, however that dies."""

    def __init__(self, run_id: int) -> None:
        self._run_id = run_id
        self._pool = raw_pool()
        self._connection: psycopg.Connection | None = None

    def take(self) -> None:
        """HeldError where another process runs this import."""
        connection = self._pool.getconn()
        taken = False
        try:
            row = connection.execute("SELECT pg_try_advisory_lock(%s)", [self._run_id]).fetchone()
            taken = bool(row and row[0])
        finally:
            if not taken:
                self._pool.putconn(connection)
        if not taken:
            raise HeldError
        self._connection = connection

    def keep(self) -> None:
        """Take it again where the database was restarted under us."""
        if self._connection is not None:
            try:
                self._connection.execute("SELECT 1")
            except psycopg.OperationalError:
                self.release()
        if self._connection is None:
            self.take()

    def release(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            connection.execute("SELECT pg_advisory_unlock(%s)", [self._run_id])
        except psycopg.OperationalError:
            connection.close()
        self._pool.putconn(connection)


def check_free(run_id: int) -> None:
    """HeldError where another process runs this import at this moment."""
    with held(run_id):
        pass


@contextmanager
def held(run_id: int) -> Iterator[RunLock]:
    """Hold the import's lock while the block runs."""
    lock = RunLock(run_id)
    lock.take()
    try:
        yield lock
    finally:
        lock.release()
