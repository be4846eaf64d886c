"""A small file system: what is written to it is refused when it is full."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_HOLD = 'mount -t tmpfs -o size="$2",nr_inodes="$3",mode=700 tmpfs "$1" && echo mounted && exec cat'


@contextmanager
def small_disk(folder: Path, octets: int, *, files: int = 1_000) -> Iterator[Path]:
    """A file system of so many octets and files. It is mounted for one process only, and gone when that ends; others
    come in by way of it.
    """
    place = folder / "disk"
    place.mkdir()
    rights = () if os.geteuid() == 0 else ("--user", "--map-root-user")
    holder = subprocess.Popen(
        ["unshare", *rights, "--mount", "sh", "-c", _HOLD, "sh", str(place), str(octets), str(files)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"mounted\n", "These tests fill a disk: they need the right to mount one."
        yield Path(f"/proc/{holder.pid}/root{place}")
    finally:
        holder.communicate()


def fill(disk: Path, *, but: int) -> Path:
    """All of it but so many octets; the file that takes the place."""
    filler = disk / "filler"
    room = os.statvfs(disk)
    filler.write_bytes(bytes(room.f_bavail * room.f_frsize - but))
    return filler
