"""Whatever comes, nothing raises, nothing is leaked, and the next caller is served."""

import contextlib
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs
from tests.sipping import AUDIO, Heard, config_of, trunk_of
from tests.sipwire import SDP, Edge, Far, edge, last, on_loop, responded, settled

from trustdesk.sipedge.media.contracts import Law
from trustdesk.sipedge.sip.contracts import Peer, Side, SipCall
from trustdesk.sipedge.sip.faults import BadMessageError
from trustdesk.sipedge.sip.message import Request, parse
from trustdesk.sipedge.sip.sdp import parse_sdp
from trustdesk.sipedge.sip.uri import parse_address, parse_uri

MESSAGES = sorted((Path(__file__).parent / "rfc4475").glob("*.dat"))
SPITEFUL = [b";", b",", b'"', b"<", b">", b"\r\n", b"\x00", b"\xff", b"@", b":", b"%", b"99999999", b"-1", b" ", b"="]


def spoiled(data: bytes, chance: random.Random) -> bytes:
    """Cut, doubled, sprinkled."""
    spoilt = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(spoilt) + 1)
        match chance.randrange(4):
            case 0:
                del spoilt[at : at + chance.randint(1, 20)]
            case 1:
                spoilt[at:at] = chance.choice(SPITEFUL) * chance.randint(1, 3)
            case 2:
                spoilt[at:at] = spoilt[at : at + chance.randint(1, 60)]
            case _:
                spoilt[at : at + 1] = bytes([chance.randrange(256)])
    return bytes(spoilt)


def seeds() -> list[bytes]:
    far = Far(their_tag="t")
    ours = [
        Far().request("INVITE", body=SDP, headers=("Record-Route: <sip:192.0.2.20;lr>", "Session-Expires: 90")),
        far.request("BYE"),
        far.request("INFO", body="Signal=1\r\n", headers=("Content-Type: application/dtmf-relay",)),
        Far().request("REGISTER", headers=('Authorization: Digest username="a", realm="exchange.example"',)),
    ]
    return [path.read_bytes() for path in MESSAGES] + [text.encode() for text in ours]


async def served(here: Edge) -> None:
    wire = here.wire("192.0.2.250", 5060)
    await here.give(Far().request("INVITE", body=SDP), wire)
    assert wire.statuses()[-1] == 200


@pytest.mark.parametrize("seed", range(6))
@on_loop
async def test_spoiled_messages_leave_nothing_behind(seed: int) -> None:
    chance = random.Random(seed)
    async with edge() as here:
        for number in range(400):
            data = chance.choice(seeds())
            wire = here.wire(f"192.0.2.{number % 200 + 1}", 5060)
            here.side._house.layer.received(spoiled(data, chance), wire)
        await served(here)
        await here.clock.turn(5_000)
        assert here.left == 0


@pytest.mark.parametrize("seed", range(4))
@on_loop
async def test_a_call_in_progress_survives_spoiled_requests_and_still_ends(seed: int) -> None:
    chance = random.Random(seed)
    async with edge() as here:
        far = Far()
        await here.give(far.request("INVITE", body=SDP))
        far.learn(here.wire().took())
        await here.give(far.request("ACK"))
        for method in ("INVITE", "UPDATE", "INFO", "OPTIONS", "PRACK", "ACK", "REFER") * 20:
            here.side._house.layer.received(spoiled(far.next(method, body=SDP).encode(), chance), here.wire())
        far.number += 1_000_000
        await here.give(far.next("BYE"))
        await here.clock.turn(5_000)
        assert here.exchange.calls[0].ends
        assert here.left == 0


@given(st.binary(max_size=400))
def test_bytes_are_read_or_refused(data: bytes) -> None:
    for read in (parse, parse_sdp):
        with contextlib.suppress(BadMessageError):
            read(data)


@given(st.text(max_size=200))
def test_addresses_are_read_or_refused(text: str) -> None:
    for read in (parse_uri, parse_address):
        with contextlib.suppress(BadMessageError):
            read(text)


@given(st.text(alphabet='abc;,"<>@:=%[] \\', max_size=60))
def test_addresses_of_spiteful_letters_are_read_or_refused(text: str) -> None:
    for read in (parse_uri, parse_address):
        try:
            found = read(text)
        except BadMessageError:
            continue
        assert read(str(found)) is not None


def test_what_is_written_is_read_as_the_same() -> None:
    request = parse(Far().request("INVITE", body=SDP, headers=("Record-Route: <sip:a.example;lr>",)).encode())
    assert isinstance(request, Request)
    again = parse(bytes(request))
    assert bytes(again) == bytes(request)
    assert (again.via, again.to, again.body) == (request.via, request.to, request.body)


@on_loop
async def test_a_fault_of_ours_costs_one_message(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(data: bytes, flow: object) -> None:
        raise RuntimeError(data)

    async with edge() as here:
        with capture_logs() as logs, monkeypatch.context() as patched:
            patched.setattr(here.side._house.layer, "received", failing)
            here.side._received(b"+3612345678", here.wire())
        assert [(line["event"], line["kind"]) for line in logs] == [("sip.message_failed", "RuntimeError")]
        assert "3612345678" not in repr(logs)
        await served(here)


@on_loop
async def test_a_header_of_100_kilobytes_is_dropped() -> None:
    async with edge() as here:
        text = Far().request("INVITE", body=SDP, headers=(f"X-Long: {'x' * 100_000}",))
        await here.give(text)
        lines = Far().request("INVITE", body=SDP, headers=tuple(f"X-{n}: y" for n in range(400)))
        await here.give(lines)
        assert here.wire().sent == []
        assert here.left == 0
        await served(here)


@pytest.mark.parametrize("seed", range(6))
@on_loop
async def test_spoiled_answers_end_every_call_of_ours(seed: int) -> None:
    """Whatever a carrier answers, the exchange is told an end, once, and nothing stays behind."""
    chance = random.Random(seed)
    trunk = trunk_of(1, "192.0.2.0/24", target="sip:192.0.2.10", user="desk", password="secret")
    async with edge(config=config_of(trunks=(trunk,))) as here:
        heard = [await dialed(here, chance) for _ in range(40)]
        await here.clock.turn(400)
        for call, one in heard:
            if not one.ends:
                await call.hang_up()
        await here.clock.turn(400)
        assert [len(one.ends) for _, one in heard] == [1] * len(heard)
        assert here.side.calls == 0
        assert [client for client in here.side._house.layer.clients if client[1] != "OPTIONS"] == []


async def dialed(here: Edge, chance: random.Random) -> tuple[SipCall, Heard]:
    heard = Heard()
    peer = Peer(side=Side.TRUNK, trunk=1)
    call = await here.side.dial(
        peer, number="+36301234567", caller="", name="", place=AUDIO, laws=(Law.A,), events=heard
    )
    invite = last(here.wire().took(), "INVITE")
    headers = ("Contact: <sip:x@192.0.2.10>", "Record-Route: <sip:192.0.2.20;lr>", "Allow: INVITE", "RSeq: 1")
    more = ("Require: 100rel", "Session-Expires: 90;refresher=uas", 'WWW-Authenticate: Digest realm="r", nonce="n"')
    for _ in range(chance.randint(1, 5)):
        status = chance.choice([100, 180, 183, 200, 200, 401, 407, 422, 486, 491, 503])
        answer = responded(invite, status, headers=(*headers, *more), body=chance.choice(["", SDP])).encode()
        answer = spoiled(answer, chance) if chance.random() < 0.8 else answer
        here.side._house.layer.received(answer, here.wire())
        await settled()
    here.wire().read = len(here.wire().sent)
    return call, heard
