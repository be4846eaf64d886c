"""The way to the browser (RFC 8445): aioice's connection, made to answer at once and to notice a silence.

The only module that knows aioice from the inside; it is pinned, and a test with a real browser fails when it changes.
"""

import asyncio
import socket
import struct
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any, Final, cast

from aioice import Candidate, Connection
from aioice.candidate import candidate_foundation, candidate_priority
from aioice.ice import CandidatePair, StunProtocol, relayed_candidate, server_reflexive_candidate
from aioice.stun import TransactionError
from aioice.turn import UDP_SOCKET_BUFFER_SIZE

from trustdesk.sipedge.webrtc.contracts import Servers
from trustdesk.sipedge.webrtc.ports import Ports
from trustdesk.sipedge.webrtc.servers import Relay, relays, stun_servers

ASK_AFTER: Final = 1.0  # seconds without a packet after which we ask whether it is still there
GONE_AFTER: Final = 2.4  # an ask takes at most half a second more: noticed within three
ASK_ANYWAY: Final = 5.0  # consent is asked for also while audio flows (RFC 7675, 5.1)
CONSENT_ENDS: Final = 30.0
TICK: Final = 0.5

_STUN = range(4)  # the first byte of a STUN message (RFC 7983)
_LOOPBACK = ["127.0.0.1", "::1"]
_COMPONENT = 1  # RTP and RTCP share it


class Port(StunProtocol):
    """One socket. Only what came from the address that the checks proved goes on; a stranger's bytes end here."""

    def datagram_received(self, data: bytes | str, addr: tuple[Any, ...]) -> None:
        packet = cast("bytes", data)
        if not packet:
            return
        if packet[0] not in _STUN:
            cast("Way", self.receiver).carry(packet, addr)
            return
        with suppress(ValueError, KeyError, IndexError, struct.error):
            super().datagram_received(packet, addr)


