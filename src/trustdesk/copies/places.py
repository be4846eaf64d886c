"""Where the files of copies lie."""

import os
from contextlib import suppress
from pathlib import Path

from django.conf import settings

SUFFIX = ".sealed"


def home() -> Path:
    """The folder of all copies; the scan after an erasure looks into it."""
    path: Path = settings.TRUSTDESK_HOME.data / "copies"
    return path


def path_of(controller_id: int, file_id: int) -> Path:
    return home() / str(controller_id) / f"{file_id}{SUFFIX}"


def empty_file(controller_id: int, file_id: int) -> Path:
    """A new private file."""
    path = path_of(controller_id, file_id)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600))
    return path


def files_of(controller_id: int) -> list[Path]:
    """All files of a company."""
    return sorted(path for path in (home() / str(controller_id)).glob(f"*{SUFFIX}") if path.stem.isdecimal())


def delete(controller_id: int, file_id: int) -> None:
    """Its key is destroyed already: what can't be deleted now says nothing."""
    with suppress(OSError):
        path_of(controller_id, file_id).unlink(missing_ok=True)
