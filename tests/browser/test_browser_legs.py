"""A real Chromium as an agent's telephone: both directions heard at both ends, and what must not be let in."""

import contextlib
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.telephones import SAID, processes, telephone
from tests.listening import Edge, MediaLeg, edge
from tests.sounds import loudest
from trustdesk.sipedge.media.contracts import Law
from trustdesk.sipedge.webrtc.contracts import Agreed, BrowserEvent, Servers, far_place

pytestmark = pytest.mark.browser

HEARD = 1000  # what the media sends; like the microphone's tone it survives either law
OFFER = """async ([codec, servers]) => {
    const raw = {echoCancellation: false, noiseSuppression: false, autoGainControl: false};
    const stream = await navigator.mediaDevices.getUserMedia({audio: raw});
    window.telephone = new RTCPeerConnection(servers);
    const side = telephone.addTransceiver(stream.getTracks()[0], {streams: [stream]});
    const codecs = RTCRtpReceiver.getCapabilities("audio").codecs;
    side.setCodecPreferences(codecs.filter(one => [`audio/${codec}`, "audio/telephone-event"].includes(one.mimeType)));
    telephone.ontrack = event => {
        window.speaker = new Audio();
        speaker.srcObject = new MediaStream([event.track]);
        speaker.play();
        window.sound = new AudioContext();
        window.ear = sound.createAnalyser();
        ear.fftSize = 16384;
        sound.createMediaStreamSource(speaker.srcObject).connect(ear);
    };
    await telephone.setLocalDescription(await telephone.createOffer());
    while (telephone.iceGatheringState !== "complete") await new Promise(done => setTimeout(done, 20));
    return telephone.localDescription.sdp;
}"""
ANSWER = "sdp => telephone.setRemoteDescription({type: 'answer', sdp})"
LOUDEST = """() => {
    const power = new Float32Array(ear.frequencyBinCount);
    ear.getFloatFrequencyData(power);
    return power.indexOf(Math.max(...power)) * sound.sampleRate / ear.fftSize;
}"""
CODECS = {Law.A: "PCMA", Law.MU: "PCMU"}


@pytest.fixture
def desk(browser: Browser, tmp_path: Path) -> Iterator[BrowserContext]:
    """A browser of its own, which a test may kill."""
    with telephone(browser, tmp_path) as context:
        yield context


@pytest.fixture
def page(desk: BrowserContext) -> Page:
    page = desk.new_page()
    page.route("**/*", lambda route: route.fulfill(body="<!doctype html>", content_type="text/html"))
    page.goto("http://localhost/")  # a place that may ask for a microphone
    return page


@pytest.fixture(scope="module")
def running() -> Iterator[Edge]:
    with edge() as running:
        yield running


@pytest.fixture(params=list(Law), ids=CODECS.get)
def law(request: pytest.FixtureRequest) -> Law:
    law: Law = request.param
    return law


@pytest.fixture
def media(tmp_path: Path, law: Law) -> Iterator[MediaLeg]:
    with MediaLeg(tmp_path / "leg", law, HEARD) as media:
        yield media


@pytest.fixture
def attach(running: Edge, page: Page, media: MediaLeg, tmp_path: Path) -> Iterator[Callable[..., Agreed]]:
    """Offer, answer; `altered` changes the offer on its way to us."""

    def go(altered: Callable[[str], str] = lambda sdp: sdp) -> Agreed:
        offer: str = page.evaluate(OFFER, [CODECS[media.law], {}])
        answering = running.browsers.attach(tmp_path.name, altered(offer), media=media.place, servers=Servers())
        agreed = running.do(answering)
        page.evaluate(ANSWER, agreed.sdp)
        return agreed

    yield go
    running.do(running.browsers.detach(tmp_path.name))


def state(tmp_path: Path, state: str) -> BrowserEvent:
    return BrowserEvent(tmp_path.name, state)


def steps_heard(media: MediaLeg) -> list[str]:
    """From each packet to the next: 1, + where some are missing, - backwards or twice.

    Linux keeps ten datagrams for a reader of a socket of its own. This reader is a thread of the test, which on a
    busy machine comes late now and then; what is lost on it then was not lost by us.
    """
    sequences = [int.from_bytes(packet[2:4]) for packet in media.heard()]
    steps = [(after - before) % 65536 for before, after in pairwise(sequences)]
    return ["1" if step == 1 else "+" if 1 < step < 32768 else "-" for step in steps]


