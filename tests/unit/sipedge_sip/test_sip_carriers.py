"""Our own registration at a carrier's."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from tests.sipping import AUDIO, OUR_NUMBER, Heard, config_of, trunk_of
from tests.sipwire import SDP, Edge, Far, edge, last, on_loop, responded

from trustdesk.sipedge.media.contracts import Law
from trustdesk.sipedge.sip.contracts import Peer, Side
from trustdesk.sipedge.sip.message import Request

CHALLENGE = ('WWW-Authenticate: Digest realm="carrier.example", nonce="n", qop="auth", algorithm=MD5',)


@asynccontextmanager
async def registering() -> AsyncIterator[tuple[Edge, Request]]:
    trunk = trunk_of(1, user="desk", password="secret").model_copy(update={"registrar": "sip:192.0.2.10"})
    async with edge(config=config_of(trunks=(trunk,))) as here:
        here.wire().read = 0
        yield here, last(here.wire().took(), "REGISTER")


async def accepted(here: Edge, request: Request, expires: int = 600) -> None:
    contact = request.headers.first("contact").split(";expires")[0]
    await here.give(responded(request, 200, headers=(f"Contact: {contact};expires={expires}",)))


@on_loop
async def test_it_registers_proves_itself_and_refreshes() -> None:
    async with registering() as (here, request):
        assert str(request.to.uri) == "sip:desk@192.0.2.10"
        await here.give(responded(request, 401, headers=CHALLENGE))
        proven = last(here.wire().took(), "REGISTER")
        assert 'username="desk"' in proven.headers.first("authorization")
        assert here.side.reachable()[1] == frozenset()
        await accepted(here, proven, 100)
        assert here.side.reachable()[1] == {1}
        await here.clock.turn(79)
        assert here.wire().methods() == []
        await here.clock.turn(1.1)
        again = last(here.wire().took(), "REGISTER")
        assert again.call_id == request.call_id
        assert again.cseq.number > proven.cseq.number


@on_loop
async def test_too_brief_is_asked_for_again() -> None:
    async with registering() as (here, request):
        await here.give(responded(request, 423, headers=("Min-Expires: 3600",)))
        assert last(here.wire().took(), "REGISTER").headers.first("expires") == "3600"


@on_loop
async def test_a_carrier_that_refuses_is_asked_again_later_and_later() -> None:
    async with registering() as (here, request):
        await here.give(responded(request, 403))
        pauses = []
        for _ in range(4):
            before = here.clock.now
            while not (sent := [m for m in here.wire().took() if isinstance(m, Request)]):
                await here.clock.turn(0.5)
            pauses.append(round(here.clock.now - before))
            await here.give(responded(sent[-1], 403))
        assert pauses == [5, 10, 20, 40]
        assert here.side.reachable()[1] == frozenset()


@on_loop
async def test_calls_come_from_where_we_are_registered() -> None:
    """No address list: whoever answered our REGISTER is the trunk."""
    async with registering() as (here, request):
        await here.give(Far().request("INVITE", body=SDP))
        assert 200 not in here.wire().statuses()
        await accepted(here, request)
        await here.give(Far().request("INVITE", body=SDP))
        assert here.wire().statuses()[-1] == 200


@on_loop
async def test_calls_go_where_we_are_registered() -> None:
    async with registering() as (here, request):
        await accepted(here, request)
        here.wire().took()
        peer = Peer(side=Side.TRUNK, trunk=1)
        await here.side.dial(
            peer,
            number="+36301234567",
            caller=OUR_NUMBER,
            name="",
            place=AUDIO,
            laws=(Law.A,),
            events=Heard(),
        )
        assert str(last(here.wire().took(), "INVITE").uri) == "sip:+36301234567@192.0.2.10"


@pytest.mark.parametrize(("realm", "proved"), [("", True), ("carrier.example", True), ("other.example", False)])
@on_loop
async def test_a_realm_that_is_named_is_the_only_one(realm: str, *, proved: bool) -> None:
    trunk = trunk_of(1, user="desk", password="secret").model_copy(
        update={"registrar": "sip:192.0.2.10", "realm": realm}
    )
    async with edge(config=config_of(trunks=(trunk,))) as here:
        here.wire().read = 0
        await here.give(responded(last(here.wire().took(), "REGISTER"), 401, headers=CHALLENGE))
        assert (here.wire().methods() == ["REGISTER"]) is proved


@on_loop
async def test_it_says_goodbye() -> None:
    async with registering() as (here, request):
        await accepted(here, request)
        here.wire().took()
        await here.side.stop()
        goodbye = last(here.wire().took(), "REGISTER")
        assert goodbye.headers.first("expires") == "0"
