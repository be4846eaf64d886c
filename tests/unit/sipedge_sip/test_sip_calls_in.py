"""A call that comes in, message by message."""

import pytest
from tests.sipping import AUDIO, Exchange, Heard
from tests.sipwire import SDP, Far, Wire, edge, on_loop

from trustdesk.sipedge.media.contracts import Law
from trustdesk.sipedge.sip.contracts import CallOverError, Offer, SipCall
from trustdesk.sipedge.sip.message import Response


async def wait(call: SipCall, heard: Heard) -> None:
    """Do nothing: the test will."""


@on_loop
async def test_it_is_rung_answered_and_ended() -> None:
    async with edge() as here:
        far = Far()
        await here.give(far.request("INVITE", body=SDP))
        sent = here.wire().took()
        assert [message.status for message in sent if isinstance(message, Response)] == [100, 180, 200]
        far.learn(sent)
        body = sent[-1].body.decode()
        assert "m=audio 40000 RTP/AVP 8 101" in body
        assert "a=sendrecv" in body
        await here.give(far.request("ACK"))
        heard = here.exchange.calls[0]
        assert heard.up.is_set()
        assert heard.invitation is not None
        assert (heard.invitation.number, heard.invitation.caller) == ("+3612345678", "+36201112233")
        await here.give(far.next("BYE"))
        assert here.wire().statuses() == [200]
        assert heard.ends == [200]
        await here.clock.turn(64)
        assert here.left == 0


@on_loop
async def test_the_answer_is_repeated_until_its_ack() -> None:
    """RFC 3261 §13.3.1.4: T1, doubled up to T2."""
    async with edge() as here:
        far = Far()
        await here.give(far.request("INVITE", body=SDP))
        far.learn(here.wire().took())
        times = []
        for _ in range(160):
            await here.clock.turn(0.1)
            times += [round(here.clock.now - 1000, 1)] * here.wire().statuses().count(200)
        assert times == [0.5, 1.5, 3.5, 7.5, 11.5, 15.5]
        await here.give(far.request("ACK"))
        await here.clock.turn(20)
        assert here.wire().statuses() == []
        assert here.exchange.calls[0].ends == []


@on_loop
async def test_without_an_ack_it_ends_with_a_bye() -> None:
    async with edge() as here:
        await here.give(Far().request("INVITE", body=SDP))
        here.wire().took()
        await here.clock.turn(32.1)
        assert "BYE" in here.wire().methods()
        assert here.exchange.calls[0].ends == [408]
        assert here.exchange.calls[0].said[0] == "TimeoutError"
        await here.clock.turn(64)
        assert here.left == 0


@on_loop
async def test_a_repeated_invite_is_one_call() -> None:
    async with edge() as here:
        invite = Far().request("INVITE", body=SDP)
        for _ in range(3):
            await here.give(invite)
        assert len(here.exchange.calls) == 1
        assert here.wire().statuses() == [100, 180, 200]


@on_loop
async def test_the_same_invite_by_another_way_is_merged() -> None:
    """RFC 3261 §8.2.2.2."""
    async with edge() as here:
        far = Far()
        await here.give(far.request("INVITE", body=SDP))
        here.wire().took()
        await here.give(far.request("INVITE", body=SDP))
        assert here.wire().statuses() == [482]
        assert len(here.exchange.calls) == 1


@on_loop
async def test_cancelled_while_it_rings() -> None:
    async with edge(Exchange(deed=wait)) as here:
        far = Far()
        invite = far.request("INVITE", body=SDP, branch="z9hG4bKcancel")
        await here.give(invite)
        heard = here.exchange.calls[0]
        assert heard.call is not None
        await heard.call.ring()
        await here.give(far.request("CANCEL", branch="z9hG4bKcancel"))
        assert here.wire().statuses() == [100, 180, 200, 487]
        assert heard.ends == [487]
        with pytest.raises(CallOverError):
            await heard.call.answer(AUDIO, Law.A)
        await here.clock.turn(1.6)
        assert here.wire().statuses() == [487, 487]
        await here.give(far.request("ACK", branch="z9hG4bKcancel"))
        await here.clock.turn(40)
        assert here.wire().statuses() == []
        assert here.left == 0


@on_loop
async def test_a_cancel_after_the_answer_changes_nothing() -> None:
    async with edge() as here:
        far = Far()
        await here.give(far.request("INVITE", body=SDP, branch="z9hG4bKlate"))
        far.learn(here.wire().took())
        await here.give(far.request("CANCEL", branch="z9hG4bKlate"))
        assert here.wire().statuses() == [200]
        assert here.exchange.calls[0].ends == []


