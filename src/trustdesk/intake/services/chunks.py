"""One chunk of a list: one transaction, its progress in the same transaction."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import psycopg
from django.db import IntegrityError, InterfaceError, OperationalError, connection

from trustdesk.intake.contracts import IMPORT, Counts, Refusal, Reject
from trustdesk.intake.services.rows import Cells, Mapper, Plan, Taken
from trustdesk.intake.services.running import RunKey
from trustdesk.intake.services.runs import check_going
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import ConflictError
from trustdesk.live.api import announce
from trustdesk.live.contracts import Thing
from trustdesk.register import api as register
from trustdesk.register.contracts import NewCustomer, Rejection, ValueKind
from trustdesk.vault.api import Tokeniser

DATABASE_GONE = "database-gone"
DISK_FULL = "disk-full"
_REACHABLE = frozenset({ValueKind.PHONE, ValueKind.EMAIL})
_PER_KIND = {
    ValueKind.PHONE: Refusal.INVALID_PHONE,
    ValueKind.EMAIL: Refusal.INVALID_EMAIL,
    ValueKind.BIRTH_DATE: Refusal.INVALID_DATE,
    ValueKind.DATE: Refusal.INVALID_DATE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """What one transaction deals with. `counts` and `rejects` are what was known before asking the database."""

    key: RunKey
    number: int
    fraction: float
    plan: Plan
    rows: Sequence[tuple[int, Cells]] = field(repr=False)
    rejects: Sequence[Reject]
    counts: Counts


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a chunk; `fault` where nothing became of it and it may be tried again."""

    number: int
    counts: Counts
    fault: str = ""


def work(chunk: Chunk) -> Outcome:
    """Deal with a chunk once: a second call finds it done. The database's own failures come back as a fault."""
    try:
        try:
            return _transaction(chunk)
        except (IntegrityError, ConflictError):
            # Another process took the same rows, or this very chunk, in the same moment: now it can be seen.
            return _transaction(chunk)
    except (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError) as error:
        connection.close()
        full = isinstance(error.__cause__ or error, psycopg.errors.DiskFull)
        return Outcome(chunk.number, Counts(), DISK_FULL if full else DATABASE_GONE)


def _transaction(chunk: Chunk) -> Outcome:
    now = clock.now()
    context = chunk.key.context(now)
    with scoped(context.scope):
        done = _done_before(context, chunk)
        if done is not None:
            return Outcome(chunk.number, done)
        check_going(context, chunk.key.run_id)
        mapper = Mapper(chunk.plan)
        taken = [row for number, cells in chunk.rows if isinstance(row := mapper.read(number, cells), Taken)]
        tokens = _row_tokens(context, taken)
        here = _already_here(context, list(tokens.values()))
        fresh = [row for row in taken if tokens[row.number] not in here]
        known = register.known(context, [_asked(mapper, row.customer) for row in fresh])
        unknown = [row for row, customer in zip(fresh, known, strict=True) if customer is None]
        rejects = list(chunk.rejects)
        rejects += [
            Reject(row.number, "", Refusal.DUPLICATE_IN_REGISTER)
            for row, customer in zip(fresh, known, strict=True)
            if customer is not None
        ]
        added: list[tuple[int, int]] = []
        suppressed = refused = 0
        for row, answer in zip(unknown, _let_in(context, chunk, unknown, now), strict=True):
            if isinstance(answer, int):
                added.append((tokens[row.number], answer))
                continue
            reject = _reject(mapper, row.number, answer)
            rejects.append(reject)
            suppressed += answer.by_gate
            refused += not answer.by_gate
        counts = replace(
            chunk.counts,
            added=len(added),
            already_imported=len(taken) - len(fresh),
            duplicate_in_register=len(fresh) - len(unknown),
            suppressed=suppressed,
            rejected=chunk.counts.rejected + refused,
        )
        if not chunk.key.dry_run:
            _remember(context, chunk.key, added)
        _write_rejects(context, chunk, rejects)
        _write_progress(context, chunk, counts)
        announce(context, Thing(IMPORT, chunk.key.run_id))
    return Outcome(chunk.number, counts)


def _asked(mapper: Mapper, customer: NewCustomer) -> NewCustomer:
    """The customer as it is looked for. Among a million people hundreds share name and birth date: those decide only
    where there is neither phone nor e-mail to go by.
    """
    if not any(mapper.kind_of(value.attribute) in _REACHABLE for value in customer.values):
        return customer
    values = [value for value in customer.values if mapper.kind_of(value.attribute) is not ValueKind.BIRTH_DATE]
    return replace(customer, values=values)


