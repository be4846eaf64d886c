"""Whether the edge could listen where it is told to, tried before it is told: it runs on this machine."""

import errno
import socket
from collections.abc import Sequence

from django.utils.translation import gettext as _

from trustdesk.kernel.errors import BadInputError

Wire = tuple[str, str, int]


def check_wires(asked: Sequence[Wire], held: Sequence[Wire]) -> None:
    """BadInputError at the first wire that nobody could listen at here. `held`: where the edge listens now; it leaves
    its ports before it takes others, so a port of its own counts as free.
    """
    own = {(_kind(transport), port) for transport, _host, port in held}
    for index, (transport, host, port) in enumerate(asked):
        kind = _kind(transport)
        fault = _fault(kind, host, 0 if (kind, port) in own else port)
        if fault == errno.EADDRINUSE:
            raise BadInputError(
                _("Another program of this machine listens there already."),
                place=f"listen.{index}",
                mend=_("End it, or take another port."),
            )
        if fault:
            raise BadInputError(
                _("This machine does not have the address %(address)s.") % {"address": host},
                place=f"listen.{index}",
                mend=_("Take one that it has, or all of them: 0.0.0.0 for IPv4, :: for IPv6."),
            )


def _kind(transport: str) -> socket.SocketKind:
    return socket.SOCK_DGRAM if transport == "udp" else socket.SOCK_STREAM


def _fault(kind: socket.SocketKind, host: str, port: int) -> int:
    """The number of what hinders, 0 for nothing."""
    six = ":" in host
    try:
        with socket.socket(socket.AF_INET6 if six else socket.AF_INET, kind) as tried:
            if kind is socket.SOCK_STREAM:
                tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if six:
                tried.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            tried.bind((host, port))
    except OSError as fault:
        return fault.errno or errno.EADDRNOTAVAIL
    return 0