@on_loop
async def test_a_cancel_of_nothing_is_481() -> None:
    async with edge() as here:
        await here.give(Far().request("CANCEL"))
        assert here.wire().statuses() == [481]


@on_loop
async def test_a_stranger_cancels_nothing() -> None:
    async with edge(Exchange(deed=wait)) as here:
        far = Far()
        await here.give(far.request("INVITE", body=SDP, branch="z9hG4bKmine"))
        stranger = Wire(("203.0.113.9", 5060))
        await here.give(far.request("CANCEL", branch="z9hG4bKmine"), stranger)
        assert stranger.sent == []
        assert here.exchange.calls[0].ends == []


@pytest.mark.parametrize("status", [404, 480, 486, 488, 503, 603])
@on_loop
async def test_refused(status: int) -> None:
    async with edge(Exchange(deed=wait)) as here:
        far = Far()
        await here.give(far.request("INVITE", body=SDP, branch="z9hG4bKno"))
        heard = here.exchange.calls[0]
        assert heard.call is not None
        await heard.call.refuse(status)
        assert here.wire().statuses() == [100, status]
        await here.give(far.request("ACK", branch="z9hG4bKno"))
        await here.clock.turn(40)
        assert here.wire().statuses() == []
        assert here.left == 0


@on_loop
async def test_hanging_up_before_the_ack_waits_for_it() -> None:
    """RFC 3261 §15: the callee must not send BYE before the ACK."""
    async with edge() as here:
        far = Far()
        await here.give(far.request("INVITE", body=SDP))
        far.learn(here.wire().took())
        heard = here.exchange.calls[0]
        assert heard.call is not None
        await heard.call.hang_up()
        assert here.wire().methods() == []
        await here.give(far.request("ACK"))
        assert here.wire().methods() == ["BYE"]
        assert heard.ends == [200]


@on_loop
async def test_a_bye_before_the_answer_ends_the_call() -> None:
    async with edge(Exchange(deed=wait)) as here:
        far = Far()
        await here.give(far.request("INVITE", body=SDP))
        heard = here.exchange.calls[0]
        assert heard.call is not None
        await heard.call.ring()
        far.learn(here.wire().took())
        await here.give(far.next("BYE"))
        assert here.wire().statuses() == [200, 487]
        assert heard.ends == [487]


@on_loop
async def test_what_is_agreed_is_the_law_that_was_answered_with() -> None:
    async def by_mu_law(call: SipCall, heard: Heard) -> None:
        heard.words.append(("offer", await call.answer(AUDIO, Law.MU)))

    async with edge(Exchange(deed=by_mu_law)) as here:
        far = Far()
        await here.give(far.request("INVITE", body=SDP))
        sent = here.wire().took()
        assert b"m=audio 40000 RTP/AVP 0 101" in sent[-1].body
        far.learn(sent)
        await here.give(far.request("ACK"))
        await here.give(far.next("INVITE", body=SDP.replace("30000", "30002")))
        offer = here.exchange.calls[0].words[0][1]
        assert isinstance(offer, Offer)
        assert offer.far is not None
        assert offer.far.law is Law.MU
        assert b"m=audio 40000 RTP/AVP 0 101" in here.wire().took()[-1].body


@on_loop
async def test_a_late_offer_is_answered_in_the_ack() -> None:
    async with edge() as here:
        far = Far()
        await here.give(far.request("INVITE"))
        sent = here.wire().took()
        assert "m=audio 40000" in sent[-1].body.decode()
        far.learn(sent)
        assert not here.exchange.calls[0].up.is_set()
        await here.give(far.request("ACK", body=SDP))
        assert here.exchange.calls[0].up.is_set()


@on_loop
async def test_a_late_offer_without_an_answer_ends_the_call() -> None:
    async with edge() as here:
        far = Far()
        await here.give(far.request("INVITE"))
        far.learn(here.wire().took())
        await here.give(far.request("ACK"))
        assert here.wire().methods() == ["BYE"]
        assert here.exchange.calls[0].ends == [488]


@on_loop
async def test_no_audio_that_we_speak_is_488() -> None:
    async with edge() as here:
        opus = SDP.replace("8 0 101", "111").replace("101 telephone-event/8000", "111 opus/48000/2")
        await here.give(Far().request("INVITE", body=opus))
        assert here.wire().statuses() == [100, 488]
        assert here.exchange.calls == []


