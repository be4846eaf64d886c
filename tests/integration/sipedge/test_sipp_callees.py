"""Calls of ours to a real sipp: answered, busy, not answered, asked for a password, and with messages lost."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tests.ports import free_port
from tests.sipp import SDP, pause, recv_request, respond, scenario, sipp
from tests.sipping import AUDIO, OUR_NUMBER, Exchange, Heard, config_of, trunk_of, until
from tests.sipwire import on_edges_loop

from trustdesk.sipedge.contracts import Listen
from trustdesk.sipedge.media.contracts import Law
from trustdesk.sipedge.sip.contracts import Peer, Side, SipCall
from trustdesk.sipedge.sip.side import SipSide
from trustdesk.sipedge.sip.trunks import Line

# What calls with real peers needs them installed: `make test` sees to it, `make test-fast` does without.
pytestmark = pytest.mark.slow
CALLEE = "127.0.0.2"
TO = "[last_To:];tag=[pid]callee"


def says(status: int, *, body: str = "", headers: tuple[str, ...] = (), again: bool = False) -> str:
    """An answer to the INVITE, with the callee's tag."""
    lines = [
        f"SIP/2.0 {status} As You Like",
        *("[last_Via:]", "[last_From:]", TO, "[last_Call-ID:]", "[last_CSeq:]"),
        "Contact: <sip:callee@[local_ip]:[local_port]>",
        *headers,
        *(["Content-Type: application/sdp"] if body else []),
        "Content-Length: [len]",
    ]
    text = "\n".join(lines) + "\n\n" + body
    repeated = ' retrans="500"' if again else ""
    return f"<send{repeated}><![CDATA[\n{text}\n]]></send>"


RINGS = recv_request("INVITE") + says(180)
ANSWERS = says(200, body=SDP.format(direction=""), again=True) + recv_request("ACK")
GOES = recv_request("BYE") + respond(200)
CHALLENGE = ('WWW-Authenticate: Digest realm="carrier", nonce="abc", qop="auth", algorithm=SHA-256',)


@asynccontextmanager
async def callee(folder: Path, steps: str) -> AsyncIterator[tuple[SipSide, asyncio.subprocess.Process]]:
    port = free_port(CALLEE)
    path = folder / "callee.xml"
    path.write_text(steps)
    process = await asyncio.create_subprocess_exec(
        *(sipp(), "-sf", str(path), "-i", CALLEE, "-p", str(port), "-m", "1", "-nostdin"),
        *("-timeout", "40s", "-timeout_error", "-trace_err", "-error_file", str(folder / "callee.log")),
        cwd=folder,
        stdout=asyncio.subprocess.DEVNULL,
    )
    trunk = trunk_of(1, CALLEE, user="desk", password="secret", target=f"sip:{CALLEE}:{port}")
    side = SipSide(config_of(Listen(transport="udp", host="127.0.0.1", port=0), trunks=(trunk,)), Exchange())
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Line, "start", lambda _line: None)  # a scenario of sipp's knows no OPTIONS between
        await side.start()
    await until(lambda: _bound(port))
    try:
        yield side, process
    finally:
        await side.stop()
        if process.returncode is None:
            process.kill()
        await process.wait()


def _bound(port: int) -> bool:
    return f":{port:04X} " in Path("/proc/net/udp").read_text()


async def dial(side: SipSide) -> tuple[SipCall, Heard]:
    heard = Heard()
    peer = Peer(side=Side.TRUNK, trunk=1)
    call = await side.dial(
        peer, number="+36301234567", caller=OUR_NUMBER, name="Acme", place=AUDIO, laws=(Law.A,), events=heard
    )
    return call, heard


@on_edges_loop
async def test_answered(tmp_path: Path) -> None:
    async with callee(tmp_path, scenario(RINGS, ANSWERS, GOES)) as (side, process):
        call, heard = await dial(side)
        await asyncio.wait_for(heard.up.wait(), 10)
        await call.hang_up()
        assert await asyncio.wait_for(process.wait(), 20) == 0
        assert heard.said == ["ringing", "answered", "ended"]


@on_edges_loop
async def test_busy(tmp_path: Path) -> None:
    async with callee(tmp_path, scenario(RINGS, says(486), recv_request("ACK"))) as (side, process):
        _, heard = await dial(side)
        await asyncio.wait_for(heard.over.wait(), 10)
        assert await asyncio.wait_for(process.wait(), 20) == 0
        assert heard.ends == [486]


@on_edges_loop
async def test_not_answered_it_is_cancelled(tmp_path: Path) -> None:
    steps = scenario(RINGS, recv_request("CANCEL"), respond(200), says(487), recv_request("ACK"))
    steps = steps.replace("[last_CSeq:]\nContact", "CSeq: 1 INVITE\nContact")
    async with callee(tmp_path, steps) as (side, _):
        call, heard = await dial(side)
        await until(lambda: "ringing" in heard.said)
        await call.hang_up()
        await asyncio.wait_for(heard.over.wait(), 10)
        assert heard.ends == [487]


@on_edges_loop
async def test_asked_for_a_password(tmp_path: Path) -> None:
    first = recv_request("INVITE") + says(401, headers=CHALLENGE) + recv_request("ACK")
    async with callee(tmp_path, scenario(first, RINGS, ANSWERS, GOES)) as (side, process):
        call, heard = await dial(side)
        await asyncio.wait_for(heard.up.wait(), 10)
        await call.hang_up()
        assert await asyncio.wait_for(process.wait(), 20) == 0


@on_edges_loop
async def test_the_callee_hangs_up(tmp_path: Path) -> None:
    goodbye = (
        "<send><![CDATA[\nBYE sip:trustdesk@127.0.0.1 SIP/2.0\n"
        "Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]\nMax-Forwards: 70\n"
        "From: [$2];tag=[pid]callee\nTo: [$1]\n[last_Call-ID:]\nCSeq: 5 BYE\nContent-Length: 0\n\n]]></send>"
        '<recv response="200"/>'
    )
    first = (
        '<recv request="INVITE"><action>'
        '<ereg regexp="&lt;.*" search_in="hdr" header="From:" assign_to="1"/>'
        '<ereg regexp="&lt;.*" search_in="hdr" header="To:" assign_to="2"/>'
        "</action></recv>"
    )
    async with callee(tmp_path, scenario(first, says(180), ANSWERS, pause(200), goodbye)) as (side, process):
        _, heard = await dial(side)
        await asyncio.wait_for(heard.over.wait(), 15)
        assert heard.ends == [200]
        assert await asyncio.wait_for(process.wait(), 20) == 0
