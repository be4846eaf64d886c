"""What a browser may offer, what is refused, and what we answer."""

import re

import pytest
from aioice import Candidate
from hypothesis import given
from hypothesis import strategies as st
from tests.offers import CHROMIUM, FINGERPRINT, FIREFOX

from trustdesk.kernel.errors import BadInputError
from trustdesk.sipedge.media.contracts import Law
from trustdesk.sipedge.webrtc.answer import write_answer
from trustdesk.sipedge.webrtc.offer import MOST_CHARACTERS, check_text, read_offer


def answered(sdp: str, *candidates: str) -> list[str]:
    return write_answer(
        read_offer(sdp),
        ufrag="ours",
        password="p" * 22,
        fingerprint=FINGERPRINT,
        candidates=[Candidate.from_sdp(one) for one in candidates],
    ).split("\r\n")


def test_an_offer_is_read() -> None:
    offered = read_offer(CHROMIUM)
    assert (offered.law, offered.keys_type, offered.mid, offered.bundled) == (Law.A, 126, "0", True)
    assert (offered.ufrag, offered.password) == ("LCsH", "qHcC2hUJHcklx51j3HQJNiSH")
    assert (offered.active, offered.direction) == (False, "sendrecv")
    assert offered.fingerprints == {FINGERPRINT}


def test_only_addresses_over_udp_are_tried() -> None:
    assert [one.host for one in read_offer(CHROMIUM).candidates] == ["192.0.2.2", "2001:db8::7"]


def test_what_stands_above_the_audio_counts_for_it() -> None:
    offered = read_offer(FIREFOX)
    assert (offered.law, offered.keys_type) == (Law.MU, 101)
    assert offered.fingerprints == {FINGERPRINT}
    assert (offered.direction, offered.candidates) == ("sendonly", [])


def test_the_answer_takes_one_law_the_keys_and_the_passive_part() -> None:
    lines = answered(CHROMIUM, "1 1 udp 5 192.0.2.9 4000 typ host", "2 1 udp 4 2001:db8::9 4001 typ host")
    assert "m=audio 4000 UDP/TLS/RTP/SAVPF 8 126" in lines
    assert {"c=IN IP4 192.0.2.9", "a=setup:passive", "a=mid:0", "a=group:BUNDLE 0", "a=rtcp-mux"} <= set(lines)
    assert {"a=rtpmap:8 PCMA/8000", "a=rtpmap:126 telephone-event/8000", "a=sendrecv"} <= set(lines)
    assert sum(line.startswith("a=candidate:") for line in lines) == 2


def test_where_the_browser_waits_we_open() -> None:
    assert "a=setup:active" in answered(CHROMIUM.replace("setup:actpass", "setup:passive"))
    assert "a=setup:passive" in answered(CHROMIUM.replace("setup:actpass", "setup:active"))


def test_a_browser_without_keys_is_answered_without() -> None:
    lines = answered(re.sub(r"a=rtpmap:126.*\r\n", "", CHROMIUM))
    assert "m=audio 9 UDP/TLS/RTP/SAVPF 8" in lines
    assert not any("telephone-event" in line for line in lines)


@pytest.mark.parametrize(
    ("what", "instead"),
    [
        ("m=audio", "m=video"),
        ("m=audio 52885", "m=audio 0"),
        ("m=audio 52885 UDP/TLS/RTP/SAVPF", "m=audio 52885 RTP/AVP"),
        ("SAVPF 111 8 0 110 126", "SAVPF 111 110 126"),
        ("SAVPF 111 8", "SAVPF 111 " + "8" * 5000),
        ("SAVPF 111 8", "SAVPF 111 eight"),
        ("a=rtcp-mux\r\n", ""),
        ("sha-256", "sha-1"),
        (f"a=fingerprint:sha-256 {FINGERPRINT}\r\n", ""),
        (FINGERPRINT, FINGERPRINT[:-3]),
        ("a=ice-ufrag:LCsH\r\n", ""),
        ("qHcC2hUJHcklx51j3HQJNiSH", "short"),
        ("LCsH", "LC sH"),
        ("a=setup:actpass\r\n", ""),
        ("a=setup:actpass", "a=setup:holdconn"),
        ("a=sendrecv", "a=inactive"),
        ("a=mid:0", "a=mid:" + "0" * 33),
        ("a=mid:0", "a=mid:0 a"),
        ("v=0\r\n", ""),
        ("s=-", "s"),
        ("s=-", "s=\x00"),
        ("s=-", "s=\ud800"),
        ("a=extmap-allow-mixed", "a=x\r\n" * 500),
        ("a=extmap-allow-mixed", "a=" + "x" * MOST_CHARACTERS),
        ("a=ssrc:1340229298 cname:OiocNI7d\r\n", "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n"),
        ("a=ssrc:1340229298 cname:OiocNI7d\r\n", "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n"),
    ],
)
def test_what_is_not_one_stream_of_audio_that_can_be_trusted_is_refused(what: str, instead: str) -> None:
    assert what in CHROMIUM
    with pytest.raises(BadInputError) as caught:
        read_offer(CHROMIUM.replace(what, instead))
    assert caught.value.mend


@given(st.text(max_size=300))
def test_rubbish_is_refused_and_nothing_else(text: str) -> None:
    with pytest.raises(BadInputError):
        read_offer(text)


@given(st.integers(0, len(CHROMIUM) - 1), st.text(max_size=6), st.integers(0, 40))
def test_a_damaged_offer_is_read_or_refused(at: int, put: str, cut: int) -> None:
    damaged = CHROMIUM[:at] + put + CHROMIUM[at + cut :]
    try:
        offered = read_offer(damaged)
    except BadInputError:
        return
    check_text("\r\n".join(answered(damaged)))
    assert offered.fingerprints
