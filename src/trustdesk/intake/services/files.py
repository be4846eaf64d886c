"""Files of intake in the home folder: lists that were uploaded, until they are imported, and rejects files.

An uploaded list stands there in clear, readable by the service's own user only, and is deleted when its import has
finished or it was never begun within a week: there is no sealed copy to forget.
"""

import errno
import os
import secrets
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from trustdesk.batch.api import SafeCsvWriter, kind_of
from trustdesk.batch.contracts import FileReason, UnreadableFileError
from trustdesk.intake.contracts import Reject
from trustdesk.kernel.errors import BadInputError, NotFoundError, TrustdeskError
from trustdesk.kernel.ids import from_public, to_public

UPLOAD_LIMIT = 4 * 1024**3
FORGOTTEN_AFTER_SECONDS = 7 * 24 * 3600
_ENDINGS = (".csv", ".tsv", ".txt", ".jsonl", ".ndjson", ".xlsx")


class StorageFullError(TrustdeskError):
    """The disk has no room left; nothing that was there is lost."""

    code = "storage-full"
    status = 507


def folder(name: str = "") -> Path:
    """A private folder below the home's data folder."""
    path: Path = settings.TRUSTDESK_HOME.data / "intake" / name
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


@contextmanager
def _room(path: Path) -> Iterator[None]:
    """Turn a full disk into a clear error, and leave no half file."""
    try:
        yield
    except OSError as error:
        with suppress(OSError):
            path.unlink(missing_ok=True)
        if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
            raise StorageFullError(
                _("There is no room left on the disk."),
                place=str(path.parent),
                mend=_("Make room and do it again; what was imported so far is kept."),
            ) from None
        raise


def receive(pieces: Iterable[bytes], *, name: str) -> str:
    """Store an uploaded list; the name it has from now on. The given name is used for its ending only."""
    ending = Path(name).suffix.lower()
    if ending not in _ENDINGS:
        raise UnreadableFileError(
            FileReason.UNKNOWN_KIND,
            _("This is not a kind of list we read."),
            mend=_("Give a CSV, JSON Lines or XLSX file."),
        )
    # Drawn, not counted up: whoever can't know the name of another company's list can't ask for it.
    path = folder("lists") / f"{to_public(secrets.randbits(63))}{ending}"
    size = 0
    with _room(path):
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as stream:
            for piece in pieces:
                size += len(piece)
                if size > UPLOAD_LIMIT:
                    raise OSError(errno.EFBIG, "too big")
                stream.write(piece)
            stream.flush()
            os.fsync(stream.fileno())
    try:
        kind_of(path)
    except TrustdeskError:
        path.unlink()
        raise
    return path.name


def received(name: str) -> Path:
    """The stored list of that name. NotFoundError where there is none; the name never leads out of the folder."""
    stem, dot, ending = name.partition(".")
    try:
        from_public(stem)
    except ValueError:
        raise BadInputError(_("This is not the name of a list that was given here."), place="list") from None
    path = folder("lists") / f"{stem}{dot}{ending}"
    if f".{ending}" not in _ENDINGS or not path.is_file():
        raise NotFoundError(_("There is no such list; it may have been imported and deleted."), place="list")
    return path


def forget(name: str) -> None:
    """Delete a stored list."""
    with suppress(NotFoundError):
        received(name).unlink(missing_ok=True)


def forget_old(*, now: float | None = None) -> int:
    """Delete lists that lie here for a week, and what a killed import left behind; how many."""
    before = (time.time() if now is None else now) - FORGOTTEN_AFTER_SECONDS
    deleted = 0
    for path in (*folder("lists").iterdir(), *folder("work").iterdir()):
        if path.is_file() and path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
            deleted += 1
    return deleted


def write_rejects(path: Path, rejects: Iterable[Reject]) -> int:
    """Write the rejects file: row, column, reason, detail, and nothing that stood in the list; how many rows.

    Readable by its owner only, whole or not at all.
    """
    draft = path.with_name(path.name + ".draft")
    count = 0
    with _room(draft):
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8-sig", newline="") as stream:
            writer = SafeCsvWriter(stream, ["row", "column", "reason", "detail"])
            for reject in rejects:
                writer.write([reject.row, reject.column, reject.reason, reject.detail])
                count += 1
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path)
    return count
