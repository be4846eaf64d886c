"""Packets as they are written down in RFC 3550, and those that are not."""

import struct

import pytest

from trustdesk.sipedge.media import rtcp, rtp

PLAIN = struct.pack(">BBHII", 0x80, 8, 7, 160, 0xABCD)


@pytest.mark.parametrize(
    ("data", "payload"),
    [
        (PLAIN + b"sound", b"sound"),
        (PLAIN, b""),
        (b"\x82" + PLAIN[1:] + bytes(8) + b"sound", b"sound"),  # two contributing sources
        (b"\x90" + PLAIN[1:] + b"\xbe\xde\x00\x01" + bytes(4) + b"sound", b"sound"),  # an extension of one word
        (b"\xa0" + PLAIN[1:] + b"sound" + b"\x00\x00\x03", b"sound"),  # three octets of padding
        (b"\xa0" + PLAIN[1:] + b"\x01", b""),
    ],
)
def test_the_sound_is_found_whatever_stands_before_and_after_it(data: bytes, payload: bytes) -> None:
    assert rtp.read(data) == rtp.Packet(8, 7, 160, 0xABCD, payload)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        PLAIN[:-1],
        b"\x40" + PLAIN[1:],  # another version
        b"\x8f" + PLAIN[1:],  # fifteen sources that are not there
        b"\x90" + PLAIN[1:],  # an extension that is not there
        b"\x90" + PLAIN[1:] + b"\xbe\xde\xff\xff",
        b"\xa0" + PLAIN[1:] + b"\x00",  # no padding is no padding
        b"\xa0" + PLAIN[1:] + b"sound\x09",  # more padding than packet
        b"\x80\xc8" + PLAIN[2:],  # RTCP on the same port
    ],
)
def test_what_is_no_packet_is_none(data: bytes) -> None:
    assert rtp.read(data) is None


def test_timestamps_wrap() -> None:
    assert rtp.ahead(10, 0xFFFFFFFA) == 16
    assert rtp.ahead(0xFFFFFFFA, 10) == -16
    assert rtp.ahead(5, 5) == 0


def test_a_header_is_one_number_and_the_next_is_a_step_away() -> None:
    one = rtp.head(8, 7, 160, 0xABCD)
    assert one.to_bytes(12, "big") == PLAIN
    assert (one + rtp.step(160)).to_bytes(12, "big") == struct.pack(">BBHII", 0x80, 8, 8, 320, 0xABCD)
    assert rtp.until_wrap(0xFFF0, 0, 160) == 15
    assert rtp.until_wrap(0, 0xFFFFFFFF - 480, 160) == 3


HEARD = rtcp.Heard(ssrc=9, highest=70_000, lost=300, fraction=0.25, jitter=12.7, last_report=0xAABBCCDD, since=1.5)


def test_a_report_says_what_was_sent_and_heard_and_who_we_are() -> None:
    data = rtcp.report(5, "name", HEARD, sent=(1000, 50, 8000), at=2.5)
    assert len(data) % 4 == 0
    (kind, count, body), (description, chunks, name) = rtcp.packets(data)
    assert (kind, count, description, chunks) == (rtcp.SENDER, 1, rtcp.DESCRIPTION, 1)
    assert struct.unpack_from(">IIIIII", body) == (5, 2, 1 << 31, 1000, 50, 8000)
    assert struct.unpack_from(">IIIIII", body, 24) == (9, 64 << 24 | 300, 70_000, 12, 0xAABBCCDD, 98_304)
    assert name[:10] == struct.pack(">IBB", 5, 1, 4) + b"name"
    assert rtcp.last_report(data, 5) == 0x00028000
    assert rtcp.last_report(data, 6) == 0


def test_who_did_not_speak_reports_what_it_heard_only() -> None:
    [(kind, count, _body), _name] = rtcp.packets(rtcp.report(5, "n", None, sent=None, at=0))
    assert (kind, count) == (rtcp.RECEIVER, 0)
    assert rtcp.last_report(rtcp.report(5, "n", None, sent=None, at=0), None) == 0


def test_farewell_is_a_compound_packet_that_begins_with_a_report() -> None:
    assert [kind for kind, _count, _body in rtcp.packets(rtcp.goodbye(5, "n"))] == [
        rtcp.RECEIVER,
        rtcp.DESCRIPTION,
        rtcp.GOODBYE,
    ]


def test_packets_are_known_by_their_type_whatever_stands_first() -> None:
    description_first = rtcp.goodbye(7, "n") + rtcp.report(5, "n", None, sent=(0, 1, 1), at=3)
    assert rtcp.last_report(description_first, 5) == 3 << 16


def test_names_say_nothing_and_differ() -> None:
    assert len({rtcp.canonical_name() for _leg in range(50)}) == 50
