"""The log: everything that was opened and done, provable offline by somebody who does not trust us.

GDPR Art. 5(2), 24, 30 and 32: what the controller must be able to demonstrate. The form: RFC 9162 trees, checkpoints
after c2sp.org/tlog-checkpoint. See docs/adr/0004 for what is rejected and why.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import psycopg

from trustdesk.audit import selectors
from trustdesk.audit.contracts import (
    INSTALLATION,
    EntryView,
    ExportSummary,
    InclusionProof,
    VerificationState,
    Vouched,
)
from trustdesk.audit.entry import MOST_SUBJECTS
from trustdesk.audit.services import checking, checkpoints, handout, keys, sequencer
from trustdesk.audit.services import journal as writing
from trustdesk.audit.services.export import write_export
from trustdesk.isolation.api import raw_pool, scoped
from trustdesk.kernel.context import AccessContext, Journal, Opening
from trustdesk.kernel.ids import MAX_ID
from trustdesk.vault.contracts import KeyTable

__all__ = [
    "INSTALLATION",
    "KEY_TABLES",
    "MOST_SUBJECTS",
    "check",
    "controllers",
    "destroy_expired_keys",
    "entries",
    "export",
    "export_installation",
    "hand_out",
    "installation_deed",
    "installation_entries",
    "installation_state",
    "journal",
    "log_name",
    "proof",
    "sequence_once",
    "sign_checkpoints",
    "verification_state",
    "vouch",
    "vouched",
]

KEY_TABLES = (
    KeyTable("audit_key", ("controller_id", "period"), "wrapped"),
    KeyTable("audit_installation_key", ("period",), "wrapped"),
)
"""Where the wrapped month keys stand: out of data backups, in key backups."""


def journal() -> Journal:
    """The journal that `mandates` puts into every access context.

    `opening` is committed on a connection of its own before it returns: it stays when the request fails, rolls back
    or streams, and where it can't be written the database's error is raised and nothing may be opened. `deed` joins
    the running transaction and raises RefusedError where there is none.
    """
    return writing.DatabaseJournal()


def installation_deed(operator_id: int | None, what: str, detail: dict[str, object]) -> None:
    """Write what belongs to no controller: accounts, sign-ins, upgrades. In the running transaction where there is one.

    `detail` is sealed; still name nobody in it, ids are enough.
    """
    writing.installation_deed(operator_id, what, detail)


def sequence_once(now: datetime, *, limit: int = sequencer.BATCH) -> int:
    """Give every entry that may have one its number in its tree, `limit` a transaction; how many were numbered.

    Entries of transactions that began before the oldest one still running have theirs; later ones wait (see
    `services.sequencer`). Two callers at once wait for each other. `now` is not stored: numbers know no clock.
    """
    del now
    return sequencer.sequence(limit=limit)


def sign_checkpoints(now: datetime, *, every: timedelta = timedelta(0)) -> int:
    """Sign the root of each tree that grew, each at most once in `every`; the number signed.

    The controllers' checkpoints become entries of the installation's tree, which the next call signs.
    """
    return checkpoints.sign(now, every=every)


def hand_out(controller_id: int, now: datetime, *, recipients: Sequence[str] = (), witness: Path | None = None) -> Path:
    """Hand the last checkpoint and the leaves since the last hand-out to those who keep them; the checkpoint's path.

    Files go to `handout/<controller>/` in the home folder, by mail to `recipients`, and the checkpoint alone to the
    folder of a `witness`. ConflictError where nothing is signed yet.
    """
    return handout.hand_out(controller_id, now, recipients=recipients, witness=witness)


def check(controller_id: int, now: datetime) -> int | None:
    """Recompute one tree and note the result; the number of the first bad entry, None where all is well.

    It finds what was altered without the signing key. What the key's holder rewrote shows only beside a checkpoint
    that somebody else kept: `trustdesk verify EXPORT --against CHECKPOINT`.
    """
    return checking.check_tree(controller_id, now)


def controllers() -> list[int]:
    """The controllers whose trees have entries, INSTALLATION among them."""
    with raw_pool("sequencer").connection() as connection:
        rows = connection.execute("SELECT controller_id FROM audit_tree ORDER BY controller_id").fetchall()
    return [row[0] for row in rows]


def destroy_expired_keys(now: datetime, *, months: int) -> int:
    """Destroy the body keys of months that ended more than `months` months ago (GDPR Art. 5(1)(e)); how many.

    Numbers, times and hashes stay: the tree can still be verified, what the entries said can't be read any more.
    """
    oldest = now.year * 12 + now.month - 1 - months
    with raw_pool("sequencer").connection() as connection:
        return keys.destroy_before(connection, f"{oldest // 12:04}-{oldest % 12 + 1:02}", now=now)


def entries(
    context: AccessContext, *, subject: int | None = None, before: int | None = None, limit: int = 50
) -> list[EntryView]:
    """The newest entries first; with `subject`, those about one customer: who has looked, when and for what.

    `before` is the id of the last entry of the page before. Reading the log is itself an opening, committed first.
    RefusedError without `log:read`.
    """
    context.check_operation("log:read")
    asked = Opening("audit.entries", [subject] if subject is not None else [], ["log"])
    context.journal.opening(context, asked)
    with _scoped(context) as connection:
        return selectors.latest(
            connection, context.controller_id, subject=subject, before=before or MAX_ID, limit=min(limit, MOST_SUBJECTS)
        )


def export(context: AccessContext, *, out: Path) -> ExportSummary:
    """Write the controller's log up to its last checkpoint into a file that `trustdesk verify` checks.

    RefusedError without `log:export`; ConflictError while nothing is signed. The file is for its owner only (0600) and
    holds sealed bodies. The export is a deed in the log.
    """
    context.check_operation("log:export")
    with _scoped(context) as connection:
        summary = write_export(connection, context.controller_id, out)
    with scoped(context.scope):
        context.journal.deed(context, "audit.export", detail={"entries": summary.entries})
    return summary


def export_installation(*, out: Path) -> ExportSummary:
    """The same for the installation's own log; for the command line, whose user holds the keys anyway."""
    with raw_pool("sequencer").connection() as connection, connection.transaction():
        return write_export(connection, INSTALLATION, out)


