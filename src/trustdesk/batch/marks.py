"""Whether a file is still the one it was."""

import hashlib

from trustdesk.batch.contracts import FileMark, FileReason, ListFile, UnreadableFileError, gettext_noop


def mark(path: ListFile) -> FileMark:
    """Size, time and digest of the file; UnreadableFileError where there is none."""
    try:
        with path.open("rb") as stream:
            before = path.stat()
            digest = hashlib.file_digest(stream, "sha256").digest()
    except OSError:
        raise UnreadableFileError(
            FileReason.MISSING,
            gettext_noop("The file can't be opened."),
            mend=gettext_noop("Check the path and that it may be read."),
        ) from None
    found = FileMark(before.st_size, before.st_mtime_ns, digest)
    check_same_time(path, found)
    return found


def _changed() -> UnreadableFileError:
    return UnreadableFileError(
        FileReason.CHANGED,
        gettext_noop("The file changed while it was read."),
        mend=gettext_noop("Import it again when nobody writes to it any more; rows taken in are not doubled."),
    )


def check_same_time(path: ListFile, known: FileMark) -> None:
    """Raise UnreadableFileError when size or time differ: cheap, asked before every chunk."""
    try:
        now = path.stat()
    except OSError:
        raise _changed() from None
    if (now.st_size, now.st_mtime_ns) != (known.size, known.modified_ns):
        raise _changed()


def check_same(path: ListFile, known: FileMark) -> None:
    """Raise UnreadableFileError when a single byte differs: asked at the end."""
    if mark(path) != known:
        raise _changed()