@pytest.mark.parametrize(
    "body",
    ["v=1\r\n", "v=0\r\nm=audio 99999999 RTP/AVP 8\r\n", "v=0\r\nm=\r\n", "v=0\r\nc=IN IP4 x\r\n"],
)
@on_loop
async def test_a_malformed_session_is_400(body: str) -> None:
    async with edge() as here:
        text = Far().request(
            "INVITE",
            body=body,
            headers=("Content-Type: application/sdp",) * (not body.startswith("v=0")),
        )
        await here.give(text)
        assert here.wire().statuses() == [100, 400]
        assert here.exchange.calls == []


@on_loop
async def test_a_body_of_another_kind_is_415() -> None:
    async with edge() as here:
        await here.give(Far().request("INVITE", body="hello", headers=("Content-Type: text/plain",)))
        refusal = here.wire().took()[-1]
        assert isinstance(refusal, Response)
        assert refusal.status == 415
        assert refusal.headers.first("accept") == "application/sdp"


@on_loop
async def test_what_is_required_and_not_known_is_420() -> None:
    async with edge() as here:
        await here.give(Far().request("INVITE", body=SDP, headers=("Require: timer, replaces",)))
        refusal = here.wire().took()[-1]
        assert isinstance(refusal, Response)
        assert (refusal.status, refusal.headers.first("unsupported")) == (420, "replaces")


@on_loop
async def test_a_number_that_is_not_ours_is_404() -> None:
    async with edge() as here:
        await here.give(Far(uri="sip:+4930123456@198.51.100.1").request("INVITE", body=SDP))
        assert here.wire().statuses() == [404]
        assert here.exchange.calls == []


@on_loop
async def test_an_exchange_that_fails_is_500() -> None:
    class Failing(Exchange):
        async def invited(self, call: SipCall, invitation: object) -> Heard:
            raise RuntimeError

    async with edge(Failing()) as here:
        await here.give(Far().request("INVITE", body=SDP))
        assert here.wire().statuses() == [100, 500]


@on_loop
async def test_a_reliable_180_is_repeated_until_its_prack() -> None:
    """RFC 3262."""
    async with edge(Exchange(deed=wait)) as here:
        far = Far()
        await here.give(far.request("INVITE", body=SDP, headers=("Require: 100rel",)))
        heard = here.exchange.calls[0]
        assert heard.call is not None
        await heard.call.ring()
        ringing = here.wire().took()[-1]
        assert isinstance(ringing, Response)
        assert ringing.headers.first("require") == "100rel"
        far.learn([ringing])
        await here.clock.turn(1.6)
        assert here.wire().statuses() == [180, 180]
        rseq = ringing.headers.first("rseq")
        await here.give(far.next("PRACK", headers=(f"RAck: {int(rseq) + 1} 1 INVITE",)))
        assert here.wire().statuses() == [481]
        await here.give(far.next("PRACK", headers=(f"RAck: {rseq} 1 INVITE",)))
        assert here.wire().statuses() == [200]
        await here.clock.turn(20)
        assert here.wire().statuses() == []


@on_loop
async def test_too_short_a_session_is_422() -> None:
    async with edge() as here:
        await here.give(Far().request("INVITE", body=SDP, headers=("Supported: timer", "Session-Expires: 60")))
        refusal = here.wire().took()[-1]
        assert isinstance(refusal, Response)
        assert (refusal.status, refusal.headers.first("min-se")) == (422, "90")


@on_loop
async def test_answers_go_to_the_source_of_the_packet() -> None:
    """RFC 3581: whatever the Via says, a port 99999999 included."""
    async with edge() as here:
        wire = here.wire("192.0.2.77", 12345)
        await here.give(Far(via="SIP/2.0/UDP 10.0.0.1:9").request("INVITE", body=SDP), wire)
        first = wire.took()[0]
        assert first.via.params["received"] == "192.0.2.77"
        assert first.via.params["rport"] == "12345"


@on_loop
async def test_an_impossible_port_is_400_and_the_next_call_is_served() -> None:
    """One such packet silenced every stack that was tried."""
    async with edge() as here:
        await here.give(Far(via="SIP/2.0/UDP 192.0.2.10:99999999").request("INVITE", body=SDP))
        assert here.wire().sent.pop().startswith(b"SIP/2.0 400 ")  # to the packet's source, not to what it says
        bad = Far().request("INVITE", body=SDP).replace("caller@192.0.2.10:5060", "caller@192.0.2.10:99999999")
        await here.give(bad)
        assert here.wire().statuses() == [100, 400]
        await here.give(Far().request("INVITE", body=SDP))
        assert here.wire().statuses() == [100, 180, 200]
