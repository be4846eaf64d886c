"""The daily hand-out: the checkpoint and the leaves since the last one, into hands that are not ours."""

import shutil
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import psycopg
from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _

from trustdesk.audit.services.checkpoints import public_key, signing_key
from trustdesk.audit.services.export import whole_file
from trustdesk.isolation.api import raw_pool
from trustdesk.kernel.errors import ConflictError
from trustdesk.kernel.ids import new_id

_LAST = "SELECT size, note FROM audit_checkpoint WHERE controller_id = %s ORDER BY size DESC LIMIT 1"
_BEFORE = "SELECT max(size) FROM audit_handout WHERE controller_id = %s"
_LEAVES = (
    "SELECT hash FROM audit_leaf WHERE controller_id = %s AND leaf_index >= %s AND leaf_index < %s ORDER BY leaf_index"
)
_NOTE = "INSERT INTO audit_handout (controller_id, id, at, size) VALUES (%s, %s, %s, %s)"
_MOST_ATTACHED = 5_000_000  # bytes; more leaves than that are fetched, not mailed
_AT_ONCE = 5_000


def hand_out(controller_id: int, now: datetime, *, recipients: Sequence[str] = (), witness: Path | None = None) -> Path:
    """Write today's hand-out to `handout/<controller>/` under the home, mail it, and show the witness the checkpoint.

    Noted as handed out when all of that is done; after a failure the next call repeats it.
    """
    folder = settings.TRUSTDESK_HOME.path / "handout" / str(controller_id)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with raw_pool("sequencer").connection() as connection, connection.transaction():
        row = connection.execute(_LAST, [controller_id]).fetchone()
        if row is None:
            raise ConflictError("The log has no checkpoint yet.", place="audit.hand_out", mend="Try again later.")
        size, note = row
        before = (connection.execute(_BEFORE, [controller_id]).fetchone() or (0,))[0] or 0
        checkpoint = folder / f"checkpoint-{now:%Y-%m-%d}-{size}.txt"
        _write(folder / "key.txt", f"{public_key(signing_key(), controller_id)}\n")
        leaves = _write_leaves(connection, controller_id, folder, before, size) if size > before else None
        _write(checkpoint, note)
        if witness is not None:
            _show(witness, checkpoint, controller_id)
        if recipients:
            _mail(checkpoint, leaves, recipients)
        connection.execute(_NOTE, [controller_id, new_id(), now, size])
    return checkpoint


def _write_leaves(connection: psycopg.Connection, controller_id: int, folder: Path, start: int, end: int) -> Path:
    path = folder / f"leaves-{start}-{end}.bin"
    with connection.cursor(name="trustdesk_handout", binary=True) as cursor, whole_file(path) as file:
        cursor.itersize = _AT_ONCE
        for (leaf,) in cursor.execute(_LEAVES, [controller_id, start, end]):
            file.write(leaf)
    return path


def _write(path: Path, text: str) -> None:
    with whole_file(path) as file:
        file.write(text.encode())


def _show(witness: Path, checkpoint: Path, controller_id: int) -> None:
    folder = witness / str(controller_id)
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(checkpoint, folder / checkpoint.name)


def _mail(checkpoint: Path, leaves: Path | None, recipients: Sequence[str]) -> None:
    """One letter each: the recipients need not know of one another."""
    for recipient in recipients:
        letter = EmailMessage(
            subject=_("Checkpoint of your log"),
            body=_(
                "Attached is today's signed checkpoint of the log of everything done with your customers' data.\n"
                "Keep it together with the leaves file: with them you can prove at any time, without us, that no entry "
                "was changed or removed.\n"
            ),
            to=[recipient],
        )
        letter.attach(checkpoint.name, checkpoint.read_text(), "text/plain")
        if leaves is not None and leaves.stat().st_size <= _MOST_ATTACHED:
            letter.attach(leaves.name, leaves.read_bytes(), "application/octet-stream")
        letter.send()
