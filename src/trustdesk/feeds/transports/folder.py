"""Files that somebody puts into a folder of ours. What is stored under a seal is taken away: there it lay in clear."""

import os
import stat
from collections.abc import Iterator
from datetime import timedelta
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path

from trustdesk.feeds.setups import FolderSetup
from trustdesk.feeds.transports.arrivals import BLOCK, UNFINISHED, Arrival, Asked
from trustdesk.outside.api import OutsideError
from trustdesk.outside.contracts import Fault

QUIET = timedelta(seconds=10)
"""A file that was written to so lately may not be whole yet."""


def look(asked: Asked) -> Iterator[Arrival]:
    """Whole files, the oldest first."""
    setup = asked.setup
    assert isinstance(setup, FolderSetup)  # noqa: S101 - chosen by the transport
    folder = asked.folder / setup.folder
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    latest = (asked.now - QUIET).timestamp()
    found = [
        (held.st_mtime_ns, path.name, held)
        for path in folder.iterdir()
        if _wanted(path.name, setup.pattern)
        and stat.S_ISREG((held := path.lstat()).st_mode)  # a link would lead out of the folder
        and held.st_mtime <= latest
    ]
    for changed, name, held in sorted(found, key=lambda one: one[:2]):
        path, place = folder / name, f"{name}:{changed}"
        if asked.known(place):
            path.unlink(missing_ok=True)  # stored before, by somebody who was killed before this
            continue
        yield Arrival(place, _pieces(path, held), asked.cursor, partial(path.unlink, missing_ok=True))


def _wanted(name: str, pattern: str) -> bool:
    return not name.startswith(".") and not name.endswith(UNFINISHED) and fnmatchcase(name, pattern)


def _pieces(path: Path, before: os.stat_result) -> Iterator[bytes]:
    """The content, if the file is the one that was seen, and stays so until its end."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError:
        raise OutsideError(Fault.BUSY, where="folder") from None
    with os.fdopen(handle, "rb") as stream:
        while piece := stream.read(BLOCK):
            yield piece
        now = os.fstat(stream.fileno())
    if (now.st_ino, now.st_size, now.st_mtime_ns) != (before.st_ino, before.st_size, before.st_mtime_ns):
        raise OutsideError(Fault.BUSY, where="folder")
