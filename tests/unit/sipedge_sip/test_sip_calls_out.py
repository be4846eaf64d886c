"""A call of ours, message by message."""

import asyncio

import pytest
from tests.sipcalling import CARRIER, CONTACT, calling, dial, last_options
from tests.sipping import AUDIO, OUR_NUMBER, Heard, config_of, trunk_of
from tests.sipwire import SDP, edge, last, on_loop, responded

from trustdesk.sipedge.media.contracts import Law, Place
from trustdesk.sipedge.sip.contracts import CallOverError, Peer, Side
from trustdesk.sipedge.sip.message import Request


@on_loop
async def test_the_invite_says_who_and_what() -> None:
    async with calling() as here:
        _, _, invite = await dial(here)
        assert str(invite.uri) == "sip:+36301234567@192.0.2.10"
        assert invite.from_.display == "Acme"
        assert invite.from_.uri.user == OUR_NUMBER
        assert "m=audio 40000 RTP/AVP 8 0 101" in invite.body.decode()
        assert invite.headers.first("session-expires") == "1800;refresher=uac"


@on_loop
async def test_it_rings_is_answered_and_ended_by_us() -> None:
    async with calling() as here:
        call, heard, invite = await dial(here)
        await here.give(responded(invite, 100, tag=""))
        await here.give(responded(invite, 180))
        await here.give(responded(invite, 180))
        await here.give(responded(invite, 200, headers=CONTACT, body=SDP))
        wire = here.wire("192.0.2.10", 5070)
        ack = last(wire.took(), "ACK")
        assert (str(ack.uri), ack.cseq.number, ack.to.tag) == ("sip:desk@192.0.2.10:5070", 1, "theirs")
        assert heard.said == ["ringing", "answered"]
        await call.hang_up()
        bye = last(wire.took(), "BYE")
        assert bye.cseq.number == 2
        await here.give(responded(bye, 200), wire)
        assert heard.ends == [200]
        await here.clock.turn(65)
        assert here.left == 0


@on_loop
async def test_the_invite_is_repeated_and_given_up() -> None:
    """Timers A and B."""
    async with calling() as here:
        _, heard, _ = await dial(here)
        times = []
        for _ in range(330):
            await here.clock.turn(0.1)
            times += [round(here.clock.now - 1000, 1)] * here.wire().methods().count("INVITE")
        assert times == pytest.approx([0.5, 1.5, 3.5, 7.5, 15.5, 31.5], abs=0.11)
        assert heard.ends == [408]


@pytest.mark.parametrize("status", [302, 404, 486, 488, 500, 603])
@on_loop
async def test_a_refusal_gets_its_ack_each_time(status: int) -> None:
    async with calling() as here:
        _, heard, invite = await dial(here)
        for _ in range(3):
            await here.give(responded(invite, status, headers=("Contact: <sip:+3690@192.0.2.66>",)))
            ack = last(here.wire().took(), "ACK")
            assert ack.via.branch == invite.via.branch
        assert heard.ends == [status]


@on_loop
async def test_a_repeated_200_gets_another_ack() -> None:
    async with calling() as here:
        _, heard, invite = await dial(here)
        for _ in range(3):
            await here.give(responded(invite, 200, headers=CONTACT, body=SDP))
        assert here.wire("192.0.2.10", 5070).methods() == ["ACK", "ACK", "ACK"]
        assert heard.said == ["answered"]


@on_loop
async def test_the_second_answer_of_a_fork_is_sent_away() -> None:
    async with calling() as here:
        _, heard, invite = await dial(here)
        await here.give(responded(invite, 200, headers=CONTACT, body=SDP))
        here.wire("192.0.2.10", 5070).took()
        other = ("Contact: <sip:other@192.0.2.11>",)
        await here.give(responded(invite, 200, tag="other", headers=other, body=SDP))
        await here.give(responded(invite, 200, tag="other", headers=other, body=SDP))
        sent = here.wire("192.0.2.11").took()
        assert [message.method for message in sent if isinstance(message, Request)] == ["ACK", "BYE", "ACK"]
        assert last(sent, "BYE").to.tag == "other"
        assert heard.said == ["answered"]


@on_loop
async def test_cancelled_once_it_rings() -> None:
    async with calling() as here:
        call, heard, invite = await dial(here)
        await here.give(responded(invite, 180))
        await call.hang_up()
        cancel = last(here.wire().took(), "CANCEL")
        assert cancel.via.branch == invite.via.branch
        assert (cancel.cseq.number, cancel.to.tag) == (1, "")
        await here.give(responded(cancel, 200))
        await here.give(responded(invite, 487))
        assert here.wire().methods() == ["ACK"]
        assert heard.ends == [487]