def test_both_hear_each_other(
    running: Edge, page: Page, media: MediaLeg, attach: Callable[..., Agreed], tmp_path: Path
) -> None:
    until = time.monotonic() + 20
    agreed = attach()
    assert agreed.law is media.law
    assert agreed.keys_type is not None
    assert running.next() == state(tmp_path, "open")
    page.wait_for_timeout(2500)
    assert page.evaluate(LOUDEST) == pytest.approx(HEARD, abs=5)
    assert loudest(media.wave(75)) == pytest.approx(SAID, abs=5)
    assert {packet[1] & 0x7F for packet in media.heard()} == {media.law}
    steps = steps_heard(media)
    while "1" * 100 not in "".join(steps) and time.monotonic() < until:
        page.wait_for_timeout(200)
        steps = steps_heard(media)
    assert set(steps) <= {"1", "+"}, "one packet twice, or behind its successor"
    assert "1" * 100 in "".join(steps), "never two seconds on end without a packet lost"
    running.do(running.browsers.detach(tmp_path.name))
    assert not Path(far_place(media.place).path).exists()
    page.wait_for_function("telephone.getSenders()[0].transport.state === 'closed'", timeout=2000)


@pytest.mark.parametrize("law", [Law.A], indirect=True)
def test_a_killed_browser_is_noticed_within_three_seconds(
    running: Edge, attach: Callable[..., Agreed], tmp_path: Path
) -> None:
    attach()
    assert running.next() == state(tmp_path, "open")
    running_now = processes(tmp_path)
    assert running_now
    for process in running_now:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    killed_at = time.monotonic()
    assert running.next() == state(tmp_path, "gone")
    assert time.monotonic() - killed_at <= 3.0


@pytest.mark.parametrize("law", [Law.A], indirect=True)
def test_a_browser_that_closes_is_gone_at_once(
    running: Edge, page: Page, attach: Callable[..., Agreed], tmp_path: Path
) -> None:
    attach()
    assert running.next() == state(tmp_path, "open")
    page.evaluate("telephone.close()")
    assert running.next(seconds=5) == state(tmp_path, "gone")


@pytest.mark.parametrize("law", [Law.A], indirect=True)
def test_a_silent_microphone_is_no_absence(
    running: Edge, page: Page, attach: Callable[..., Agreed], tmp_path: Path
) -> None:
    """While another microphone is chosen, the browser sends no audio at all, and answers when it is asked."""
    attach()
    assert running.next() == state(tmp_path, "open")
    page.evaluate("telephone.getSenders()[0].replaceTrack(null)")
    assert running.is_quiet(seconds=5)


@pytest.mark.parametrize("law", [Law.A], indirect=True)
def test_a_browser_that_hides_its_address_is_found(
    running: Edge, media: MediaLeg, attach: Callable[..., Agreed], tmp_path: Path
) -> None:
    def hidden(sdp: str) -> str:
        lines = sdp.split("\r\n")
        return "\r\n".join(line for line in lines if not line.startswith("a=candidate:"))

    attach(hidden)
    assert running.next() == state(tmp_path, "open")


@pytest.mark.parametrize("law", [Law.A], indirect=True)
def test_another_fingerprint_never_opens(
    running: Edge, media: MediaLeg, attach: Callable[..., Agreed], tmp_path: Path
) -> None:
    """Somebody between altered the offer: whoever answers our handshake is not who was named."""

    def altered(sdp: str) -> str:
        before, mark, after = sdp.partition("a=fingerprint:sha-256 ")
        return before + mark + ("00" if after[:2] != "00" else "11") + after[2:]

    attach(altered)
    assert running.next() == state(tmp_path, "gone")
    assert media.heard() == []


@pytest.mark.parametrize("law", [Law.A], indirect=True)
def test_a_stranger_changes_nothing(
    running: Edge, page: Page, media: MediaLeg, attach: Callable[..., Agreed], tmp_path: Path
) -> None:
    """Whoever knows the port sends what he likes: STUN, handshakes, audio, rubbish."""
    agreed = attach()
    assert running.next() == state(tmp_path, "open")
    places = [line.split()[4:6] for line in agreed.sdp.split("\r\n") if line.startswith("a=candidate:")]
    binding = bytes.fromhex("000100182112a442") + bytes(12)
    rubbish = [
        b"",
        b"\x00",
        binding,
        binding + bytes.fromhex("0020000100000000") + bytes(16),
        binding + bytes.fromhex("0006000800000000") + b"\xff" * 8 + bytes.fromhex("00080004") + bytes(4),
        bytes([22, 254, 253]) + bytes(60),
        bytes([21, 254, 253, 0, 0, 0, 0, 0, 0, 0, 9, 0, 2, 2, 40]),
        bytes([0x80, 8, 0, 1]) + bytes(168),
        os.urandom(1400),
    ]
    before = len(media.heard())
    for host, port in places:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            for packet in rubbish * 5:
                stranger.sendto(packet, (host, int(port)))
    page.wait_for_timeout(1500)
    heard = media.heard()[before:]
    assert len(heard) > 50
    assert {packet[8:12] for packet in heard} == {heard[0][8:12]}, "one source only"
    assert loudest(media.wave(50)) == pytest.approx(SAID, abs=5)
