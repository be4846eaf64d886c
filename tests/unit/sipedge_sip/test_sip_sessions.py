"""Session descriptions: what is offered, what is answered, what is refused."""

import pytest
from tests.sipwire import SDP

from trustdesk.sipedge.media.contracts import Law, Place
from trustdesk.sipedge.sip.faults import BadMessageError
from trustdesk.sipedge.sip.sdp import Ours, answering, parse_sdp

OURS = Ours(7, Place("198.51.100.1", 40000), (Law.A,))


def body(*lines: str, host: str = "IN IP4 192.0.2.10") -> bytes:
    return "\r\n".join(["v=0", "o=- 1 1 IN IP4 192.0.2.10", "s=-", f"c={host}", "t=0 0", *lines, ""]).encode()


def test_an_offer_is_read() -> None:
    offer = parse_sdp(SDP.encode()).offer
    assert offer.far is not None
    assert offer.far.place == Place("192.0.2.10", 30000)
    assert (offer.far.law, offer.far.keys_type, offer.far.sends) == (Law.A, 101, True)
    assert offer.laws == (Law.A, Law.MU)


@pytest.mark.parametrize(
    ("lines", "laws"),
    [
        (("m=audio 5 RTP/AVP 0",), (Law.MU,)),
        (("m=audio 5 RTP/AVP 3 18 8",), (Law.A,)),
        (("m=audio 5 RTP/AVP 0 8", "a=rtpmap:0 PCMU/8000", "a=rtpmap:8 PCMA/8000/1"), (Law.MU, Law.A)),
        (("m=audio 5 RTP/AVP 0 8", "a=rtpmap:0 opus/48000/2"), (Law.A,)),
        (("m=video 5 RTP/AVP 31", "m=audio 6 RTP/AVP 8"), (Law.A,)),
        (("m=audio 0 RTP/AVP 8", "m=audio 6 RTP/AVP 0"), (Law.MU,)),
    ],
)
def test_what_we_speak_is_found(lines: tuple[str, ...], laws: tuple[Law, ...]) -> None:
    assert parse_sdp(body(*lines)).stream.laws == laws


@pytest.mark.parametrize(
    "lines",
    [
        ("m=audio 5 RTP/AVP 111", "a=rtpmap:111 opus/48000/2"),
        ("m=audio 5 RTP/SAVP 8",),
        ("m=audio 0 RTP/AVP 8",),
        ("m=video 5 RTP/AVP 31",),
        ("m=image 5 udptl t38",),
        (),
    ],
)
def test_without_audio_that_we_speak_it_is_488(lines: tuple[str, ...]) -> None:
    with pytest.raises(BadMessageError) as refused:
        parse_sdp(body(*lines))
    assert refused.value.status == 488


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"v=1\r\n",
        b"\xff\xfe",
        body("m=audio 99999999 RTP/AVP 8"),
        body("m=audio -1 RTP/AVP 8"),
        body("m=audio 70000 RTP/AVP 8"),
        body("m=audio"),
        body("m=audio 5 RTP/AVP 8", host="IN IP4 carrier.example"),
        body("m=audio 5 RTP/AVP 8", host="IN IP4 224.0.0.5"),
        body("m=audio 5 RTP/AVP 8", host="IN IP4 255.255.255.255"),
        body("m=audio 5 RTP/AVP 8", host="IN IP4 999.1.1.1"),
        body(*["a=x"] * 600),
    ],
)
def test_what_is_no_description_is_400(data: bytes) -> None:
    with pytest.raises(BadMessageError) as refused:
        parse_sdp(data)
    assert refused.value.status == 400


@pytest.mark.parametrize(
    ("theirs", "ours", "sends"),
    [
        ("sendrecv", "sendrecv", True),
        ("sendonly", "recvonly", False),
        ("recvonly", "sendonly", False),
        ("inactive", "inactive", False),
    ],
)
def test_directions_fit(theirs: str, ours: str, *, sends: bool) -> None:
    description = parse_sdp(body("m=audio 5 RTP/AVP 8", f"a={theirs}"))
    assert answering(OURS, description).direction == ours
    assert description.offer.far is not None
    assert description.offer.far.sends is sends


def test_the_old_way_to_hold_is_understood() -> None:
    description = parse_sdp(body("m=audio 5 RTP/AVP 8", host="IN IP4 0.0.0.0"))
    assert description.offer.far is not None
    assert description.offer.far.sends is False


def test_while_we_hold_an_offer_does_not_undo_it() -> None:
    held = OURS.changed(direction="sendonly")
    assert answering(held, parse_sdp(SDP.encode())).direction == "sendonly"
    assert answering(held, parse_sdp(SDP.encode() + b"a=sendonly\r\n")).direction == "inactive"
    free = held.changed(direction="sendrecv")
    assert answering(free, parse_sdp(SDP.encode())).direction == "sendrecv"


def test_after_the_other_side_held_us_we_do_not_hold() -> None:
    held = answering(OURS, parse_sdp(SDP.encode() + b"a=recvonly\r\n"))
    assert held.direction == "sendonly"
    assert answering(held, parse_sdp(SDP.encode())).direction == "sendrecv"


def test_every_stream_of_the_offer_is_answered_in_its_place() -> None:
    """RFC 3264 §6."""
    description = parse_sdp(body("m=video 9 RTP/AVP 31", "m=audio 5 RTP/AVP 8 97", "a=rtpmap:97 telephone-event/8000"))
    lines = answering(OURS, description).answered(description).decode().splitlines()
    assert [line for line in lines if line.startswith("m=")] == ["m=video 0 RTP/AVP 31", "m=audio 40000 RTP/AVP 8 97"]


def test_the_version_grows_with_each_change_and_only_then() -> None:
    """RFC 3264 §8."""
    answered = answering(OURS, parse_sdp(SDP.encode()))
    assert answering(answered, parse_sdp(SDP.encode())).version == answered.version
    held = answered.changed(direction="sendonly")
    assert held.version == answered.version + 1


def test_ipv6_is_written_and_read() -> None:
    ours = Ours(7, Place("2001:db8::1", 40000), (Law.MU,))
    description = parse_sdp(ours.offered())
    assert description.offer.far is not None
    assert description.offer.far.place == Place("2001:db8::1", 40000)
