"""Files of intake in the home folder: lists that were uploaded, until they are imported, and rejects files.

An uploaded list lies in its company's folder under a seal and a key of its own. Both go when its import has finished or
was cancelled, or when it was not begun within a week.
"""

import errno
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BufferedReader
from pathlib import Path
from typing import Literal, NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _

from trustdesk.batch.api import SafeCsvWriter, kind_of
from trustdesk.batch.contracts import FileReason, UnreadableFileError
from trustdesk.intake.contracts import Reject
from trustdesk.kernel.context import AccessContext, Opening
from trustdesk.kernel.errors import BadInputError, NotFoundError, RefusedError, TrustdeskError
from trustdesk.kernel.ids import from_public, to_public
from trustdesk.mandates.api import system_context
from trustdesk.vault.api import SealedFile, destroy_file, open_file, seal_file

UPLOAD_LIMIT = 4 * 1024**3
FORGOTTEN_AFTER = timedelta(days=7)
_ENDINGS = (".csv", ".tsv", ".txt", ".jsonl", ".ndjson", ".xlsx")


class StorageFullError(TrustdeskError):
    """The disk has no room left; nothing that was there is lost."""

    code = "storage-full"
    status = 507


class _Stat(NamedTuple):
    st_size: int
    st_mtime_ns: int


@dataclass(frozen=True, slots=True)
class SealedList:
    """An uploaded list as the readers take it (`batch.contracts.ListFile`): in clear in their memory only."""

    sealed: SealedFile

    @property
    def suffix(self) -> str:
        return self.sealed.path.suffix

    def open(self, _mode: Literal["rb"] = "rb", /) -> BufferedReader:
        return self.sealed.open()

    def stat(self) -> _Stat:
        """Size of the content, time of the file."""
        return _Stat(self.sealed.size, self.sealed.path.stat().st_mtime_ns)


def folder(*names: str) -> Path:
    """A private folder below the home's data folder."""
    path: Path = settings.TRUSTDESK_HOME.data / "intake"
    for name in names:
        path /= name
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


@contextmanager
def _room(path: Path) -> Iterator[None]:
    """Turn a full disk into a clear error, and leave no half file, whatever goes wrong."""
    try:
        yield
    except BaseException as error:
        with suppress(OSError):
            path.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
            raise StorageFullError(
                _("There is no room left on the disk."),
                place=str(path.parent),
                mend=_("Make room and do it again; what was imported so far is kept."),
            ) from None
        raise


def receive(context: AccessContext, pieces: Iterable[bytes], *, name: str, now: datetime) -> str:
    """Store an uploaded list under a seal; the name it has from now on. The given name is used for its ending only."""
    ending = Path(name).suffix.lower()
    if ending not in _ENDINGS:
        raise UnreadableFileError(
            FileReason.UNKNOWN_KIND,
            _("This is not a kind of list we read."),
            mend=_("Give a CSV, JSON Lines or XLSX file."),
        )
    # Drawn, not counted up: whoever can't know a list's name can't ask for it.
    file_id = secrets.randbits(63)
    path = _place(context, file_id, ending)
    with _room(path):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        sealed = seal_file(context, file_id=file_id, pieces=_measured(pieces), path=path)
    try:
        kind_of(SealedList(sealed))
    except TrustdeskError:
        forget(context, path.name, now=now)
        raise
    return path.name


def received(context: AccessContext, name: str) -> SealedList:
    """The stored list of that name, entered in the log as opened. NotFoundError where the company has none of it; the
    name never leads out of its folder.
    """
    file_id, path = _stored(context, name)
    return SealedList(open_file(context, opening=Opening("intake.list", (), ("list",)), file_id=file_id, path=path))


def forget(context: AccessContext, name: str, *, now: datetime) -> None:
    """Delete a stored list and destroy its key."""
    with suppress(NotFoundError):
        file_id, path = _stored(context, name)
        destroy_file(context, file_id, now=now)
        path.unlink(missing_ok=True)


def forget_old(*, now: datetime) -> int:
    """Delete lists that lie here for a week, and what a killed import left behind; how many."""
    before = (now - FORGOTTEN_AFTER).timestamp()
    deleted = 0
    for path in (*folder("lists").rglob("*"), *folder("work").iterdir()):
        if path.is_file() and path.stat().st_mtime < before:
            if path.parent.name.isdecimal():
                # Without a living mandate nobody gets at the keys: the list goes, and the key of nothing stays.
                with suppress(RefusedError, BadInputError):
                    context = system_context(int(path.parent.name), purpose="administration", now=now, on_behalf_of=0)
                    forget(context, path.name, now=now)
            path.unlink(missing_ok=True)
            deleted += 1
    return deleted


def _place(context: AccessContext, file_id: int, ending: str) -> Path:
    return folder("lists", str(context.controller_id)) / f"{to_public(file_id)}{ending}"


def _stored(context: AccessContext, name: str) -> tuple[int, Path]:
    stem, _dot, ending = name.partition(".")
    try:
        file_id = from_public(stem)
    except ValueError:
        raise BadInputError(_("This is not the name of a list that was given here."), place="list") from None
    path = _place(context, file_id, f".{ending}")
    if f".{ending}" not in _ENDINGS or not path.is_file():
        raise NotFoundError(_("There is no such list; it may have been imported and deleted."), place="list")
    return file_id, path


def _measured(pieces: Iterable[bytes]) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > UPLOAD_LIMIT:
            raise OSError(errno.EFBIG, "too big")
        yield piece


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
