"""The export: what a stranger needs to check the log, in one text file."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import orjson
import psycopg

from trustdesk.audit.contracts import ExportSummary
from trustdesk.audit.entry import Entry, piece_line
from trustdesk.audit.services.checkpoints import origin, public_key, signing_key
from trustdesk.audit.verifier import FORMAT
from trustdesk.kernel.errors import ConflictError
from trustdesk.kernel.ids import to_public

_LAST = "SELECT size FROM audit_checkpoint WHERE controller_id = %s ORDER BY size DESC LIMIT 1"
# Every checkpoint that left the house, and one a day: enough to place a fault, few enough for a header.
_NOTES = """
SELECT note FROM (
  SELECT DISTINCT ON (day) date_trunc('day', signed_at) AS day, size, note FROM audit_checkpoint
  WHERE controller_id = %(controller)s ORDER BY day, size DESC
) daily
UNION
SELECT c.note FROM audit_checkpoint c JOIN audit_handout h USING (controller_id, size)
WHERE controller_id = %(controller)s
"""
_ENTRIES = """
SELECT e.controller_id, e.id, e.at, e.kind, e.key_period, e.body, e.list_digest, l.entry_id
FROM audit_leaf l LEFT JOIN audit_entry e ON e.controller_id = l.controller_id AND e.id = l.entry_id
WHERE l.controller_id = %s AND l.leaf_index < %s
ORDER BY l.leaf_index
"""
_PIECES = "SELECT body FROM audit_list WHERE controller_id = %s AND entry_id = %s ORDER BY number"
_AT_ONCE = 5_000


def write_export(connection: psycopg.Connection, controller_id: int, out: Path) -> ExportSummary:
    """Write the log up to its last checkpoint. The connection is inside a transaction and sees the controller's rows.

    The file appears whole or not at all.
    """
    row = connection.execute(_LAST, [controller_id]).fetchone()
    if row is None:
        raise ConflictError(
            "The log has no checkpoint yet.", place="audit.export", mend="Wait until the sequencer has signed one."
        )
    size: int = row[0]
    with whole_file(out) as file:
        file.write(_header(connection, controller_id, size) + b"\n")
        _write_lines(connection, controller_id, size, file)
    return ExportSummary(path=out, entries=size, origin=origin(signing_key(), controller_id))


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file for its owner only, that appears whole and on the disk, or not at all."""
    draft = path.with_name(path.name + ".draft")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _header(connection: psycopg.Connection, controller_id: int, size: int) -> bytes:
    key = signing_key()
    return orjson.dumps(
        {
            "format": FORMAT,
            "origin": origin(key, controller_id),
            "size": size,
            "keys": [str(public_key(key, controller_id))],
            "checkpoints": [note for note in signed_notes(connection, controller_id) if _size_of(note) <= size],
        }
    )


def signed_notes(connection: psycopg.Connection, controller_id: int) -> list[str]:
    """The checkpoints worth comparing with, smallest first; the last one is among them."""
    notes = [note for (note,) in connection.execute(_NOTES, {"controller": controller_id}).fetchall()]
    return sorted(notes, key=_size_of)


def _size_of(note: str) -> int:
    return int(note.split("\n")[1])


def _write_lines(connection: psycopg.Connection, controller_id: int, size: int, file: BinaryIO) -> None:
    for entry, missing in numbered_entries(connection, controller_id, size):
        if entry is None:
            file.write(f'{{"missing":"{to_public(missing)}"}}\n'.encode())
            continue
        file.write(entry.line() + b"\n")
        if entry.list_digest is not None:
            pieces = connection.execute(_PIECES, [controller_id, entry.id]).fetchall()
            file.writelines(b"+" + piece_line(body) + b"\n" for (body,) in pieces)


def numbered_entries(
    connection: psycopg.Connection, controller_id: int, size: int
) -> Iterator[tuple[Entry | None, int]]:
    """The entries in the order of their numbers; None and the id where the row is gone."""
    with connection.cursor(name="trustdesk_log", binary=True) as cursor:
        cursor.itersize = _AT_ONCE
        for row in cursor.execute(_ENTRIES, [controller_id, size]):
            yield (Entry(*row[:7]) if row[1] is not None else None), row[7]
