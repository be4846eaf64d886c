"""The process of the browsers from the edge's side: what it refuses, how it ends, and how it dies."""

import contextlib
import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.listening import Edge, MediaLeg, edge
from tests.offers import CHROMIUM

from trustdesk.kernel.errors import BadInputError, ConflictError
from trustdesk.sipedge.media.contracts import Law, Place
from trustdesk.sipedge.webrtc.contracts import BrowserEvent, NoPortError, Servers, far_place
from trustdesk.sipedge.webrtc.offer import MOST_CHARACTERS

pytestmark = pytest.mark.slow


@pytest.fixture
def running() -> Iterator[Edge]:
    with edge() as running:
        yield running


@pytest.fixture
def media(tmp_path: Path) -> Iterator[MediaLeg]:
    with MediaLeg(tmp_path / "leg", Law.A, 1000) as media:
        yield media


def attach(
    running: Edge, media: Place, *, offer: str = CHROMIUM, name: str = "one", servers: Servers | None = None
) -> str:
    return running.do(running.browsers.attach(name, offer, media=media, servers=servers or Servers())).sdp


def candidates(sdp: str) -> list[tuple[str, int, str]]:
    """Host, port and kind of each."""
    lines = [line.split() for line in sdp.split("\r\n") if line.startswith("a=candidate:")]
    return [(line[4], int(line[5]), line[7]) for line in lines]


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_an_offer_is_answered_beside_the_media_and_detached(running: Edge, media: MediaLeg) -> None:
    assert "m=audio" in attach(running, media.place)
    assert Path(far_place(media.place).path).is_socket()
    running.do(running.browsers.detach("one"))
    assert not Path(far_place(media.place).path).exists()
    running.do(running.browsers.detach("one"))
    assert "m=audio" in attach(running, media.place), "the name and the place are free again"


@pytest.mark.parametrize(
    "offer",
    ["", "garbage", "\ud800", "v=0\r\n" + "a=x" * MOST_CHARACTERS, CHROMIUM.replace("m=audio", "m=video"), "{}\n{}"],
)
def test_what_is_no_offer_of_audio_is_refused_with_a_mend(running: Edge, media: MediaLeg, offer: str) -> None:
    with pytest.raises(BadInputError) as caught:
        attach(running, media.place, offer=offer)
    assert caught.value.mend
    assert not Path(far_place(media.place).path).exists()
    assert "m=audio" in attach(running, media.place), "it goes on"


def test_every_port_is_of_the_range_and_none_is_given_twice(running: Edge, tmp_path: Path) -> None:
    first = random.randrange(61_000, 63_000)
    servers = Servers(ports=(first, first + 2))
    taken = set()
    with contextlib.ExitStack() as stack:
        for name in ("one", "two", "three"):
            media = stack.enter_context(MediaLeg(tmp_path / name, Law.A, 1000))
            found = candidates(attach(running, media.place, name=name, servers=servers))
            assert found
            ports = {port for _host, port, _kind in found}
            assert len(ports) == 1, "one port on all our addresses"
            taken |= ports
        assert taken == set(range(first, first + 3))
        media = stack.enter_context(MediaLeg(tmp_path / "four", Law.A, 1000))
        asked_at = time.monotonic()
        with pytest.raises(NoPortError) as refused:
            attach(running, media.place, name="four", servers=servers)
        assert time.monotonic() - asked_at < 1
        assert refused.value.mend
        assert not Path(far_place(media.place).path).exists()
        running.do(running.browsers.detach("two"))
        assert candidates(attach(running, media.place, name="four", servers=servers)), "a port is free again"


@pytest.mark.parametrize("advertised", ["203.0.113.7", "2001:db8::7", "localhost"])
def test_the_advertised_address_has_our_port(running: Edge, media: MediaLeg, advertised: str) -> None:
    servers = Servers(ports=(61_000, 63_000), advertised=advertised)
    found = candidates(attach(running, media.place, servers=servers))
    outside = "127.0.0.1" if advertised == "localhost" else advertised
    own = {(host, port) for host, port, kind in found if kind == "host"}
    assert own, "who is in our network comes by our own"
    if any((":" in host) == (":" in outside) for host, _port in own):
        assert [(host, port) for host, port, kind in found if kind == "srflx"] == [(outside, next(iter(own))[1])]


@pytest.mark.parametrize("advertised", ["", "nowhere.invalid"])
def test_without_an_address_of_others_there_is_only_ours(running: Edge, media: MediaLeg, advertised: str) -> None:
    found = candidates(attach(running, media.place, servers=Servers(advertised=advertised)))
    assert {kind for _host, _port, kind in found} == {"host"}


def test_a_server_that_can_t_be_read_is_refused(running: Edge, media: MediaLeg) -> None:
    with pytest.raises(BadInputError):
        attach(running, media.place, servers=Servers(stun=("no address",)))
    assert "m=audio" in attach(running, media.place)


def test_without_media_there_is_no_leg(running: Edge, tmp_path: Path) -> None:
    for place in (tmp_path / "nobody", tmp_path / "nowhere" / "leg", tmp_path / ("long" * 40)):
        with pytest.raises(ConflictError):
            attach(running, Place("", path=str(place)))
    assert list(tmp_path.iterdir()) == []


def test_a_name_is_attached_once(running: Edge, media: MediaLeg) -> None:
    attach(running, media.place)
    with pytest.raises(ConflictError):
        attach(running, media.place)
    assert Path(far_place(media.place).path).is_socket(), "the first one stays"


def test_a_process_that_dies_takes_its_browsers_and_comes_again(running: Edge, media: MediaLeg) -> None:
    attach(running, media.place)
    died = running.browsers.pid
    os.kill(died, signal.SIGKILL)
    assert running.next() == BrowserEvent("one", "gone")
    assert "m=audio" in attach(running, media.place, name="two")
    assert running.browsers.pid not in {0, died}


def test_whoever_waits_for_a_process_that_dies_is_told(running: Edge, media: MediaLeg) -> None:
    attach(running, media.place)
    os.kill(running.browsers.pid, signal.SIGSTOP)
    process = running.browsers.pid

    async def both() -> None:
        os.kill(process, signal.SIGKILL)
        await running.browsers.attach("two", CHROMIUM, media=media.place, servers=Servers())

    with pytest.raises(ConnectionError):
        running.do(both())


def test_it_ends_with_the_edge(media: MediaLeg) -> None:
    with edge() as running:
        attach(running, media.place)
        process = running.browsers.pid
        os.kill(process, signal.SIGINT)  # Ctrl+C reaches it too, and is not its business
        time.sleep(0.2)
        assert is_alive(process)
    assert not is_alive(process)
    assert not Path(far_place(media.place).path).exists()


def test_a_browser_that_never_comes_is_given_up(
    running: Edge, media: MediaLeg, monkeypatch: pytest.MonkeyPatch
) -> None:
    attach(running, media.place)
    assert running.next(seconds=25) == BrowserEvent("one", "gone")
    assert media.heard() == []
