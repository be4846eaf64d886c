"""The ledger: tokens of whoever was erased, under keys that are only nested, so that they outlive every value."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

from trustdesk.erasure import book
from trustdesk.erasure.contracts import Job
from trustdesk.erasure.models import Entry
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.register import api as register
from trustdesk.vault.api import SuppressionToken, Suppressor, TokenKind

_FOUND = """
SELECT plan_id, kind, erased_at, token FROM erasure_ledger
WHERE controller_id = %s AND token = ANY(%s)
"""
_ANYBODY = "SELECT EXISTS (SELECT FROM erasure_ledger WHERE controller_id = %s)"
_RENEST = "UPDATE erasure_ledger SET token = %s, level = %s WHERE controller_id = %s AND token = %s AND plan_id = %s"


@dataclass(slots=True)
class Match:
    """One erased person somebody is alike, and by which kinds of values."""

    erased_at: datetime
    kinds: set[str] = field(default_factory=set)


def write(context: AccessContext, job: Job, *, now: datetime) -> int:
    """Enter the person, in the table and in the book; how many tokens. Inside the step's transaction."""
    suppressor = Suppressor(context)
    known = register.known_by(context, job.customer_id, what="erasure.ledger", now=now)
    made = {
        (value.found_as, token.level, token.token): token
        for value in known
        for token in suppressor.look_up(value.found_as, value.text, country="")
    }
    newest = [(kind, token) for (kind, level, _token), token in made.items() if level == suppressor.level]
    enter(context, job.plan_id, newest, at=now)
    book.write(
        book.Line(
            controller_id=context.controller_id,
            plan_id=job.plan_id,
            customer_id=job.customer_id,
            people=job.people,
            cause=job.cause.value,
            approved_at=job.approved_at or now,
            approved_by=job.approved_by or 0,
            at=now,
            # At every level: a restored database may know the older keys only.
            tokens=tuple(
                book.Token(kind, token.version, token.level, token.token.hex())
                for (kind, _level, _token), token in made.items()
            ),
        )
    )
    return len(newest)


def enter_known(
    context: AccessContext, plan_id: int, tokens: Sequence[tuple[str, SuppressionToken]], *, at: datetime
) -> None:
    """Of the tokens of a book those at the newest level that this database has keys for. Inside the scope."""
    levels = {token.level for _kind, token in tokens if token.level <= Suppressor(context).level}
    enter(context, plan_id, [each for each in tokens if levels and each[1].level == max(levels)], at=at)


def enter(
    context: AccessContext, plan_id: int, tokens: Iterable[tuple[str, SuppressionToken]], *, at: datetime
) -> None:
    """Rows of the table, those that are there already left as they are. Inside the scope."""
    Entry.objects.bulk_create(
        (
            Entry(
                controller_id=context.controller_id,
                token=made.token,
                plan_id=plan_id,
                version=made.version,
                level=made.level,
                kind=kind,
                erased_at=at,
            )
            for kind, made in tokens
        ),
        ignore_conflicts=True,
    )


def anybody(context: AccessContext) -> bool:
    """Whether the company has erased anybody yet. Inside the scope."""
    with connection.cursor() as cursor:
        cursor.execute(_ANYBODY, [context.controller_id])
        return bool(cursor.fetchone()[0])


def matches(context: AccessContext, asked: Sequence[Sequence[tuple[TokenKind, str]]]) -> list[dict[int, Match]]:
    """For each person asked about, by plan the erased ones with a value in common. Inside the scope.

    A stored token is of the newest normaliser and level of its day; asked are all.
    """
    suppressor = Suppressor(context)
    wanted = [
        {made.token: kind for kind, text in values for made in suppressor.look_up(kind, text, country="")}
        for values in asked
    ]
    with connection.cursor() as cursor:
        cursor.execute(_FOUND, [context.controller_id, list({token for each in wanted for token in each})])
        rows = [(plan_id, kind, at, bytes(token)) for plan_id, kind, at, token in cursor.fetchall()]
    by_token: dict[bytes, list[tuple[int, str, datetime]]] = {}
    for plan_id, kind, at, token in rows:
        by_token.setdefault(token, []).append((plan_id, kind, at))
    found: list[dict[int, Match]] = []
    for each in wanted:
        alike: dict[int, Match] = {}
        for token in each.keys() & by_token.keys():
            for plan_id, kind, at in by_token[token]:
                alike.setdefault(plan_id, Match(at)).kinds.add(kind)
        found.append(alike)
    return found


def renest(context: AccessContext, *, chunk: int) -> int:
    """Carry stored tokens to the newest suppression key; how many are left. A chunk is one transaction."""
    suppressor = Suppressor(context)
    with scoped(context.scope):
        older = Entry.objects.filter(controller_id=context.controller_id, level__lt=suppressor.level)
        for row in list(older.order_by("plan_id", "token").select_for_update()[:chunk]):
            made = suppressor.renest(SuppressionToken(row.version, row.level, bytes(row.token)))
            with connection.cursor() as cursor:
                cursor.execute(_RENEST, [made.token, made.level, context.controller_id, bytes(row.token), row.plan_id])
        return older.count()