class Way(Connection):
    """One browser. `received` gets each packet, `lost` is called once when nothing was heard of it."""

    def __init__(
        self, servers: Servers, ports: Ports, *, received: Callable[[bytes], None], lost: Callable[[], None]
    ) -> None:
        super().__init__(ice_controlling=False)
        self._stun = stun_servers(servers)
        self._relays = relays(servers, now=datetime.now(UTC))
        self._advertised = servers.advertised
        self._ports, self._range = ports, servers.ports
        self._received = received
        self._lost = lost
        self._now = asyncio.get_running_loop().time
        self._heard_at = 0.0

    async def prepare(self, ufrag: str, password: str, candidates: Sequence[Candidate]) -> None:
        """Gather our own candidates, learn theirs. Their end is left open: a browser may be found when it calls.

        NoPortError where every port is taken.
        """
        self.remote_username, self.remote_password = ufrag, password
        await self.gather_candidates()
        for candidate in candidates:
            await self.add_remote_candidate(candidate)

    async def get_component_candidates(
        self,
        component: int,  # noqa: ARG002 -- there is one
        addresses: list[str],
        timeout: int = 5,  # noqa: ASYNC109 -- aioice's signature
    ) -> list[Candidate]:
        """Out of our range instead of wherever there is room. A machine without a network still has its own browser."""
        for made in self._ports.take(self._range, addresses or _LOOPBACK):
            await self._listen(made)
        hosts = [protocol.local_candidate for protocol in self._protocols]
        asked = [
            *(
                server_reflexive_candidate(protocol, (server.host, server.port))
                for server in self._stun
                for protocol in self._protocols
                if not _is_six(protocol.local_candidate.host)
            ),
            *(self._relayed(relay) for relay in self._relays),
        ]
        found = await _answers(asked, timeout)
        self._protocols += [protocol for _candidate, protocol in found if protocol is not None]
        outside = await self._seen_from_outside(hosts)
        return list({(one.host, one.port): one for one in (*hosts, *outside, *(one for one, _ in found))}.values())

    async def _listen(self, made: socket.socket) -> None:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, UDP_SOCKET_BUFFER_SIZE)
        host, port = made.getsockname()[:2]
        _, protocol = await asyncio.get_running_loop().create_datagram_endpoint(lambda: Port(self), sock=made)
        protocol.local_candidate = _candidate("host", host, port)
        self._protocols.append(protocol)

    def _relayed(self, relay: Relay) -> Coroutine[Any, Any, tuple[Candidate, StunProtocol]]:
        return relayed_candidate(
            component=_COMPONENT,
            hide_related_address=False,
            protocol_factory=lambda: Port(self),
            turn_server=(relay.server.host, relay.server.port),
            turn_username=relay.user,
            turn_password=relay.password,
            turn_ssl=relay.server.tls,
            turn_transport=relay.server.transport,
        )

    async def _seen_from_outside(self, hosts: Sequence[Candidate]) -> list[Candidate]:
        """The advertised address, at which a router has the same ports as we. None where it is one of our own."""
        advertised = await _looked_up(self._advertised)
        base = next((one for one in hosts if advertised and _is_six(one.host) is _is_six(advertised)), None)
        if base is None or advertised in {one.host for one in hosts}:
            return []
        return [_candidate("srflx", advertised, base.port, base)]

    def carry(self, packet: bytes, addr: tuple[Any, ...]) -> None:
        pair = self._nominated.get(1)
        if pair is not None and addr[0] == pair.remote_addr[0] and addr[1] == pair.remote_addr[1]:
            self._received(packet)

    def pass_on(self, packet: bytes) -> None:
        """To the browser, now. Before there is a way, and where the network refuses it, it is lost."""
        pair = self._nominated.get(1)
        if pair is not None and not self._closing:
            pair.protocol.transport.sendto(packet, pair.remote_addr)

    def heard(self) -> None:
        """Something came that proved itself."""
        self._heard_at = self._now()

    async def query_consent(self) -> None:
        """Started by `connect`. Any packet that proves itself shows that the browser lives; without one we ask."""
        now = self._now
        asked_at = consented_at = self._heard_at = now()
        while now() - self._heard_at < GONE_AFTER and now() - consented_at < CONSENT_ENDS:
            if now() - self._heard_at < ASK_AFTER and now() - asked_at < ASK_ANYWAY:
                await asyncio.sleep(TICK)
                continue
            asked_at = now()
            if await self._answers(self._nominated[1]):
                consented_at = self._heard_at = now()
        self._lost()

    async def _answers(self, pair: CandidatePair) -> bool:
        """Asked once, awaited for half a second: aioice's own pace for a request without repetition."""
        request = self.build_request(pair, nominate=False)
        key = (self.remote_password or "").encode()
        try:
            await pair.protocol.request(request, pair.remote_addr, integrity_key=key, retransmissions=0)
        except TransactionError:
            return False
        return True


async def _answers(
    asked: Sequence[Coroutine[Any, Any, tuple[Candidate, StunProtocol | None]]], seconds: float
) -> list[tuple[Candidate, StunProtocol | None]]:
    """Of those who answered in time. Whoever did not, or refused, costs us a way and not the call."""
    tasks = [asyncio.ensure_future(one) for one in asked]
    if tasks:
        _, late = await asyncio.wait(tasks, timeout=seconds)
        for task in late:
            task.cancel()
    return [task.result() for task in tasks if task.done() and not task.cancelled() and task.exception() is None]


async def _looked_up(name: str) -> str:
    """An address; that of a name is one of IPv4, where routers translate. Empty where there is none."""
    try:
        return str(ip_address(name))
    except ValueError:
        if not name:
            return ""
    with suppress(OSError, UnicodeError):
        found = await asyncio.get_running_loop().getaddrinfo(name, None, family=socket.AF_INET, type=socket.SOCK_DGRAM)
        return str(found[0][4][0])
    return ""


def _candidate(kind: str, host: str, port: int, base: Candidate | None = None) -> Candidate:
    return Candidate(
        foundation=candidate_foundation(kind, "udp", host),
        component=_COMPONENT,
        transport="udp",
        priority=candidate_priority(_COMPONENT, kind),
        host=host,
        port=port,
        type=kind,
        related_address=base.host if base else None,
        related_port=base.port if base else None,
    )


def _is_six(host: str) -> bool:
    return ":" in host