@on_loop
async def test_before_any_answer_the_cancel_waits() -> None:
    """RFC 3261 §9.1."""
    async with calling() as here:
        call, heard, invite = await dial(here)
        await call.hang_up()
        assert here.wire().methods() == []
        assert not heard.ends
        await asyncio.sleep(0)
        assert heard.ends == [487]
        await here.give(responded(invite, 100, tag=""))
        assert here.wire().methods() == ["CANCEL"]


@on_loop
async def test_an_answer_that_crosses_the_cancel_is_thanked_and_ended() -> None:
    async with calling() as here:
        call, heard, invite = await dial(here)
        await here.give(responded(invite, 180))
        await call.hang_up()
        await here.give(responded(invite, 200, headers=CONTACT, body=SDP))
        assert here.wire("192.0.2.10", 5070).methods() == ["ACK", "BYE"]
        await here.give(responded(invite, 200, headers=CONTACT, body=SDP))
        assert here.wire("192.0.2.10", 5070).methods() == ["ACK"]
        assert heard.said == ["ringing", "ended"]


@on_loop
async def test_a_cancel_that_nobody_concludes_ends_by_itself() -> None:
    async with calling() as here:
        call, _, invite = await dial(here)
        await here.give(responded(invite, 180))
        await call.hang_up()
        await here.clock.turn(33)
        assert here.side.calls == 0


@on_loop
async def test_a_challenge_is_met_and_the_bye_s_too() -> None:
    challenge = ('WWW-Authenticate: Digest realm="carrier", nonce="n1", qop="auth", algorithm=MD5',)
    async with calling("desk", "secret") as here:
        call, heard, invite = await dial(here)
        await here.give(responded(invite, 401, headers=challenge))
        sent = here.wire().took()
        again = last(sent, "INVITE")
        assert last(sent, "ACK").cseq.number == 1
        assert again.cseq.number == 2
        assert again.via.branch != invite.via.branch
        assert 'username="desk"' in again.headers.first("authorization")
        assert "secret" not in again.headers.first("authorization")
        await here.give(responded(again, 200, headers=CONTACT, body=SDP))
        await call.hang_up()
        wire = here.wire("192.0.2.10", 5070)
        bye = last(wire.took(), "BYE")
        proxy = ('Proxy-Authenticate: Digest realm="proxy", nonce="n2", qop="auth"',)
        await here.give(responded(bye, 407, headers=proxy), wire)
        proven = last(wire.took(), "BYE")
        assert proven.cseq.number == bye.cseq.number + 1
        assert 'realm="proxy"' in proven.headers.first("proxy-authorization")
        assert heard.said == ["answered", "ended"]


@on_loop
async def test_a_wrong_password_is_not_tried_for_ever() -> None:
    challenge = ('WWW-Authenticate: Digest realm="carrier", nonce="n1", qop="auth"',)
    async with calling("desk", "secret") as here:
        _, heard, invite = await dial(here)
        await here.give(responded(invite, 401, headers=challenge))
        await here.give(responded(last(here.wire().took(), "INVITE"), 401, headers=challenge))
        assert "INVITE" not in here.wire().methods()
        assert heard.ends == [401]


@on_loop
async def test_too_short_a_session_is_asked_for_again() -> None:
    async with calling() as here:
        _, _, invite = await dial(here)
        await here.give(responded(invite, 422, headers=("Min-SE: 3600",)))
        again = last(here.wire().took(), "INVITE")
        assert again.headers.first("session-expires") == "3600;refresher=uac"


@on_loop
async def test_a_reliable_provisional_gets_its_prack_once() -> None:
    async with calling() as here:
        _, heard, invite = await dial(here)
        reliable = (*CONTACT, "Require: 100rel", "RSeq: 7")
        await here.give(responded(invite, 183, headers=reliable, body=SDP))
        await here.give(responded(invite, 183, headers=reliable, body=SDP))
        wire = here.wire("192.0.2.10", 5070)
        pracks = [message for message in wire.took() if isinstance(message, Request)]
        assert [prack.headers.first("rack") for prack in pracks] == ["7 1 INVITE"]
        await here.give(responded(invite, 200, headers=CONTACT))
        assert last(wire.took(), "ACK").cseq.number == 1
        assert heard.said == ["ringing", "answered"]


@on_loop
async def test_an_answer_without_audio_that_we_speak_is_ended() -> None:
    async with calling() as here:
        _, heard, invite = await dial(here)
        await here.give(responded(invite, 200, headers=CONTACT, body=SDP.replace("8 0 101", "3")))
        assert here.wire("192.0.2.10", 5070).methods() == ["ACK", "BYE"]
        assert heard.words == [("ended", 488)]


