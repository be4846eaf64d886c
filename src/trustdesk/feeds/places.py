"""Where the files of feeds lie: sealed ones until they are applied, and folders into which others drop."""

import os
from contextlib import suppress
from pathlib import Path

from django.conf import settings

SUFFIX = ".sealed"


def home() -> Path:
    """The folder of all feeds; the scan after an erasure looks into it."""
    path: Path = settings.TRUSTDESK_HOME.data / "feeds"
    return path


def drops(controller_id: int) -> Path:
    """Where the folders of a company's feeds are: what is dropped there is in clear until it is taken."""
    return home() / "drop" / str(controller_id)


def path_of(controller_id: int, file_id: int) -> Path:
    return home() / "sealed" / str(controller_id) / f"{file_id}{SUFFIX}"


def empty_file(controller_id: int, file_id: int) -> Path:
    """A new private file."""
    path = path_of(controller_id, file_id)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600))
    return path


def files_of(controller_id: int) -> list[tuple[int, Path]]:
    """All sealed files of a company, by their numbers."""
    found = (home() / "sealed" / str(controller_id)).glob(f"*{SUFFIX}")
    return sorted((int(path.stem), path) for path in found if path.stem.isdecimal())


def delete(controller_id: int, file_id: int) -> None:
    """Its key is destroyed already: what can't be deleted now says nothing."""
    with suppress(OSError):
        path_of(controller_id, file_id).unlink(missing_ok=True)
