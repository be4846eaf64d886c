"""The password that a page showed once registers a phone at a real exchange: by MD5, or by SHA-256 where it can.

No telephone of Debian's proves a password by SHA-256 (baresip and sipp know MD5, tests/integration/sipedge): what
speaks here is written out, from RFC 7616 and 8760, with nothing of ours.
"""

import asyncio
import hashlib
import re
import socket

import pytest
from tests.sipping import Exchange
from tests.sipwire import on_edges_loop
from tests.surfaces import newcomer
from tests.world import World

from trustdesk.kernel import clock
from trustdesk.sipedge.contracts import Config, Listen
from trustdesk.sipedge.sip.side import SipSide
from trustdesk.telephony import api
from trustdesk.telephony.contracts import PhoneSecret

MAKERS = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}
HERE = "127.0.0.1"


class Telephone:
    """Registers over UDP and answers one challenge, by the algorithm that is asked for or by another."""

    def __init__(self, secret: PhoneSecret, wire: socket.socket) -> None:
        self.secret, self.wire, self.port, self.number = secret, wire, wire.getpeername()[1], 0
        self.asked = ""

    async def register(self, *, by: str = "") -> int:
        """The status of the second answer."""
        refusal = await self._say("")
        fields = dict(re.findall(r'(\w+)="?([^",\r]+)', next(line for line in refusal if line.startswith("WWW-"))))
        self.asked = fields["algorithm"]
        answer = await self._say(self._proof(fields, by or self.asked))
        return int(answer[0].split()[1])

    def _proof(self, asked: dict[str, str], algorithm: str) -> str:
        def digest(text: str) -> str:
            return MAKERS[algorithm](text.encode()).hexdigest()

        secret, uri = self.secret, f"sip:{HERE}:{self.port}"
        first = digest(f"{secret.user}:{secret.realm}:{secret.password}")
        whole = digest(f"{first}:{asked['nonce']}:00000001:c:auth:{digest(f'REGISTER:{uri}')}")
        return (
            f'Authorization: Digest username="{secret.user}", realm="{asked["realm"]}", nonce="{asked["nonce"]}", '
            f'uri="{uri}", response="{whole}", algorithm={algorithm}, qop=auth, nc=00000001, cnonce="c"\r\n'
        )

    async def _say(self, proof: str) -> list[str]:
        self.number += 1
        own, user = f"{HERE}:{self.wire.getsockname()[1]}", self.secret.user
        text = (
            f"REGISTER sip:{HERE}:{self.port} SIP/2.0\r\n"
            f"Via: SIP/2.0/UDP {own};branch=z9hG4bK{self.number}{user};rport\r\n"
            f"Max-Forwards: 70\r\nFrom: <sip:{user}@{HERE}>;tag=t\r\nTo: <sip:{user}@{HERE}>\r\n"
            f"Call-ID: {user}-{own}\r\nCSeq: {self.number} REGISTER\r\nContact: <sip:{user}@{own}>\r\n"
            f"Expires: 60\r\n{proof}Content-Length: 0\r\n\r\n"
        )
        loop = asyncio.get_running_loop()
        await loop.sock_sendall(self.wire, text.encode())
        answer = await asyncio.wait_for(loop.sock_recv(self.wire, 4096), 5)
        return answer.decode().split("\r\n")


@pytest.fixture
def passwords(room: World) -> tuple[PhoneSecret, PhoneSecret]:
    """Of a phone that knows MD5 only, and of one that can more."""
    now = clock.now()
    one, other = newcomer(room, room.north, "agent"), newcomer(room, room.south, "agent")
    old = api.add_phone(user="old", label="", operator_id=one.id, by=None, now=now)
    modern = api.add_phone(user="modern", label="", operator_id=other.id, by=None, now=now, sha256=True)
    assert [one.sha256 for one in api.phones(by=None) if one.user in {"modern", "old"}] == [True, False]
    return old, modern


@pytest.fixture
def config(passwords: tuple[PhoneSecret, PhoneSecret]) -> Config:
    return api.edge_config().model_copy(update={"listen": (Listen(transport="udp", host=HERE, port=0),), "trunks": ()})


@on_edges_loop
async def test_each_phone_registers_as_it_can(passwords: tuple[PhoneSecret, PhoneSecret], config: Config) -> None:
    side = SipSide(config, Exchange())
    await side.start()
    wires = [socket.socket(type=socket.SOCK_DGRAM) for _ in passwords]
    try:
        for wire in wires:
            wire.setblocking(False)
            wire.connect((HERE, side.listening[0][2]))
        old, modern = (Telephone(secret, wire) for secret, wire in zip(passwords, wires, strict=True))
        assert await old.register() == 200
        assert old.asked == "MD5"
        assert await modern.register(by="MD5") == 401  # asked for SHA-256, nothing weaker is taken
        assert side.reachable()[0] == {"old"}
        assert await modern.register() == 200
        assert modern.asked == "SHA-256"
        assert side.reachable()[0] == {"old", "modern"}
    finally:
        for wire in wires:
            wire.close()
        await side.stop()
