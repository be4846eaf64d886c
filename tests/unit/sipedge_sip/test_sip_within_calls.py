"""What the far side may ask within a call, and what becomes of a session that nobody refreshes."""

import asyncio

import pytest
from tests.sipwire import SDP, Edge, Far, Wire, edge, on_loop

from trustdesk.sipedge.sip.message import Request


async def established(edge_: Edge, headers: tuple[str, ...] = ()) -> Far:
    far = Far()
    await edge_.give(far.request("INVITE", body=SDP, headers=headers))
    far.learn(edge_.wire().took())
    await edge_.give(far.request("ACK"))
    return far


@on_loop
async def test_held_and_taken_back() -> None:
    async with edge() as here:
        far = await established(here)
        await here.give(far.next("INVITE", body=f"{SDP}a=sendonly\r\n"))
        answer = here.wire().took()[-1]
        assert b"a=recvonly" in answer.body
        await here.give(far.request("ACK"))
        await here.give(far.next("INVITE", body=SDP))
        assert b"a=sendrecv" in here.wire().took()[-1].body
        await here.give(far.request("ACK"))
        assert [word for word in here.exchange.calls[0].words if word[0] == "changed"] == [
            ("changed", False),
            ("changed", True),
        ]


@on_loop
async def test_the_answer_to_a_reinvite_is_repeated_too() -> None:
    async with edge() as here:
        far = await established(here)
        here.wire().took()
        await here.give(far.next("INVITE", body=SDP))
        await here.clock.turn(1.6)
        assert here.wire().statuses() == [200, 200, 200]
        await here.give(far.request("ACK"))
        await here.clock.turn(30)
        assert here.wire().statuses() == []


@on_loop
async def test_a_reinvite_without_our_law_is_488_and_the_call_goes_on() -> None:
    async with edge() as here:
        far = await established(here)
        here.wire().took()
        await here.give(far.next("INVITE", body=SDP.replace("8 0 101", "0")))
        assert here.wire().statuses() == [488]
        assert here.exchange.calls[0].ends == []


@on_loop
async def test_update_with_and_without_an_offer() -> None:
    async with edge() as here:
        far = await established(here)
        here.wire().took()
        await here.give(far.next("UPDATE"))
        assert here.wire().statuses() == [200]
        await here.give(far.next("UPDATE", body=f"{SDP}a=inactive\r\n"))
        answer = here.wire().took()[-1]
        assert b"a=inactive" in answer.body
        assert ("changed", False) in here.exchange.calls[0].words


@pytest.mark.parametrize(
    ("kind", "body", "key"),
    [
        ("application/dtmf-relay", "Signal=5\r\nDuration=160\r\n", "5"),
        ("application/dtmf-relay", "Signal= *\r\nDuration= 250\r\n", "*"),
        ("application/dtmf-relay", "Signal=11\r\n", "#"),
        ("application/dtmf", "7", "7"),
        ("application/dtmf", "", None),
        ("application/x", "7", None),
        ("application/dtmf-relay", "Signal=5512\r\n", None),
    ],
)
@on_loop
async def test_keys_by_info(kind: str, body: str, key: str | None) -> None:
    async with edge() as here:
        far = await established(here)
        here.wire().took()
        await here.give(far.next("INFO", body=body, headers=(f"Content-Type: {kind}",)))
        assert here.wire().statuses() == [200]
        assert [word for word in here.exchange.calls[0].words if word[0] == "digit"] == (
            [("digit", key)] if key else []
        )


@pytest.mark.parametrize(
    ("method", "status"),
    [("REFER", 403), ("MESSAGE", 405), ("NOTIFY", 489), ("OPTIONS", 200), ("FOO", 405)],
)
@on_loop
async def test_other_requests_within_a_call(method: str, status: int) -> None:
    async with edge() as here:
        far = await established(here)
        here.wire().took()
        await here.give(far.next(method, headers=("Refer-To: <sip:+4930@192.0.2.66>",)))
        assert here.wire().statuses() == [status]
        assert here.exchange.calls[0].ends == []


@on_loop
async def test_a_request_that_is_older_is_500() -> None:
    async with edge() as here:
        far = await established(here)
        await here.give(far.next("OPTIONS"))
        here.wire().took()
        await here.give(far.request("INFO", number=1))
        assert here.wire().statuses() == [500]


@on_loop
async def test_a_spoofed_bye_ends_nothing() -> None:
    async with edge() as here:
        far = await established(here)
        here.wire().took()
        wrong = Far(call_id=far.call_id, tag="guess", their_tag=far.their_tag, number=5)
        await here.give(wrong.request("BYE"))
        other = Far(call_id=far.call_id, tag=far.tag, their_tag="guess", number=6)
        await here.give(other.request("BYE"))
        assert here.wire().statuses() == [481, 481]
        stranger = Wire(("203.0.113.9", 5060))
        await here.give(far.next("BYE"), stranger)
        assert stranger.sent == []
        assert here.exchange.calls[0].ends == []


@on_loop
async def test_glare_is_491() -> None:
    async with edge() as here:
        far = await established(here)
        call = here.exchange.calls[0].call
        assert call is not None
        here.wire().took()
        task = asyncio.create_task(call.hold(on=True))
        await here.clock.turn(0)
        assert here.wire().methods() == ["INVITE"]
        await here.give(far.next("INVITE", body=SDP))
        assert here.wire().statuses() == [491]
        task.cancel()


@on_loop
async def test_a_session_that_is_not_refreshed_ends() -> None:
    """RFC 4028 §10, the far side refreshes."""
    async with edge() as here:
        await established(here, ("Supported: timer", "Session-Expires: 90;refresher=uac"))
        here.wire().took()
        await here.clock.turn(59)
        assert here.exchange.calls[0].ends == []
        await here.clock.turn(1.1)
        assert here.wire().methods() == ["BYE"]
        assert here.exchange.calls[0].ends == [408]


@on_loop
async def test_a_refresh_keeps_the_session() -> None:
    async with edge() as here:
        far = await established(here, ("Supported: timer", "Session-Expires: 90;refresher=uac"))
        for _ in range(3):
            await here.clock.turn(50)
            await here.give(far.next("UPDATE", headers=("Supported: timer", "Session-Expires: 90;refresher=uac")))
        assert here.exchange.calls[0].ends == []


@on_loop
async def test_we_refresh_for_those_who_cannot_and_notice_that_they_are_gone() -> None:
    async with edge() as here:
        await established(here)
        here.wire().took()
        await here.clock.turn(900.1)
        assert here.wire().methods() == ["INVITE"]
        await here.clock.turn(33)
        assert here.exchange.calls[0].ends == [408]


@on_loop
async def test_record_routes_are_kept_and_used() -> None:
    async with edge() as here:
        await established(here, ("Record-Route: <sip:192.0.2.20;lr>, <sip:192.0.2.21;lr>",))
        here.wire().took()
        call = here.exchange.calls[0].call
        assert call is not None
        await call.hang_up()
        bye = here.wire("192.0.2.20").took()[-1]
        assert isinstance(bye, Request)
        assert bye.headers.lines("route") == ["<sip:192.0.2.20;lr>", "<sip:192.0.2.21;lr>"]
        assert str(bye.uri) == "sip:caller@192.0.2.10:5060"
