"""The way to the browser (RFC 8445): aioice's connection, made to answer at once and to notice a silence.

The only module that knows aioice from the inside; it is pinned, and a test with a real browser fails when it changes.
"""

import asyncio
import struct
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Final, cast

from aioice import Candidate, Connection
from aioice.ice import CandidatePair, StunProtocol
from aioice.stun import TransactionError

from trustdesk.sipedge.webrtc.contracts import Servers
from trustdesk.sipedge.webrtc.servers import stun_server, turn_server

ASK_AFTER: Final = 1.0  # seconds without a packet after which we ask whether it is still there
GONE_AFTER: Final = 2.4  # an ask takes at most half a second more: noticed within three
ASK_ANYWAY: Final = 5.0  # consent is asked for also while audio flows (RFC 7675, 5.1)
CONSENT_ENDS: Final = 30.0
TICK: Final = 0.5

_STUN = range(4)  # the first byte of a STUN message (RFC 7983)
_LOOPBACK = ["127.0.0.1"]


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

    def __init__(self, servers: Servers, *, received: Callable[[bytes], None], lost: Callable[[], None]) -> None:
        super().__init__(ice_controlling=False, stun_server=stun_server(servers), **turn_server(servers))
        self._received = received
        self._lost = lost
        self._now = asyncio.get_running_loop().time
        self._heard_at = 0.0

    async def prepare(self, ufrag: str, password: str, candidates: Sequence[Candidate]) -> None:
        """Gather our own candidates, learn theirs. Their end is left open: a browser may be found when it calls."""
        self.remote_username, self.remote_password = ufrag, password
        await self.gather_candidates()
        for candidate in candidates:
            await self.add_remote_candidate(candidate)

    async def get_component_candidates(
        self,
        component: int,
        addresses: list[str],
        timeout: int = 5,  # noqa: ASYNC109 -- aioice's signature
    ) -> list[Candidate]:
        """A machine without a network still has its own browser."""
        found = await super().get_component_candidates(component, addresses or _LOOPBACK, timeout)
        for protocol in self._protocols:
            protocol.__class__ = Port
        return found

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