def verification_state(context: AccessContext) -> VerificationState:
    """How far the controller's log is numbered, signed, handed out and checked. Holds nothing personal."""
    with _scoped(context) as connection:
        return selectors.state(connection, context.controller_id)


def installation_state(controller_id: int = INSTALLATION) -> VerificationState:
    """The same for any tree, without a context: for `doctor` and the command line."""
    with raw_pool("sequencer").connection() as connection, connection.transaction():
        return selectors.state(connection, controller_id)


def installation_entries(operator_id: int, *, before: int | None = None, limit: int = 50) -> list[EntryView]:
    """The installation's own log, newest first, for an administrator; that it was read is an entry of it.

    The caller has checked that the operator may: there is no mandate here that could be asked.
    """
    installation_deed(operator_id, "audit.installation_entries", {})
    with raw_pool("sequencer").connection() as connection, connection.transaction():
        return selectors.latest(connection, INSTALLATION, subject=None, before=before or MAX_ID, limit=limit)


def proof(context: AccessContext, entry_id: int) -> InclusionProof:
    """That an entry stands under the last checkpoint (RFC 9162, 2.1.3); NotFoundError while none covers it."""
    context.check_operation("log:read")
    with _scoped(context) as connection:
        return selectors.proof(connection, context.controller_id, entry_id)


def vouch(context: AccessContext, digest: bytes) -> int:
    """Write into the log, in the running transaction, that a document was issued, by its SHA-256 (32 bytes); the
    entry's id.

    The only entry of a company that is not sealed: a stranger who has the document sees that the log speaks of it, and
    learns nothing else. Give digests of documents that name nobody. RefusedError where there is no transaction.
    """
    return writing.vouch(context, digest)


def vouched(context: AccessContext, entry_id: int) -> Vouched:
    """The entry that `vouch` wrote and its proof under the last checkpoint, to be given to strangers with the document.

    Asks for no operation: there is nothing in it but hashes. NotFoundError where no checkpoint covers it yet.
    """
    with _scoped(context) as connection:
        line = selectors.line(connection, context.controller_id, entry_id)
        return Vouched(line, selectors.proof(connection, context.controller_id, entry_id))


def log_name(context: AccessContext) -> str:
    """Under which name the company's log is signed: it stands in its checkpoints and before its public key."""
    return checkpoints.origin(checkpoints.signing_key(), context.controller_id)


@contextmanager
def _scoped(context: AccessContext) -> Iterator[psycopg.Connection]:
    with raw_pool().connection() as connection, connection.transaction():
        connection.execute(keys.SET_SCOPE, [context.scope])
        yield connection
