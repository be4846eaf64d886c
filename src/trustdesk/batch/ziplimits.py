"""What an XLSX archive may unpack to, decided from its directory before a byte of it is unpacked."""

import zipfile

from trustdesk.batch.contracts import FileReason, ListFile, UnreadableFileError, gettext_noop

MIB = 1024 * 1024
ENTRY_LIMIT = 2_000
TOTAL_LIMIT = 4_096 * MIB
SHEET_LIMIT = 3_072 * MIB
SHARED_STRINGS_LIMIT = 64 * MIB
"""The library keeps this part whole in memory; a list with more different texts is better sent as CSV."""
PART_LIMIT = 16 * MIB
RATIO_LIMIT = 200
RATIO_FROM = MIB
_SAVE_AS_CSV = gettext_noop("Save the list as CSV (UTF-8) and import that.")

_TOO_LARGE = gettext_noop("The workbook would unpack to more than it should.")


def _bomb(message: str, place: str) -> UnreadableFileError:
    return UnreadableFileError(FileReason.ZIP_BOMB, message, place=place, mend=_SAVE_AS_CSV)


def _limit_of(name: str) -> int:
    if name.startswith("xl/worksheets/"):
        return SHEET_LIMIT
    if name.lower() == "xl/sharedstrings.xml":
        return SHARED_STRINGS_LIMIT
    return PART_LIMIT


def check_kept_part(size: int) -> None:
    """Raise UnreadableFileError where a part that is kept whole in memory is too large, whatever its name is."""
    if size > SHARED_STRINGS_LIMIT:
        raise _bomb(_TOO_LARGE, "archive")


def check_archive(path: ListFile) -> None:
    """Raise UnreadableFileError unless the archive stays within the limits.

    The sizes are the declared ones; Python's reader stops at the declared size, so a lie makes the part unreadable,
    not larger. Names of parts are not repeated: only their place in the directory.
    """
    try:
        with path.open("rb") as stream, zipfile.ZipFile(stream) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise UnreadableFileError(
            FileReason.NOT_XLSX, gettext_noop("This is not an XLSX file."), mend=_SAVE_AS_CSV
        ) from None
    if len(entries) > ENTRY_LIMIT:
        raise _bomb(gettext_noop("The workbook has too many parts."), "archive")
    if sum(entry.file_size for entry in entries) > TOTAL_LIMIT:
        raise _bomb(_TOO_LARGE, "archive")
    seen: set[str] = set()
    for place, entry in enumerate(entries, start=1):
        name = entry.filename.lstrip("/")
        if name in seen:
            raise _bomb(gettext_noop("Two parts of the file have the same name."), f"part {place}")
        seen.add(name)
        if entry.flag_bits & 1:
            raise UnreadableFileError(
                FileReason.NOT_XLSX, gettext_noop("The file is protected by a password."), mend=_SAVE_AS_CSV
            )
        if entry.file_size > _limit_of(name):
            raise _bomb(_TOO_LARGE, f"part {place}")
        if entry.file_size > RATIO_FROM and entry.file_size > RATIO_LIMIT * max(entry.compress_size, 1):
            raise _bomb(_TOO_LARGE, f"part {place}")
