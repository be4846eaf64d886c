"""The ledger: tokens of whoever was erased, under keys that are only nested, so that they outlive every value."""

from collections.abc import Mapping, Sequence
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
_ENTER = """
INSERT INTO erasure_ledger (controller_id, erased_at, token, plan_id, version, level, kind)
SELECT %s, %s, made.* FROM unnest(%s::bytea[], %s::bigint[], %s::smallint[], %s::smallint[], %s::text[]) AS made
ON CONFLICT DO NOTHING
"""
_ANYBODY = "SELECT EXISTS (SELECT FROM erasure_ledger WHERE controller_id = %s)"
_RENEST = "UPDATE erasure_ledger SET token = %s, level = %s WHERE controller_id = %s AND token = %s AND plan_id = %s"


@dataclass(slots=True)
class Match:
    """One erased person somebody is alike, and by which kinds of values."""

    erased_at: datetime
    kinds: set[str] = field(default_factory=set)


def write(context: AccessContext, jobs: Sequence[Job], *, now: datetime) -> list[int]:
    """Enter the persons, in the table and in the book; how many tokens of each. Inside the step's transaction."""
    suppressor = Suppressor(context)
    everybody = register.known_by(context, [job.people for job in jobs], what="erasure.ledger")
    made: list[dict[tuple[str, int, bytes], SuppressionToken]] = [
        {
            (value.found_as, token.level, token.token): token
            for value in known
            for token in suppressor.look_up(value.found_as, value.text, country="")
        }
        for known in everybody
    ]
    newest = [
        [(kind, token) for (kind, level, _token), token in tokens.items() if level == suppressor.level]
        for tokens in made
    ]
    enter(
        context,
        [(job.plan_id, kind, token) for job, own in zip(jobs, newest, strict=True) for kind, token in own],
        at=now,
    )
    book.write([_line(context, job, tokens, now) for job, tokens in zip(jobs, made, strict=True)])
    return [len(own) for own in newest]


def _line(
    context: AccessContext, job: Job, made: Mapping[tuple[str, int, bytes], SuppressionToken], now: datetime
) -> book.Line:
    return book.Line(
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


def enter_known(
    context: AccessContext, plan_id: int, tokens: Sequence[tuple[str, SuppressionToken]], *, at: datetime
) -> None:
    """Of the tokens of a book those at the newest level that this database has keys for. Inside the scope."""
    levels = {token.level for _kind, token in tokens if token.level <= Suppressor(context).level}
    known = [(plan_id, kind, token) for kind, token in tokens if levels and token.level == max(levels)]
    enter(context, known, at=at)


def enter(context: AccessContext, made: Sequence[tuple[int, str, SuppressionToken]], *, at: datetime) -> None:
    """Rows of the table (plan, kind, token), those that are there already left as they are. Inside the scope."""
    with connection.cursor() as cursor:
        cursor.execute(
            _ENTER,
            [
                context.controller_id,
                at,
                [token.token for _plan, _kind, token in made],
                [plan_id for plan_id, _kind, _token in made],
                [token.version for _plan, _kind, token in made],
                [token.level for _plan, _kind, token in made],
                [kind for _plan, kind, _token in made],
            ],
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