def _let_in(context: AccessContext, chunk: Chunk, rows: Sequence[Taken], now: datetime) -> list[int | Rejection]:
    """Each row's new customer, or why it was not let in. In a dry run nobody is let in: the customer is 0."""
    customers = [row.customer for row in rows]
    if chunk.key.dry_run:
        answers = register.check_many(context, customers, source_id=chunk.key.source_id, now=now)
        return [answer or 0 for answer in answers]
    outcomes = register.add_many(context, customers, source_id=chunk.key.source_id, now=now).outcomes
    return [outcome.rejection or outcome.customer_id or 0 for outcome in outcomes]


def _done_before(context: AccessContext, chunk: Chunk) -> Counts | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rows, added, already_imported, duplicate_in_file, duplicate_in_register, suppressed, rejected,"
            " stale, age_unknown FROM intake_chunk WHERE controller_id = %s AND run_id = %s AND number = %s",
            [context.controller_id, chunk.key.run_id, chunk.number],
        )
        found = cursor.fetchone()
    names = Counts.__slots__
    return None if found is None else Counts(**dict(zip(names, found, strict=True)))


def _row_tokens(context: AccessContext, taken: Sequence[Taken]) -> dict[int, int]:
    """A keyed digest of each row: without the controller's key nobody can tell which row it was."""
    tokeniser = Tokeniser(context)
    return {row.number: tokeniser.digest(_digest(row.fingerprint)) for row in taken}


def _digest(fingerprint: str) -> str:
    return "row" + hashlib.sha256(fingerprint.encode()).hexdigest()


def _already_here(context: AccessContext, tokens: list[int]) -> set[int]:
    if not tokens:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT row_token FROM intake_row WHERE controller_id = %s AND row_token = ANY(%s)",
            [context.controller_id, tokens],
        )
        return {token for (token,) in cursor.fetchall()}


def _reject(mapper: Mapper, number: int, rejection: Rejection) -> Reject:
    if rejection.by_gate:
        law = f" ({rejection.source_of_law})" if rejection.source_of_law else ""
        return Reject(number, "", Refusal(rejection.code), rejection.reason + law)
    kind = mapper.kind_of(rejection.attribute)
    reason = _PER_KIND.get(kind, Refusal.BAD_INPUT) if kind else Refusal.BAD_INPUT
    return Reject(number, mapper.column_of(rejection.attribute), reason, rejection.reason)


def _remember(context: AccessContext, key: RunKey, added: list[tuple[int, int]]) -> None:
    if not added:
        return
    pairs = sorted(added)  # one order for all processes: they wait for each other, never in a circle
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO intake_row (controller_id, row_token, customer_id, run_id)"
            " SELECT %s, token, customer, %s FROM unnest(%s::bigint[], %s::bigint[]) AS fresh (token, customer)",
            [context.controller_id, key.run_id, [token for token, _ in pairs], [customer for _, customer in pairs]],
        )


def _write_rejects(context: AccessContext, chunk: Chunk, rejects: list[Reject]) -> None:
    if not rejects:
        return
    rejects.sort(key=lambda reject: reject.row)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO intake_reject (controller_id, run_id, row_number, column_name, reason, detail)"
            " SELECT %s, %s, n, name, reason, detail"
            " FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[]) AS fresh (n, name, reason, detail)",
            [
                context.controller_id,
                chunk.key.run_id,
                [reject.row for reject in rejects],
                [reject.column for reject in rejects],
                [str(reject.reason) for reject in rejects],
                [reject.detail for reject in rejects],
            ],
        )


def _write_progress(context: AccessContext, chunk: Chunk, counts: Counts) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO intake_chunk (controller_id, run_id, number, fraction, rows, added, already_imported,"
            " duplicate_in_file, duplicate_in_register, suppressed, rejected, stale, age_unknown, committed_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, statement_timestamp())",
            [
                context.controller_id,
                chunk.key.run_id,
                chunk.number,
                chunk.fraction,
                counts.rows,
                counts.added,
                counts.already_imported,
                counts.duplicate_in_file,
                counts.duplicate_in_register,
                counts.suppressed,
                counts.rejected,
                counts.stale,
                counts.age_unknown,
            ],
        )
