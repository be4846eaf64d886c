"""Sockets of the file system in a closed folder, whatever the length of its path."""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from trustdesk.sipedge.link.lines import LONGEST

_CLOSED = 0o700
_PRIVATE = 0o600
Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def listen(path: Path, handler: Handler) -> asyncio.Server:
    """Listen there, instead of whoever listened before and is dead."""
    return await asyncio.start_unix_server(handler, sock=_bound(path), limit=LONGEST)


async def connect(path: Path) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """OSError where nobody listens."""
    held = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    held.setblocking(False)
    try:
        with _short(path) as place:
            await asyncio.get_running_loop().sock_connect(held, place)
    except BaseException:
        held.close()
        raise
    return await asyncio.open_unix_connection(sock=held, limit=LONGEST)


def _bound(path: Path) -> socket.socket:
    path.parent.mkdir(mode=_CLOSED, parents=True, exist_ok=True)
    held = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    held.setblocking(False)
    with suppress(FileNotFoundError):
        path.unlink()
    with _short(path) as place:
        held.bind(place)
    path.chmod(_PRIVATE)
    return held


@contextmanager
def _short(path: Path) -> Iterator[str]:
    """A socket's address holds 107 bytes (unix(7)): by the open folder it is short whatever its path."""
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
