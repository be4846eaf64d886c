"""With a Kamailio between, requests go by the route that it put itself on, in both directions."""

import asyncio
from pathlib import Path

import pytest
from tests.kamailio import HOST, between
from tests.ports import free_port
from tests.sipp import RINGING, SDP, call, invite, pause, recv, recv_request, respond, scenario, send, sipp
from tests.sipping import AUDIO, OUR_NUMBER, Exchange, Heard, config_of, pick_up, trunk_of, until
from tests.sipwire import on_edges_loop

from trustdesk.sipedge.contracts import Listen
from trustdesk.sipedge.media.contracts import Law
from trustdesk.sipedge.sip.contracts import Peer, Side, SipCall
from trustdesk.sipedge.sip.side import SipSide

# What calls with real peers needs them installed: `make test` sees to it, `make test-fast` does without.
pytestmark = pytest.mark.slow

ROUTED = ("[routes]",)
ANSWERED = '<recv response="200" rrs="true"/>'
CALLEE = """<recv request="INVITE" rrs="true"/>
<send><![CDATA[
SIP/2.0 180 Ringing
[last_Via:]
[last_Record-Route:]
[last_From:]
[last_To:];tag=[pid]callee
[last_Call-ID:]
[last_CSeq:]
Contact: <sip:callee@[local_ip]:[local_port]>
Content-Length: 0

]]></send>
<send retrans="500"><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_Record-Route:]
[last_From:]
[last_To:];tag=[pid]callee
[last_Call-ID:]
[last_CSeq:]
Contact: <sip:callee@[local_ip]:[local_port]>
Content-Type: application/sdp
Content-Length: [len]

{sdp}]]></send>
<recv request="ACK"/>
<recv request="BYE"/>"""


async def answer_and_leave(one: SipCall, heard: Heard) -> None:
    await pick_up(one, heard)
    await asyncio.sleep(0.2)
    await one.hang_up()


def routed(method: str, number: int) -> str:
    """By the stations of the answer, to the Contact of whoever answered."""
    return send(method, number, headers=ROUTED).replace(
        f"sip:{OUR_NUMBER}@[remote_ip]:[remote_port] SIP", "[next_url] SIP"
    )


@on_edges_loop
async def test_the_caller_hangs_up(tmp_path: Path) -> None:
    ours = free_port()
    async with between(tmp_path, exchange=f"127.0.0.1:{ours}") as port:
        exchange = Exchange()
        trunk = trunk_of(1, f"{HOST}/32")
        side = SipSide(config_of(Listen(transport="udp", host="127.0.0.1", port=ours), trunks=(trunk,)), exchange)
        await side.start()
        steps = scenario(invite(), RINGING, ANSWERED, routed("ACK", 1), pause(200), routed("BYE", 2), recv(200))
        code, said = await call(tmp_path, steps, (HOST, port))
        assert code == 0, said
        await asyncio.wait_for(exchange.calls[0].over.wait(), 5)
        assert exchange.calls[0].ends == [200]
        await side.stop()


@on_edges_loop
async def test_we_hang_up(tmp_path: Path) -> None:
    ours = free_port()
    async with between(tmp_path, exchange=f"127.0.0.1:{ours}") as port:
        exchange = Exchange(deed=answer_and_leave)
        trunk = trunk_of(1, f"{HOST}/32")
        side = SipSide(config_of(Listen(transport="udp", host="127.0.0.1", port=ours), trunks=(trunk,)), exchange)
        await side.start()
        steps = scenario(invite(), RINGING, ANSWERED, routed("ACK", 1), recv_request("BYE"), respond(200))
        code, said = await call(tmp_path, steps, (HOST, port))
        assert code == 0, said
        await side.stop()


@on_edges_loop
async def test_we_call_and_hang_up(tmp_path: Path) -> None:
    ours, theirs = free_port(), free_port("127.0.0.2")
    async with between(tmp_path, exchange=f"127.0.0.1:{ours}", callee=f"127.0.0.2:{theirs}") as port:
        trunk = trunk_of(1, f"{HOST}/32", target=f"sip:{HOST}:{port}")
        side = SipSide(config_of(Listen(transport="udp", host="127.0.0.1", port=ours), trunks=(trunk,)), Exchange())
        await side.start()
        await until(lambda: side.reachable()[1])
        steps = tmp_path / "callee.xml"
        steps.write_text(scenario(CALLEE.format(sdp=SDP.format(direction="")), respond(200)))
        callee = await asyncio.create_subprocess_exec(
            *(sipp(), "-sf", str(steps), "-i", "127.0.0.2", "-p", str(theirs), "-m", "1", "-nostdin"),
            *("-timeout", "20s", "-timeout_error", "-trace_err", "-error_file", str(tmp_path / "callee.log")),
            cwd=tmp_path,
            stdout=asyncio.subprocess.DEVNULL,
        )
        await asyncio.sleep(0.5)
        heard = Heard()
        one = await side.dial(
            Peer(side=Side.TRUNK, trunk=1),
            number="+36301234567",
            caller=OUR_NUMBER,
            name="Acme",
            place=AUDIO,
            laws=(Law.A,),
            events=heard,
        )
        await asyncio.wait_for(heard.up.wait(), 10)
        await one.hang_up()
        assert await asyncio.wait_for(callee.wait(), 15) == 0
        assert heard.said == ["ringing", "answered", "ended"]
        await side.stop()
