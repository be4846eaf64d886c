"""Writing the log: openings on a connection of their own, deeds inside the business transaction."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection as django_connection

from trustdesk.audit.contracts import INSTALLATION
from trustdesk.audit.entry import Entry, Written, who, write
from trustdesk.audit.services.keys import SET_SCOPE, writing_key
from trustdesk.audit.services.openings import commit_opening
from trustdesk.isolation.api import raw_pool
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext, Opening
from trustdesk.kernel.errors import RefusedError
from trustdesk.kernel.ids import new_id

INSERT = (
    "INSERT INTO audit_entry (controller_id, id, at, kind, key_period, body, subjects, list_digest)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
)
INSERT_PIECE = "INSERT INTO audit_list (controller_id, entry_id, number, body, subjects) VALUES (%s, %s, %s, %s, %s)"
_BEGIN = f"{SET_SCOPE}, set_config('synchronous_commit', 'on', true)"
Statements = list[tuple[str, list[Any]]]


class DatabaseJournal:
    """The journal of every access context (see `kernel.context.Journal`). Holds nothing of its own but the clock."""

    __slots__ = ("_now",)

    def __init__(self, now: Callable[[], datetime] = clock.now) -> None:
        self._now = now

    def __repr__(self) -> str:
        return "DatabaseJournal()"

    def opening(self, context: AccessContext, opening: Opening) -> None:
        content: dict[str, object] = {**who(context), "what": opening.what, "fields": list(opening.fields)}
        if opening.reason:
            content["reason"] = opening.reason
        written = self._write(context, "opening", content, opening.subjects)
        if not written.pieces:
            commit_opening(context.scope, written)
            return
        with raw_pool().connection() as connection, connection.transaction(), connection.pipeline():
            connection.execute(_BEGIN, [context.scope])
            for statement, parts in statements(written):
                connection.execute(statement, parts)

    def deed(
        self,
        context: AccessContext,
        what: str,
        *,
        subjects: Sequence[int] = (),
        detail: dict[str, object] | None = None,
    ) -> None:
        content: dict[str, object] = {**who(context), "what": what}
        if detail:
            content["detail"] = detail
        if not django_connection.in_atomic_block:
            raise RefusedError("A deed is written inside the transaction of its change.", place=what)
        _insert(self._write(context, "deed", content, subjects))

    def _write(self, context: AccessContext, kind: str, content: dict[str, object], subjects: Sequence[int]) -> Written:
        now = self._now()
        key = writing_key(context.controller_id, now, scope=context.scope)
        return write(key, controller_id=context.controller_id, at=now, kind=kind, content=content, subjects=subjects)


def installation_deed(
    operator_id: int | None, what: str, detail: dict[str, object], *, now: datetime | None = None
) -> None:
    at = now or clock.now()
    content: dict[str, object] = {"operator": operator_id, "what": what, "detail": detail}
    key = writing_key(INSTALLATION, at)
    _insert(write(key, controller_id=INSTALLATION, at=at, kind="deed", content=content))


def vouch(context: AccessContext, digest: bytes) -> int:
    if not django_connection.in_atomic_block:
        raise RefusedError("A document is vouched for inside the transaction that issues it.", place="audit.vouch")
    entry = Entry(context.controller_id, new_id(), clock.now(), "certificate", "", digest)
    _insert(Written(entry, [], []))
    return entry.id


def statements(written: Written) -> Statements:
    """What inserts the entry and the pieces of its list."""
    one = written.entry
    values: list[Any] = [one.controller_id, one.id, one.at, one.kind, one.key_period, one.body]
    made: Statements = [(INSERT, [*values, written.subjects, one.list_digest])]
    for number, (body, tokens) in enumerate(written.pieces):
        made.append((INSERT_PIECE, [one.controller_id, one.id, number, body, tokens]))
    return made


def _insert(written: Written) -> None:
    with django_connection.cursor() as cursor:
        for statement, values in statements(written):
            cursor.execute(statement, values)
