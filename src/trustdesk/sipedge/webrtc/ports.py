"""Ports for browsers: out of the range that is set for sound, one for each browser, the same on all our addresses.

The legs of telephones take pairs of the same range in processes of their own. Nobody keeps a list for all: the system
says who has a port, because none is shared.
"""

import errno
import socket
from collections.abc import Sequence
from contextlib import suppress

from trustdesk.sipedge.webrtc.contracts import NoPortError


class Ports:
    """Goes down the range from its end, where the telephones come last, and begins again: a port that was given back is
    taken again after all others, so that what is late finds nobody new.
    """

    def __init__(self) -> None:
        self._next = 0

    def take(self, ports: tuple[int, int], addresses: Sequence[str]) -> list[socket.socket]:
        """A socket for each address that can be bound, all of one port. NoPortError where none of the range is free."""
        first, last = ports
        for _try in range(first, last + 1):
            port = self._next if first <= self._next <= last else last
            self._next = port - 1
            with suppress(_TakenError):
                return _bound(port, addresses)
        raise NoPortError


class _TakenError(Exception):
    """Somebody has this port on one of the addresses."""


def _bound(port: int, addresses: Sequence[str]) -> list[socket.socket]:
    """An address that has gone meanwhile is left out."""
    _check_nobody_has(port)
    made: list[socket.socket] = []
    try:
        for address in addresses:
            with suppress(OSError):
                made.append(_bound_at(address, port))
    except _TakenError:
        for one in made:
            one.close()
        raise
    return made


def _check_nobody_has(port: int) -> None:
    """On any address: the leg of a telephone that is connected holds only the one that it speaks from, and all others
    again when it is called to another place.
    """
    for address in ("0.0.0.0", "::"):  # noqa: S104 -- held for no longer than the question takes
        with suppress(OSError):
            _bound_at(address, port).close()


def _bound_at(address: str, port: int) -> socket.socket:
    six = ":" in address
    made = socket.socket(socket.AF_INET6 if six else socket.AF_INET, socket.SOCK_DGRAM)
    try:
        made.setblocking(False)
        if six:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        made.bind((address, port))
    except OSError as fault:
        made.close()
        if fault.errno == errno.EADDRINUSE:
            raise _TakenError from fault
        raise
    return made
