"""Two ends of the handshake in one room: keys that fit, datagrams lost and glued, and who must not be let in."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from trustdesk.seal import api as seal
from trustdesk.sipedge.webrtc.dtls import MTU, Handshake, new_context
from trustdesk.sipedge.webrtc.srtp import Audio, Keys

NOW = datetime(2026, 11, 26, tzinfo=UTC)
OURS, THEIRS = seal.new_identity(now=NOW), seal.new_identity(now=NOW)
RTP = bytes([0x80, 8, 0, 1, 0, 0, 0, 160, 0, 0, 0, 7]) + bytes(160)
RTCP = bytes([0x81, 201, 0, 7, 0, 0, 0, 7]) + bytes(24)


class Room:
    """Two sides, and a wire that delivers, loses or alters what is sent."""

    def __init__(self, *, wire: Callable[[int, bytes], bytes] = lambda _, datagram: datagram, known: str = "") -> None:
        self.keys: dict[str, Keys] = {}
        self.ended: list[str] = []
        self.settled = asyncio.Event()
        self.sent: list[bytes] = []
        self.wire = wire
        self.server = self._side("server", OURS, {THEIRS.fingerprint}, active=False)
        self.client = self._side("client", THEIRS, {known or OURS.fingerprint}, active=True)

    def _side(self, name: str, identity: seal.Identity, fingerprints: set[str], *, active: bool) -> Handshake:
        def send(datagram: bytes) -> None:
            self.sent.append(datagram)
            arriving = self.wire(len(self.sent), datagram)
            other = self.server if active else self.client
            if arriving:
                asyncio.get_running_loop().call_soon(other.feed, arriving)

        return Handshake(
            new_context(identity),
            active=active,
            fingerprints=fingerprints,
            send=send,
            done=lambda keys: self._done(name, keys),
            ended=lambda: self._ended(name),
        )

    def _done(self, name: str, keys: Keys) -> None:
        self.keys[name] = keys
        self._look()

    def _ended(self, name: str) -> None:
        self.ended.append(name)
        self._look()

    def _look(self) -> None:
        if {"server", "client"} <= self.keys.keys() | set(self.ended):
            self.settled.set()

    async def settle(self, seconds: float = 5) -> None:
        self.client.begin()
        async with asyncio.timeout(seconds):
            await self.settled.wait()


def test_both_sides_have_each_other_s_keys() -> None:
    async def meet() -> Room:
        room = Room()
        await room.settle()
        return room

    room = asyncio.run(meet())
    assert room.ended == []
    assert room.keys["server"].ours == room.keys["client"].theirs
    assert room.keys["server"].theirs == room.keys["client"].ours
    server, client = Audio(room.keys["server"]), Audio(room.keys["client"])
    for plain in (RTP, RTCP):
        sealed = client.seal(plain)
        assert sealed is not None
        assert plain[12:] not in sealed
        assert server.open(sealed) == plain
        assert server.open(sealed) is None, "what comes twice is nothing"
        assert server.open(sealed[:-1] + bytes([sealed[-1] ^ 1])) is None


@pytest.mark.parametrize("lost", [{1}, {2}, {3}, {1, 2}])
def test_what_is_lost_is_said_again(lost: set[int]) -> None:
    async def meet() -> Room:
        room = Room(wire=lambda number, datagram: b"" if number in lost else datagram)
        await room.settle(8)
        return room

    assert set(asyncio.run(meet()).keys) == {"server", "client"}


def test_rubbish_between_changes_nothing() -> None:
    async def meet() -> Room:
        room = Room()
        for rubbish in (b"", b"\x16", bytes([22]) + bytes(40), bytes([20, 254, 253]) + b"\xff" * 30):
            room.server.feed(rubbish or b"\x17")
        await room.settle()
        return room

    assert set(asyncio.run(meet()).keys) == {"server", "client"}


def test_datagrams_end_where_records_do() -> None:
    async def meet() -> Room:
        room = Room()
        await room.settle()
        return room

    for datagram in asyncio.run(meet()).sent:
        assert len(datagram) <= MTU
        at = 0
        while at < len(datagram):
            at += 13 + int.from_bytes(datagram[at + 11 : at + 13])
        assert at == len(datagram)


def test_another_s_certificate_gets_no_keys() -> None:
    async def meet() -> Room:
        room = Room(known=":".join(["AB"] * 32))
        await room.settle()
        return room

    room = asyncio.run(meet())
    assert "client" in room.ended
    assert "client" not in room.keys


def test_whoever_closes_is_noticed_at_once() -> None:
    async def meet() -> list[str]:
        room = Room()
        await room.settle()
        room.client.close()
        room.client.close()
        await asyncio.sleep(0.05)
        return room.ended

    assert asyncio.run(meet()) == ["server"]
