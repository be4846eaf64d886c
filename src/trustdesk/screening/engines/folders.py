"""Where columnar snapshots lie: a folder each, for the service's user only, gone with the process that made it."""

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from django.conf import settings

from trustdesk.kernel.ids import to_public

_NAME = "screening"
_LOCK = "lock"
_YOUNG_SECONDS = 60.0  # a folder that is being made has no lock yet


def home() -> Path:
    """The folder of all snapshots. The erasure scan looks into it."""
    path: Path = settings.TRUSTDESK_HOME.data / _NAME
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


@contextmanager
def made() -> Iterator[Path]:
    """A folder while the block runs. Who holds its lock is alive."""
    folder = home() / to_public(secrets.randbits(63))
    folder.mkdir(mode=0o700)
    lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def sweep(*, now: datetime) -> int:
    """Delete the folders whose process is gone; how many."""
    gone = 0
    for folder in home().iterdir():
        with suppress(OSError):
            if folder.is_dir() and _abandoned(folder, now):
                shutil.rmtree(folder)
                gone += 1
    return gone


def _abandoned(folder: Path, now: datetime) -> bool:
    path = folder / _LOCK
    if not path.exists():
        return now.timestamp() - folder.stat().st_mtime > _YOUNG_SECONDS
    lock = os.open(path, os.O_RDWR)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(lock)
    return True
