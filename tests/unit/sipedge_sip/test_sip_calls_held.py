"""What we ask within a call: hold, keys, refresh."""

import asyncio

import pytest
from tests.sipcalling import CONTACT, calling, dial
from tests.sipping import Heard
from tests.sipwire import SDP, Edge, last, on_loop, responded

from trustdesk.sipedge.sip.contracts import CallOverError, SipCall


async def talking(here: Edge) -> tuple[SipCall, Heard]:
    call, heard, invite = await dial(here)
    await here.give(responded(invite, 200, headers=(*CONTACT, "Allow: INVITE, BYE, UPDATE"), body=SDP))
    here.wire("192.0.2.10", 5070).took()
    return call, heard


@on_loop
async def test_hold_waits_for_its_answer() -> None:
    async with calling() as here:
        call, heard = await talking(here)
        wire = here.wire("192.0.2.10", 5070)
        holding = asyncio.create_task(call.hold(on=True))
        await here.clock.turn(0)
        invite = last(wire.took(), "INVITE")
        assert b"a=sendonly" in invite.body
        await here.give(responded(invite, 200, headers=CONTACT, body=f"{SDP}a=recvonly\r\n"), wire)
        await holding
        assert wire.methods() == ["ACK"]
        assert heard.said == ["answered"]


@on_loop
async def test_hold_is_tried_again_after_glare() -> None:
    """§14.1: whoever called waits 2.1 to 4 seconds."""
    async with calling() as here:
        call, _ = await talking(here)
        wire = here.wire("192.0.2.10", 5070)
        holding = asyncio.create_task(call.hold(on=True))
        await here.clock.turn(0)
        await here.give(responded(last(wire.took(), "INVITE"), 491), wire)
        await here.clock.turn(2)
        assert wire.methods() == ["ACK"]
        await here.clock.turn(2)
        await here.give(responded(last(wire.took(), "INVITE"), 200, headers=CONTACT, body=SDP), wire)
        await holding


@on_loop
async def test_hold_without_an_answer_ends_the_call() -> None:
    async with calling() as here:
        call, heard = await talking(here)
        holding = asyncio.create_task(call.hold(on=True))
        await here.clock.turn(33)
        with pytest.raises(TimeoutError):
            await holding
        assert heard.ends == [408]
        with pytest.raises(CallOverError):
            await call.hold(on=False)


@on_loop
async def test_481_to_anything_means_that_there_is_no_call() -> None:
    async with calling() as here:
        call, heard = await talking(here)
        wire = here.wire("192.0.2.10", 5070)
        sending = asyncio.create_task(call.send_digits("12"))
        await here.clock.turn(0)
        info = last(wire.took(), "INFO")
        assert info.body == b"Signal=1\r\nDuration=160\r\n"
        await here.give(responded(info, 481), wire)
        with pytest.raises(CallOverError):
            await sending
        assert heard.ends == [481]


@on_loop
async def test_the_session_is_refreshed_by_update() -> None:
    async with calling() as here:
        _, heard = await talking(here)
        wire = here.wire("192.0.2.10", 5070)
        for _ in range(2):
            await here.clock.turn(900.1)
            update = last(wire.took(), "UPDATE")
            assert update.body == b""
            await here.give(responded(update, 200, headers=("Session-Expires: 1800;refresher=uac",)), wire)
        assert heard.ends == []
