"""Files on an SFTP server: read in windows, replaced in one step by a file that was written beside them."""

import codecs
import contextlib
import io
import posixpath
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

import paramiko
from typing_extensions import Buffer

from trustdesk.outside.contracts import Fault
from trustdesk.outside.faults import OutsideError
from trustdesk.outside.sessions import faults, session
from trustdesk.outside.setups import CsvSetup
from trustdesk.outside.wires import SECONDS

_BLOCK, _WINDOW = 32_768, 32  # what a server gives at once at least, and how many such are asked for together


class Sftp:
    """One signed-in session. A secret is given only to a server that showed the declared host key."""

    def __init__(self, setup: CsvSetup, secret: str) -> None:
        self._setup = setup
        self._secret = secret
        self._transport: paramiko.Transport | None = None
        # Answers to what is written and what is read would be taken for one another on one channel.
        self._reader: paramiko.SFTPClient | None = None
        self._writer: paramiko.SFTPClient | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._transport is not None:
            with contextlib.suppress(OSError, EOFError, paramiko.SSHException):
                self._transport.close()

    @contextmanager
    def reading(self, path: str) -> Iterator[io.TextIOWrapper]:
        """The file as text in the declared encoding, its line ends as they are."""
        with faults(path), self._reading().open(path, "rb") as file:
            size = file.stat().st_size or 0
            yield io.TextIOWrapper(
                io.BufferedReader(_Windowed(file, size), _BLOCK * _WINDOW), encoding=self._setup.encoding, newline=""
            )

    @contextmanager
    def replacing(self, path: str) -> Iterator["Draft"]:
        """A file beside it to write into, which takes its place when the block ends. OutsideError `busy` where the old
        one was changed meanwhile; where anything fails, the old one stays and the new one is gone.
        """
        client = self._writing()
        draft = posixpath.join(posixpath.dirname(path), f"{_draft(path)}{secrets.token_hex(8)}")
        with faults(path):
            before = client.stat(path)
            try:
                with client.open(draft, "wbx") as file:
                    client.chmod(draft, stat.S_IMODE(before.st_mode or 0o600))
                    file.set_pipelined(True)
                    text = Draft(file, self._setup.encoding)
                    yield text
                    text.finish()
                _check_unchanged(before, client.stat(path), path)
                client.posix_rename(draft, path)
            except BaseException:
                with contextlib.suppress(OSError, EOFError, paramiko.SSHException):
                    client.remove(draft)
                raise

    def clear_drafts(self, path: str) -> None:
        """Take away what a killed try left beside the file: it holds persons."""
        client, folder = self._writing(), posixpath.dirname(path) or "."
        with faults(path):
            for name in client.listdir(folder):
                if name.startswith(_draft(path)):
                    client.remove(posixpath.join(folder, name))

    def _reading(self) -> paramiko.SFTPClient:
        if self._reader is None:
            self._reader = self._channel()
        return self._reader

    def _writing(self) -> paramiko.SFTPClient:
        if self._writer is None:
            self._writer = self._channel()
        return self._writer

    def _signed_in(self) -> paramiko.Transport:
        if self._transport is None:
            place = self._setup
            self._transport = session(place.host, place.port, place.user, place.host_key, self._secret)
        return self._transport

    def _channel(self) -> paramiko.SFTPClient:
        with faults(""):
            client = paramiko.SFTPClient.from_transport(self._signed_in())
        if client is None:
            raise OutsideError(Fault.FORBIDDEN)
        channel = client.get_channel()
        if channel is not None:
            channel.settimeout(SECONDS)
        return client


class _Windowed(io.RawIOBase):
    """Many blocks asked for together, so that distance costs little; no more than one window is in memory."""

    def __init__(self, file: paramiko.SFTPFile, size: int) -> None:
        self._file, self._size, self._offset = file, size, 0
        self._waiting: Iterator[bytes] = iter(())
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        into = memoryview(buffer)
        while not self._rest:
            block = next(self._waiting, None)
            if block is not None:
                self._rest = block
                continue
            if self._offset >= self._size:
                return 0
            end = min(self._offset + _BLOCK * _WINDOW, self._size)
            asked = [(at, min(_BLOCK, end - at)) for at in range(self._offset, end, _BLOCK)]
            self._waiting, self._offset = iter(self._file.readv(asked)), end
        taken = min(len(into), len(self._rest))
        into[:taken] = self._rest[:taken]
        self._rest = self._rest[taken:]
        return taken


class Draft:
    """Text in the file's encoding, in blocks of the server's size, handed on without waiting for each answer."""

    def __init__(self, file: paramiko.SFTPFile, encoding: str) -> None:
        self._file, self._kept = file, bytearray()
        self._encoder = codecs.getincrementalencoder(encoding)()

    def write(self, text: str) -> None:
        """UnicodeEncodeError where the encoding has no such letter."""
        self._kept += self._encoder.encode(text)
        while len(self._kept) >= _BLOCK:
            self._file.write(bytes(self._kept[:_BLOCK]))
            del self._kept[:_BLOCK]

    def finish(self) -> None:
        """What is left; closing the file waits for all answers."""
        self._file.write(bytes(self._kept))


def _check_unchanged(before: paramiko.SFTPAttributes, now: paramiko.SFTPAttributes, path: str) -> None:
    if (before.st_mtime, before.st_size) != (now.st_mtime, now.st_size):
        raise OutsideError(Fault.BUSY, where=path)


def _draft(path: str) -> str:
    """How a file that takes this one's place begins."""
    return f".{posixpath.basename(path)}.trustdesk-"
