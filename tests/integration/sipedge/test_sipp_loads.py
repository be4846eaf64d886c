"""Many calls, lost messages, floods: every call is accounted for, and nothing grows."""

import asyncio
import gc
import socket
from pathlib import Path

import pytest
from tests.sipp import RINGING, ack, call, invite, pause, recv, scenario, send
from tests.sipping import Exchange, config_of, trunk_of, until
from tests.sipwire import on_edges_loop

from trustdesk.sipedge.contracts import Listen
from trustdesk.sipedge.sip.side import SipSide

# What calls with real peers needs them installed: `make test` sees to it, `make test-fast` does without.
pytestmark = pytest.mark.slow

BASIC = scenario(invite(), RINGING, recv(200), ack(), pause(200), send("BYE", 2), recv(200))


async def started(exchange: Exchange) -> tuple[SipSide, tuple[str, int]]:
    trunk = trunk_of(1, "127.0.0.2/32")
    side = SipSide(config_of(Listen(transport="udp", host="127.0.0.1", port=0), trunks=(trunk,)), exchange)
    await side.start()
    return side, side.listening[0][1:]


@on_edges_loop
async def test_with_one_message_of_twenty_lost_every_call_ends(tmp_path: Path) -> None:
    """sipp drops what it sends and receives; what it can't finish itself, we finish."""
    exchange = Exchange()
    side, place = await started(exchange)
    await call(tmp_path, BASIC, place, "-r", "20", "-lost", "5", "-recv_timeout", "20000", calls=60, seconds=50)
    assert len(exchange.calls) >= 57  # an INVITE is said seven times before it is given up
    await until(lambda: side.calls == 0, 40)
    assert [heard.ends for heard in exchange.calls if len(heard.ends) != 1] == []
    assert sum(heard.ends == [200] for heard in exchange.calls) >= 50
    await side.stop()


@on_edges_loop
async def test_memory_is_flat_over_many_short_calls(tmp_path: Path) -> None:
    """What is remembered of a call is gone when late messages can no longer come."""
    exchange = Exchange(keep=False)
    side, place = await started(exchange)
    code, said = await call(tmp_path, BASIC, place, "-r", "100", calls=1_000)
    assert code == 0, said
    layer = side._house.layer
    await until(lambda: not layer.servers and not layer.clients, 40)
    gc.collect()
    assert (side.calls, len(layer._merged)) == (0, 0)
    kept = [thing for thing in gc.get_objects() if type(thing).__name__ in {"IncomingCall", "InviteServerTransaction"}]
    assert len(kept) <= 1
    await side.stop()


@on_edges_loop
async def test_a_flood_of_strangers_costs_the_carrier_nothing(tmp_path: Path) -> None:
    exchange = Exchange()
    side, place = await started(exchange)
    flood = (
        b"INVITE sip:100@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.9;branch=z9hG4bKx%d\r\n"
        b"From: <sip:100@127.0.0.9>;tag=a\r\nTo: <sip:100@127.0.0.1>\r\nCall-ID: f%d\r\nCSeq: 1 INVITE\r\n\r\n"
    )
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        stranger.bind(("127.0.0.9", 0))
        stranger.setblocking(False)
        for number in range(3_000):
            stranger.sendto(flood % (number, number), place)
            if number % 100 == 0:
                await asyncio.sleep(0)
        code, said = await call(tmp_path, BASIC, place, "-r", "10", calls=10)
        assert code == 0, said
        answers = 0
        while True:
            try:
                stranger.recv(4096)
            except BlockingIOError:
                break
            answers += 1
    assert answers <= 15  # then it is banned
    assert side._limits.bans == 1
    assert side._house.layer.servers.keys() == {key for key in side._house.layer.servers if "z9hG4bKx" not in key[0]}
    await side.stop()
