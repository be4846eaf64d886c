"""Files under a seal: each has a key of its own, is written once from its beginning, and read from any place.

A file is a row of boxes, each of 64 KiB of its content. A box is bound to controller, file, its place in the row, and
whether it is the last: none can be moved, left out, doubled or cut off, and memory holds one.
"""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext as _

from trustdesk.kernel.context import AccessContext, Opening
from trustdesk.kernel.errors import ConflictError, NotFoundError, SealBrokenError
from trustdesk.seal.api import OVERHEAD, BoxKey, new_key
from trustdesk.vault.services import keyring, rows
from trustdesk.vault.services.bounds import file_bound, file_key_bound

BLOCK = 65_536  # bytes of content in a box
_BOX = BLOCK + OVERHEAD

# The wrapping key is held until the commit, as for data keys.
_ADD = """
WITH wrapper AS (
  SELECT version FROM vault_controller_key
  WHERE controller_id = %s AND version = %s AND destroyed_at IS NULL FOR KEY SHARE
)
INSERT INTO vault_file_key (controller_id, id, controller_key_version, wrapped, created_at)
SELECT %s, %s, wrapper.version, %b, now() FROM wrapper
"""
_KEY = "SELECT controller_key_version, wrapped FROM vault_file_key WHERE controller_id = %s AND id = %s"
_DESTROY = """
UPDATE vault_file_key SET wrapped = NULL, destroyed_at = %s
WHERE controller_id = %s AND id = %s AND destroyed_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class SealedFile:
    """A file whose key is at hand. `size` is that of its content; a file that was cut off says so when it is read."""

    path: Path
    controller_id: int
    file_id: int
    key: BoxKey = field(repr=False)

    @property
    def size(self) -> int:
        return _content(self.path.stat().st_size)

    def open(self) -> io.BufferedReader:
        """The content, to be read from any place. SealBrokenError where a box was moved or altered."""
        return io.BufferedReader(_Content(self), BLOCK)


def seal_file(context: AccessContext, *, file_id: int, pieces: Iterable[bytes], path: Path) -> SealedFile:
    sealed = SealedFile(path, context.controller_id, file_id, BoxKey(key := new_key()))
    with path.open("wb") as target:
        for box in _boxes(sealed, pieces):
            target.write(box)
    _keep(context, file_id, key)
    return sealed


def open_file(context: AccessContext, *, opening: Opening, file_id: int, path: Path) -> SealedFile:
    with rows.within(context):
        found = rows.fetch(_KEY, context.controller_id, file_id)
    version, wrapped = found[0] if found else (0, None)
    if wrapped is None:
        raise NotFoundError(_("There is no such file; it may have been deleted."), place="file")
    context.journal.opening(context, opening)
    ring = keyring.ring(context)
    if version not in ring.data:
        keyring.forget(context.controller_id)
        ring = keyring.running(context)
    key = ring.data[version].unwrap(wrapped, bound=file_key_bound(context.controller_id, file_id))
    return SealedFile(path, context.controller_id, file_id, BoxKey(key))


def destroy_file(context: AccessContext, file_id: int, *, now: datetime) -> int:
    with rows.within(context):
        return rows.run(_DESTROY, now, context.controller_id, file_id)


def _keep(context: AccessContext, file_id: int, key: bytes) -> None:
    with rows.within(context):
        # A ring kept from before a rotation names a wrapper that is destroyed: then look anew, once.
        for ring in (keyring.ring, keyring.running):
            held = ring(context)
            wrapped = held.data[held.active].wrap(key, bound=file_key_bound(context.controller_id, file_id))
            wrapper = (context.controller_id, held.active)
            if rows.run(_ADD, *wrapper, context.controller_id, file_id, wrapped):
                return
            keyring.forget(context.controller_id)
    raise ConflictError(_("The keys changed meanwhile."), place="vault", mend=_("Nothing was written. Try again."))


def _boxes(sealed: SealedFile, pieces: Iterable[bytes]) -> Iterator[bytes]:
    held, number = b"", 0
    for piece in pieces:
        held += piece
        start = 0
        while len(held) - start > BLOCK:  # never the last one: that it is can't be known yet
            yield _sealed(sealed, number, held[start : start + BLOCK], last=False)
            start, number = start + BLOCK, number + 1
        held = held[start:]
    yield _sealed(sealed, number, held, last=True)


def _sealed(sealed: SealedFile, number: int, content: bytes, *, last: bool) -> bytes:
    return sealed.key.seal(content, bound=file_bound(sealed.controller_id, sealed.file_id, number, last=last))


def _count(stored: int) -> int:
    """How many boxes a file of so many bytes has."""
    return max(1, -(-stored // _BOX))


def _content(stored: int) -> int:
    return max(0, stored - OVERHEAD * _count(stored))


class _Content(io.RawIOBase):
    """The content of a sealed file, one box in memory."""

    def __init__(self, sealed: SealedFile) -> None:
        super().__init__()
        self._sealed = sealed
        self._stream = sealed.path.open("rb")
        stored = self._stream.seek(0, io.SEEK_END)
        self._boxes, self._size = _count(stored), _content(stored)
        self._at = 0
        self._number, self._block = -1, b""
        self._load(self._boxes - 1)  # a file that was cut off is no file

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if start + offset < 0:
            raise ValueError("before the beginning of the file")
        self._at = start + offset
        return self._at

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # any writable buffer
        if self._at >= self._size:
            return 0
        number, start = divmod(self._at, BLOCK)
        if number != self._number:
            self._load(number)
        found = self._block[start : start + len(buffer)]
        buffer[: len(found)] = found
        self._at += len(found)
        return len(found)

    def close(self) -> None:
        self._stream.close()
        super().close()

    def _load(self, number: int) -> None:
        self._stream.seek(number * _BOX)
        last = number == self._boxes - 1
        bound = file_bound(self._sealed.controller_id, self._sealed.file_id, number, last=last)
        try:
            self._block = self._sealed.key.open(self._stream.read(_BOX), bound=bound)
        except SealBrokenError:
            self._stream.close()
            raise SealBrokenError(
                _("A sealed file does not open here: it was cut off, moved or altered."),
                place="vault",
                mend=_("Give the file again; tell the administrator, who looks at the disk."),
            ) from None
        self._number = number
