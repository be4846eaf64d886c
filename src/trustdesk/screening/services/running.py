"""Who runs a screening: its identity for jobs, and the lock that only one holds."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import psycopg
from django.utils.translation import gettext as _

from trustdesk.isolation.api import raw_pool
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import ConflictError
from trustdesk.mandates.api import system_context


@dataclass(frozen=True, slots=True)
class RunKey:
    """What it takes to go on with a screening in another process, or tomorrow. No secret: contexts are made anew."""

    controller_id: int
    run_id: int
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


@contextmanager
def held(identifier: int) -> Iterator[None]:
    """Hold the lock of a list or run while the block runs; it falls with the process, however that dies.

    ConflictError where another process holds it.
    """
    pool = raw_pool()
    connection = pool.getconn()
    try:
        row = connection.execute("SELECT pg_try_advisory_lock(%s)", [identifier]).fetchone()
        if not (row and row[0]):
            raise ConflictError(
                _("This list is being screened at this moment."),
                place="screening",
                mend=_("Look at its progress; when it has ended, the same command says what became of it."),
            )
        try:
            yield
        finally:
            _release(connection, identifier)
    finally:
        pool.putconn(connection)


def _release(connection: psycopg.Connection, identifier: int) -> None:
    try:
        connection.execute("SELECT pg_advisory_unlock(%s)", [identifier])
    except psycopg.OperationalError:
        connection.close()
