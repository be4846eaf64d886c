"""SIP over UDP: a socket of our own on the loop, because a loop's datagram transport closes for good when it is given
an address that is none. Here an address is checked before any socket sees it.
"""

import asyncio
import contextlib
import socket
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address

from trustdesk.sipedge.sip.faults import UnreachableError
from trustdesk.sipedge.sip.flows import Flow, advertised_to

AT_ONCE = 64  # packets taken before others of the loop have their turn
LARGEST = 65_535
_MOST_REMEMBERED = 4_096
Received = Callable[[bytes, Flow], None]


def checked_address(host: str, port: int) -> tuple[str, int]:
    """What may be given to a socket. UnreachableError for everything else."""
    try:
        address = ip_address(host)
    except ValueError:
        raise UnreachableError("no address") from None
    if not 1 <= port <= 65535 or address.is_multicast or address.is_unspecified:
        raise UnreachableError("no address to send to")
    return str(address), port


def local_address(host: str) -> str:
    """Which of our addresses a packet to that host leaves from. No packet is sent for it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect((host, 9))
            return str(asking.getsockname()[0])
        except OSError:
            raise UnreachableError("no route") from None


@dataclass(frozen=True, slots=True)
class UdpFlow:
    """One neighbor of one socket."""

    listener: "UdpListener"
    remote: tuple[str, int]

    @property
    def transport(self) -> str:
        return "udp"

    @property
    def here(self) -> tuple[str, int]:
        return self.listener.here(self.remote[0])

    @property
    def open(self) -> bool:
        return self.listener.open

    def send(self, data: bytes) -> None:
        self.listener.send(data, self.remote)


class UdpListener:
    def __init__(self, host: str, port: int, *, advertised: str, received: Received) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_DGRAM)
        try:
            self._socket.setblocking(False)
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
            if family is socket.AF_INET6:
                self._socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            self._socket.bind((host, port))
        except OSError:
            self._socket.close()
            raise
        self.address: tuple[str, int] = self._socket.getsockname()[:2]
        self.six = family is socket.AF_INET6
        self._advertised = advertised
        self._wildcard = ip_address(host).is_unspecified
        self._local: dict[str, str] = {}
        self._received = received
        self.open = True
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._socket.fileno(), self._read)

    def here(self, host: str) -> tuple[str, int]:
        if advertised := advertised_to(host, self._advertised):
            return advertised, self.address[1]
        if not self._wildcard:
            return self.address
        if host not in self._local:
            if len(self._local) >= _MOST_REMEMBERED:
                self._local.clear()
            self._local[host] = local_address(host)
        return self._local[host], self.address[1]

    def flow(self, host: str, port: int) -> UdpFlow:
        return UdpFlow(self, checked_address(host, port))

    def send(self, data: bytes, remote: tuple[str, int]) -> None:
        """What does not fit into the socket's buffer is lost, as on any network; a timer sends it again."""
        if not self.open or len(data) > LARGEST:
            raise UnreachableError("closed, or too large")
        try:
            self._socket.sendto(data, remote)
        except BlockingIOError:
            return
        except (OSError, OverflowError) as fault:
            raise UnreachableError("not sent") from fault

    def _read(self) -> None:
        for _ in range(AT_ONCE):
            try:
                data, remote = self._socket.recvfrom(LARGEST)
            except OSError:  # nothing more, or a neighbor's port is closed
                return
            if data.strip():
                self._received(data, UdpFlow(self, (remote[0].partition("%")[0], remote[1])))
            elif data == b"\r\n\r\n":  # a phone that keeps its way open (RFC 5626 §3.5.1)
                with contextlib.suppress(UnreachableError):
                    self.send(b"\r\n", remote[:2])
            if not self.open:
                return

    def close(self) -> None:
        if self.open:
            self.open = False
            self._loop.remove_reader(self._socket.fileno())
            self._socket.close()
