"""Where a carrier's servers are (RFC 3263 §4.2): SRV by priority and weight, else the host's addresses."""

import asyncio
import random
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address

import dns.asyncresolver
import dns.exception
import dns.rdatatype
from dns.rdtypes.IN.SRV import SRV

from trustdesk.sipedge.sip.faults import UnreachableError
from trustdesk.sipedge.sip.uri import Uri

PORTS = {"udp": 5060, "tcp": 5060, "tls": 5061}
SERVICES = {"udp": "_sip._udp", "tcp": "_sip._tcp", "tls": "_sips._tcp"}
LOOK_UP_SECONDS = 3.0
KEPT_SECONDS = 60.0
MOST_KEPT = 1_000


@dataclass(frozen=True, slots=True)
class Target:
    """Where to send: an address; `name` is what a certificate must be of."""

    transport: str
    host: str
    port: int
    name: str


def literal(uri: Uri) -> Target | None:
    """The target of a URI that names an address itself. UnreachableError where we don't speak its transport."""
    transport = uri.transport
    if not uri.known or transport not in PORTS:
        raise UnreachableError("no transport of ours")
    host = uri.params.get("maddr") or uri.host
    try:
        ip_address(host)
    except ValueError:
        return None
    return Target(transport, host, uri.port or PORTS[transport], uri.host)


class Resolver:
    """Looks up and remembers for a minute."""

    def __init__(self, nameservers: Sequence[str] = (), port: int = 53) -> None:
        self._nameservers = nameservers
        self._port = port
        self._kept: dict[tuple[str, int, str], tuple[float, list[Target]]] = {}

    async def targets(self, uri: Uri) -> list[Target]:
        """All that may be tried, the best first. UnreachableError where there is none."""
        if direct := literal(uri):
            return [direct]
        loop = asyncio.get_running_loop()
        key = (uri.host, uri.port, uri.transport)
        kept = self._kept.get(key)
        if kept and kept[0] > loop.time():
            return kept[1]
        places = [(uri.host, uri.port)] if uri.port else await self._services(uri)
        found = []
        for host, port in places:
            found += [Target(uri.transport, address, port, uri.host) for address in await _addresses(host, port)]
        if not found:
            raise UnreachableError("no such host")
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        self._kept[key] = (loop.time() + KEPT_SECONDS, found)
        return found

    async def _services(self, uri: Uri) -> list[tuple[str, int]]:
        plain = [(uri.host, PORTS[uri.transport])]
        try:
            resolver = dns.asyncresolver.Resolver(configure=not self._nameservers)
            if self._nameservers:
                resolver.nameservers = list(self._nameservers)
                resolver.port = self._port
            name = f"{SERVICES[uri.transport]}.{uri.host}"
            answer = await resolver.resolve(name, dns.rdatatype.SRV, lifetime=LOOK_UP_SECONDS, search=False)
        except (dns.exception.DNSException, OSError):
            return plain
        records = [record for record in answer if isinstance(record, SRV)]
        return [(record.target.to_text(omit_final_dot=True), record.port) for record in ordered(records)] or plain


def ordered(records: Sequence[SRV]) -> list[SRV]:
    """By priority; within one, by chance in proportion to the weight (RFC 2782)."""

    def rank(record: SRV) -> tuple[int, float]:
        return record.priority, -(random.random() ** (1 / max(record.weight, 0.01)))  # noqa: S311 - spreads load only

    return sorted((record for record in records if 1 <= record.port <= 65535), key=rank)


async def _addresses(host: str, port: int) -> list[str]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return list(dict.fromkeys(str(address[0]) for *_, address in found))
