"""Sockets for legs: pairs of UDP ports (RTP even, RTCP the odd one above), and datagram sockets of the file system."""

import ctypes
import errno
import ipaddress
import os
import re
import socket
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Final

_LIBC = ctypes.CDLL(None, use_errno=True)
_NOBODY: Final = socket.AF_UNSPEC.to_bytes(2, "little") + bytes(26)
_RECEIVE_OCTETS: Final = 1 << 18
_UNFIT = re.compile(r"[^A-Za-z0-9_.-]")


class Ports:
    """The pairs of a range. One that was given back waits at the end of the row: what is late finds nobody new."""

    def __init__(self, address: str, first: int, last: int) -> None:
        self.address = address
        self._mapped = ":" in address
        self._family = socket.AF_INET6 if self._mapped else socket.AF_INET
        self._free = deque(range(first + first % 2, last, 2))

    def take(self) -> tuple[socket.socket, socket.socket]:
        """Two bound sockets. OSError where no pair is free."""
        for _try in range(len(self._free)):
            port = self._free.popleft()
            opened: list[socket.socket] = []
            try:
                opened.extend(self._bound(port + odd) for odd in (0, 1))
            except OSError:  # somebody else has it
                self._free.append(port)
                continue
            finally:
                if len(opened) == 1:
                    opened[0].close()
            return opened[0], opened[1]
        raise OSError(errno.EADDRINUSE, "no pair of ports is free")

    def give_back(self, port: int) -> None:
        self._free.append(port)

    def reach(self, host: str, port: int) -> tuple[str, int]:
        """A far address as our sockets say it. ValueError where it is no address, or not of our family."""
        if not 0 < port <= 0xFFFF:
            msg = "a port is between 1 and 65535"
            raise ValueError(msg)
        address = ipaddress.ip_address(host)
        if address.version == 4:
            return (f"::ffff:{address}" if self._mapped else str(address)), port
        if not self._mapped:
            msg = "an IPv6 address can't be reached from here"
            raise ValueError(msg)
        return str(address), port

    def _bound(self, port: int) -> socket.socket:
        made = socket.socket(self._family, socket.SOCK_DGRAM)
        try:
            made.setblocking(False)
            if self._mapped:
                made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
            made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_OCTETS)
            made.bind((self.address, port))
        except BaseException:
            made.close()
            raise
        return made


def local_socket(folder: Path, leg: str) -> tuple[socket.socket, Path]:
    """A datagram socket in a private folder, and its path. It replaces what a crash left."""
    path = folder / f"{_UNFIT.sub('_', leg)}.sock"
    path.unlink(missing_ok=True)
    made = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    made.setblocking(False)
    made.bind(str(path))
    path.chmod(0o600)
    return made, path


def disconnect(made: socket.socket) -> None:
    """Take packets from everybody again, on the same port: connect(2) to AF_UNSPEC, which Python's does not know."""
    if _LIBC.connect(made.fileno(), _NOBODY, len(_NOBODY)):
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def same_place(one: Sequence[object] | str | None, other: Sequence[object] | str | None) -> bool:
    """Whether two addresses of sockets are one; those of IPv6 have two more fields that do not count."""
    if isinstance(one, str) or isinstance(other, str) or one is None or other is None:
        return one == other
    return tuple(one[:2]) == tuple(other[:2])
