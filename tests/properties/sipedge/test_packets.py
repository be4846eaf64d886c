"""Any octets are a packet or none, and the steady way gives what the long way gives."""

import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.phones import passing

from trustdesk.sipedge.media import leg as legs
from trustdesk.sipedge.media import rtcp, rtp
from trustdesk.sipedge.media.contracts import Law
from trustdesk.sipedge.media.keys import KeyHearing

junk = st.binary(max_size=200)


@given(st.one_of(junk, st.tuples(st.sampled_from([b"\x80", b"\x90", b"\xbf", b"\xa5"]), junk).map(b"".join)))
def test_any_octets_are_a_packet_or_none(data: bytes) -> None:
    packet = rtp.read(data)
    assert packet is None or (packet.payload in data and 0 <= packet.kind < 128)
    rtcp.last_report(data, None)
    assert sum(len(body) for _kind, _count, body in rtcp.packets(data)) <= len(data)
    key = KeyHearing().heard(0, data)
    assert key is None or len(key) == 1


# A stream: what each packet does to the numbers of the one before.
packets = st.lists(
    st.sampled_from(
        ["next"] * 12 + ["lost", "late", "marker", "longer", "key", "another law", "another stream", "junk"]
    ),
    min_size=1,
    max_size=90,
)
starts = st.tuples(st.sampled_from([0, 65_500, 65_530]), st.sampled_from([0, (1 << 32) - 3000, 1 << 31]))


def stream(doings: list[str], start: tuple[int, int]) -> Iterator[bytes]:
    sequence, timestamp = start
    ssrc, law = 5, Law.A
    for number, doing in enumerate(doings):
        sound = bytes([number % 256]) * (240 if doing == "longer" else 160)
        at, moment, kind = sequence, timestamp, int(law)
        match doing:
            case "lost":
                at, moment = sequence + 3, timestamp + 480
            case "late":
                at, moment = sequence - 2, timestamp - 320
            case "marker":
                kind |= 0x80
            case "key":
                kind, sound = 101, b"\x01\x0a\x00\xa0"
            case "another law":
                law = Law.MU if law is Law.A else Law.A
                kind = int(law)
            case "another stream":
                ssrc, at, moment = ssrc + 1, sequence + 9999, timestamp + 77_777
            case "junk":
                yield b"\x80\x08junk"
                continue
        yield rtp.HEADER.pack(0x80, kind, at & rtp.M16, moment & rtp.M32, ssrc) + sound
        if doing != "late":
            sequence, timestamp = at + 1, moment + (0 if doing == "key" else len(sound))


def what_is_heard(doings: list[str], start: tuple[int, int]) -> list[tuple[object, ...]]:
    """What comes out, with its numbers counted from the first."""
    heard: list[tuple[object, ...]] = []
    with tempfile.TemporaryDirectory() as folder, passing(Path(folder)) as (loop, speaker, hearer):
        with patch("time.monotonic", return_value=1.0):
            for data in stream(doings, start):
                speaker.send(data)
                loop._round(0)
        first: rtp.Packet | None = None
        while True:
            try:
                data = hearer.recv(2048)
            except BlockingIOError:
                return heard
            if (packet := rtp.read(data)) is None:
                continue
            first = first or packet
            numbers = (packet.sequence - first.sequence & rtp.M16, packet.timestamp - first.timestamp & rtp.M32)
            heard.append((data[0], data[1], *numbers, packet.ssrc == first.ssrc, packet.payload))


@settings(max_examples=40)
@given(packets, starts)
def test_the_steady_way_gives_what_the_long_way_gives(doings: list[str], start: tuple[int, int]) -> None:
    steady = what_is_heard(doings, start)
    with patch.object(legs, "_SAMPLED", 1 << 40):  # nothing is ever far enough from a wrap
        assert what_is_heard(doings, start) == steady
    sounds = sum(doing not in {"key", "junk"} for doing in doings)
    assert len(steady) <= sounds
    assert all(packet[4] for packet in steady)


headers = st.tuples(
    st.sampled_from([0x80, 0x90, 0xA0, 0x81, 0x8F, 0xBF, 0x00]), st.sampled_from([0, 8, 0x88, 13, 101, 229, 200]), junk
)


@settings(max_examples=40)
@given(st.lists(st.one_of(junk, headers.map(lambda parts: bytes(parts[:2]) + parts[2])), max_size=40))
def test_no_packet_ends_the_loop(datagrams: list[bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder, passing(Path(folder)) as (loop, speaker, hearer):
        for data in datagrams:
            speaker.send(data)
            loop._round(0)
        for number in range(2):  # two that follow each other are heard, whatever was before
            speaker.send(rtp.HEADER.pack(0x80, 8, number, number * 160, 424_242) + b"heard" * 32)
            loop._round(0)
        heard = []
        with suppress(BlockingIOError):
            while True:
                heard.append(hearer.recv(2048)[12:])
        assert heard[-2:] == [b"heard" * 32] * 2
