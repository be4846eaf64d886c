"""Where recordings lie, and what each is bound to."""

import os
from contextlib import suppress
from pathlib import Path

from django.conf import settings

SUFFIX = ".sealed"


def home() -> Path:
    """The folder of all recordings; the scan after an erasure looks into it."""
    path: Path = settings.TRUSTDESK_HOME.data / "recordings"
    return path


def path_of(controller_id: int, recording_id: int) -> Path:
    return home() / str(controller_id) / f"{recording_id}{SUFFIX}"


def bound_of(controller_id: int, recording_id: int) -> str:
    """What every chunk is bound to, with its number: a file of another company or recording opens nowhere."""
    return f"recording|{controller_id}|{recording_id}"


def empty_file(controller_id: int, recording_id: int) -> Path:
    """A new private file. FileExistsError where there is one: what was recorded is never written over."""
    path = path_of(controller_id, recording_id)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600))
    return path


def delete(controller_id: int, recording_id: int) -> None:
    """Its key is destroyed already; a file that can't be deleted now is a stray, and is found as one."""
    with suppress(OSError):
        path_of(controller_id, recording_id).unlink(missing_ok=True)