@on_loop
async def test_an_answer_whose_contact_cannot_be_read_is_ended_properly() -> None:
    async with calling() as here:
        _, heard, invite = await dial(here)
        await here.give(responded(invite, 200, headers=("Contact: <sip:x@192.0.2.10:99999999>",), body=SDP))
        assert here.wire().methods() == ["ACK"]
        assert heard.said == ["answered"]


@on_loop
async def test_routes_of_the_answer_are_turned_round() -> None:
    async with calling() as here:
        _, _, invite = await dial(here)
        routes = ("Record-Route: <sip:192.0.2.31;lr>", "Record-Route: <sip:192.0.2.30;lr>")
        await here.give(responded(invite, 200, headers=(*CONTACT, *routes), body=SDP))
        ack = last(here.wire("192.0.2.30").took(), "ACK")
        assert ack.headers.lines("route") == ["<sip:192.0.2.30;lr>", "<sip:192.0.2.31;lr>"]


@on_loop
async def test_a_strict_router_is_the_target_and_the_target_the_last_route() -> None:
    async with calling() as here:
        _, _, invite = await dial(here)
        await here.give(responded(invite, 200, headers=(*CONTACT, "Record-Route: <sip:192.0.2.30>"), body=SDP))
        ack = last(here.wire("192.0.2.30").took(), "ACK")
        assert str(ack.uri) == "sip:192.0.2.30"
        assert ack.headers.lines("route") == ["<sip:desk@192.0.2.10:5070>"]


@on_loop
async def test_the_far_side_hangs_up() -> None:
    async with calling() as here:
        _, heard, invite = await dial(here)
        await here.give(responded(invite, 200, headers=CONTACT, body=SDP))
        bye = (
            f"BYE sip:trustdesk@198.51.100.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.10;branch=z9hG4bKb\r\n"
            f"From: <sip:x@y.example>;tag=theirs\r\nTo: <sip:us@z.example>;tag={invite.from_.tag}\r\n"
            f"Call-ID: {invite.call_id}\r\nCSeq: 9 BYE\r\nContent-Length: 0\r\n\r\n"
        )
        await here.give(bye)
        assert here.wire().statuses() == [200]
        assert heard.ends == [200]
        await here.give(bye.replace("z9hG4bKb", "z9hG4bKc"))
        assert here.wire().statuses() == [481]


@on_loop
async def test_a_wire_that_is_cut_is_503() -> None:
    async with calling() as here:
        here.wire().broken = True
        _, heard = Heard(), Heard()
        await here.side.dial(
            CARRIER,
            number="+36301234567",
            caller="",
            name="",
            place=AUDIO,
            laws=(Law.A,),
            events=heard,
        )
        await here.clock.turn(0)
        assert heard.ends == [503]
        assert here.side.calls == 0


@on_loop
async def test_it_rings_for_three_minutes_at_most() -> None:
    async with calling() as here:
        _, heard, invite = await dial(here)
        await here.give(responded(invite, 180))
        here.wire().took()
        await here.clock.turn(180.1)
        assert "CANCEL" in here.wire().methods()
        assert heard.ends == [408]


@pytest.mark.parametrize("peer", [Peer(side=Side.PHONE, phone="nobody"), Peer(side=Side.TRUNK, trunk=7)])
@on_loop
async def test_who_cannot_be_reached_is_said_at_once(peer: Peer) -> None:
    async with calling() as here:
        with pytest.raises(CallOverError):
            await here.side.dial(
                peer,
                number="+36301234567",
                caller="",
                name="",
                place=AUDIO,
                laws=(Law.A,),
                events=Heard(),
            )


@on_loop
async def test_a_wildcard_place_becomes_the_address_that_others_know() -> None:
    async with calling() as here:
        await here.side.dial(
            CARRIER,
            number="+36301234567",
            caller="",
            name="",
            place=Place("0.0.0.0", 40000),  # noqa: S104
            laws=(Law.A,),
            events=Heard(),
        )
        assert b"c=IN IP4 198.51.100.1" in last(here.wire().took(), "INVITE").body


@on_loop
async def test_the_trunk_answers_or_does_not() -> None:
    trunk = trunk_of(1, "192.0.2.0/24", target="sip:192.0.2.10")
    async with edge(config=config_of(trunks=(trunk,))) as here:
        assert here.side.reachable() == (frozenset(), frozenset())
        await here.give(responded(last_options(here), 404))
        assert here.side.reachable()[1] == {1}
        assert here.exchange.changes == 1
        await here.clock.turn(30.1 + 32.1)
        assert here.side.reachable()[1] == frozenset()
        assert here.exchange.changes == 2
