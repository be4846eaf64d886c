"""The keys of a backup in one sealed file, under the key of a day that is destroyed after some days.

Once a day's key is destroyed, no backup made until then opens what was erased since: that day can be named in a
certificate (GDPR Art. 17). So the epoch's keys lie apart from both backups: in `keys/epochs`, or in a folder that is
named, and whoever wants to restore on another machine needs one of them.
"""

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from trustdesk.kernel.errors import BadInputError, NotFoundError, SealBrokenError
from trustdesk.seal.api import new_key, open_sealed, seal
from trustdesk.server.home import Home, write_private

FRAME = 1 << 20
_LENGTH = 4
_SUFFIX = ".epoch"


def epoch_folder(home: Home, named: Path | None) -> Path:
    """Where the epochs' keys lie."""
    return named if named is not None else home.keys / "epochs"


def epoch_key(folder: Path, now: datetime) -> tuple[str, bytes]:
    """The name and the key of the day's epoch, made where it is missing."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{now:%Y-%m-%d}"
    path = folder / f"{name}{_SUFFIX}"
    if not path.exists():
        write_private(path, new_key())
    return name, path.read_bytes()


def destroy_epochs(folder: Path, now: datetime, *, days: int) -> list[str]:
    """Destroy the keys of epochs that ended at least `days` days ago; their names. Their backups open no more."""
    gone = []
    for path in sorted(folder.glob(f"*{_SUFFIX}")) if folder.exists() else []:
        ended = datetime.fromisoformat(path.stem).replace(tzinfo=now.tzinfo) + timedelta(days=1)
        if now - ended >= timedelta(days=days):
            path.write_bytes(bytes(path.stat().st_size))
            path.unlink()
            gone.append(path.stem)
    return gone


def find_epoch_key(place: Path, name: str) -> bytes:
    """The epoch's key from its file, or from a folder of them. Raises NotFoundError where it was destroyed."""
    path = place / f"{name}{_SUFFIX}" if place.is_dir() else place
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise NotFoundError(
            f"The key of the backup's epoch {name} is not there: it was destroyed, or lies elsewhere.",
            place=str(path),
            mend="Name the folder of the epochs' keys with --epoch-keys, or restore a newer backup.",
        ) from None


def write_sealed(source: BinaryIO, target: BinaryIO, *, key: bytes, label: str) -> None:
    """Seal a stream in frames of a megabyte; each is bound to the label, its number, and whether it is the last."""
    number = 0
    frame = source.read(FRAME)
    while True:
        following = source.read(FRAME)
        box = seal(key, frame, bound=_bound(label, number, last=not following))
        target.write(len(box).to_bytes(_LENGTH) + box)
        if not following:
            return
        number, frame = number + 1, following


def read_sealed(source: BinaryIO, *, key: bytes, label: str) -> Iterator[bytes]:
    """The stream's frames again. SealBrokenError where a byte, the order or the end was altered."""
    number = 0
    head = source.read(_LENGTH)
    while True:
        box = source.read(int.from_bytes(head))
        head = source.read(_LENGTH)
        yield open_sealed(key, box, bound=_bound(label, number, last=not head))
        number += 1
        if not head:
            return


def open_into(place: Path, target: BinaryIO, *, key: bytes, label: str) -> None:
    """Open a sealed file into a stream. BadInputError names it where it does not open."""
    try:
        with place.open("rb") as source:
            target.writelines(read_sealed(source, key=key, label=label))
    except SealBrokenError:
        raise BadInputError(
            "The backup of the keys does not open: it was altered, or this is not its epoch's key.", place=str(place)
        ) from None


def digest(path: Path) -> str:
    """The file's SHA-256 in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _bound(label: str, number: int, *, last: bool) -> bytes:
    return f"trustdesk key backup\0{label}\0{number}\0{'last' if last else 'more'}".encode()
