"""The process of the browsers from the edge's side: what it refuses, how it ends, and how it dies."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.listening import Edge, MediaLeg, edge
from tests.offers import CHROMIUM

from trustdesk.kernel.errors import BadInputError, ConflictError
from trustdesk.sipedge.media.contracts import Law, Place
from trustdesk.sipedge.webrtc.contracts import BrowserEvent, Servers, far_place
from trustdesk.sipedge.webrtc.offer import MOST_CHARACTERS


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
    assert running.next(seconds=2) == BrowserEvent("one", "gone")
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
