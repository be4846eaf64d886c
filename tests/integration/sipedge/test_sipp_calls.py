"""Real calls with sipp against a small exchange on the layer."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tests.sipp import RINGING, SDP, ack, call, holds, invite, pause, recv, recv_request, respond, scenario, send
from tests.sipping import Exchange, Heard, config_of, pick_up, trunk_of
from tests.sipwire import on_edges_loop

from trustdesk.sipedge.contracts import Listen
from trustdesk.sipedge.sip.contracts import SipCall
from trustdesk.sipedge.sip.side import SipSide

# What calls with real peers needs them installed: `make test` sees to it, `make test-fast` does without.
pytestmark = pytest.mark.slow

CALLER = "127.0.0.2"
ONE = "z9hG4bK-[pid]-[call_number]-one"  # a CANCEL and the ACK of a refusal have the branch of their INVITE
GOODBYE = send("BYE", 9) + recv(200)


@asynccontextmanager
async def exchange(
    deed: Callable[[SipCall, Heard], Coroutine[object, object, None]] = pick_up,
    transport: str = "udp",
) -> AsyncIterator[tuple[Exchange, SipSide, tuple[str, int]]]:
    served = Exchange(deed=deed)
    listen = Listen(transport=transport, host="127.0.0.1", port=0)  # type: ignore[arg-type]
    trunk = trunk_of(1, f"{CALLER}/32", user="desk", password="secret")
    side = SipSide(config_of(listen, trunks=(trunk,)), served)
    await side.start()
    try:
        yield served, side, side.listening[0][1:]
    finally:
        await side.stop()


async def refuse(call_: SipCall, heard: Heard) -> None:
    await call_.ring()
    await call_.refuse(486)


async def ring_and_give_up(call_: SipCall, heard: Heard) -> None:
    await call_.ring()
    await asyncio.sleep(0.1)
    await call_.refuse(480)


async def ring_only(call_: SipCall, heard: Heard) -> None:
    await call_.ring()


async def answer_and_leave(call_: SipCall, heard: Heard) -> None:
    await pick_up(call_, heard)
    await asyncio.sleep(0.1)
    await call_.hang_up()


SCENARIOS: dict[str, tuple[str, Callable[[SipCall, Heard], Coroutine[object, object, None]], list[object]]] = {
    "basic": (scenario(invite(), RINGING, recv(200), ack(), pause(100), GOODBYE), pick_up, [200]),
    "busy": (scenario(invite(branch=ONE), RINGING, recv(486), ack(branch=ONE)), refuse, [486]),
    "cancelled": (
        scenario(
            invite(branch=ONE),
            recv(100, optional=True),
            recv(180),
            send("CANCEL", 1, branch=ONE, tag=""),
            recv(200),
            recv(487),
            ack(branch=ONE),
        ),
        ring_only,
        [487],
    ),
    "bye-at-once": (scenario(invite(), RINGING, recv(200), ack(), send("BYE", 2), recv(200)), pick_up, [200]),
    "early-bye": (
        scenario(
            invite(branch=ONE),
            recv(100, optional=True),
            recv(180),
            send("BYE", 2),
            recv(200),
            recv(487),
            ack(branch=ONE),
        ),
        ring_only,
        [487],
    ),
    "not-answered": (
        scenario(
            invite(branch=ONE),
            recv(100, optional=True),
            recv(180),
            recv(480),
            ack(branch=ONE),
        ),
        ring_and_give_up,
        [480],
    ),
    "no-law-of-ours": (
        scenario(
            invite(branch=ONE).replace("RTP/AVP 8 0 101", "RTP/AVP 18 101"),
            recv(100, optional=True),
            recv(488),
            ack(branch=ONE),
        ),
        pick_up,
        [],
    ),
    "hold": (
        scenario(
            invite(),
            RINGING,
            recv(200),
            ack(),
            invite(2, direction="sendonly"),
            recv(100, optional=True),
            recv(200, checks=holds("a=recvonly")),
            ack(2),
            invite(3, direction="sendrecv"),
            recv(100, optional=True),
            recv(200, checks=holds("a=sendrecv")),
            ack(3),
            GOODBYE,
        ),
        pick_up,
        [200],
    ),
    "update": (
        scenario(
            invite(),
            RINGING,
            recv(200),
            ack(),
            send("UPDATE", 2, body=SDP.format(direction="a=inactive\n")),
            recv(200, checks=holds("a=inactive")),
            GOODBYE,
        ),
        pick_up,
        [200],
    ),
    "digits": (
        scenario(
            invite(),
            RINGING,
            recv(200),
            ack(),
            send("INFO", 2, body="Signal=4\nDuration=160\n", headers=("Content-Type: application/dtmf-relay",)),
            recv(200),
            send("INFO", 3, body="Signal=2\nDuration=160\n", headers=("Content-Type: application/dtmf-relay",)),
            recv(200),
            GOODBYE,
        ),
        pick_up,
        [200],
    ),
    "late-offer": (
        scenario(invite(direction="late"), RINGING, recv(200), ack(body=SDP.format(direction="")), GOODBYE),
        pick_up,
        [200],
    ),
    "challenged-bye": (
        scenario(
            invite(),
            RINGING,
            recv(200),
            ack(),
            recv_request("BYE"),
            respond(401, 'WWW-Authenticate: Digest realm="carrier", nonce="abc", qop="auth", algorithm=MD5'),
            '<recv request="BYE"><action><ereg regexp="Digest username=.desk." search_in="hdr" header="Authorization:"'
            ' check_it="true" assign_to="1"/><log message="[$1]"/></action></recv>',
            respond(200),
        ),
        answer_and_leave,
        [200],
    ),
}


@pytest.mark.parametrize("name", sorted(SCENARIOS))
@pytest.mark.parametrize("transport", ["udp", "tcp"])
@on_edges_loop
async def test_a_scenario(name: str, transport: str, tmp_path: Path) -> None:
    steps, deed, ends = SCENARIOS[name]
    async with exchange(deed, transport) as (served, _, place):
        ways = ("-t", "t1") if transport == "tcp" else ()
        code, said = await call(tmp_path, steps, place, *ways)
        assert code == 0, said
        if not ends:
            assert served.calls == []  # nobody was asked
            return
        await asyncio.wait_for(served.calls[0].over.wait(), 5)
        assert served.calls[0].ends == ends


@on_edges_loop
async def test_keys_arrive_in_their_order(tmp_path: Path) -> None:
    async with exchange() as (served, _, place):
        code, said = await call(tmp_path, SCENARIOS["digits"][0], place)
        assert code == 0, said
        keys = [word for word in served.calls[0].words if word[0] == "digit"]
        assert keys == [("digit", "4"), ("digit", "2")]
