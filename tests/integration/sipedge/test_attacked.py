"""A call between two real telephones while somebody attacks the edge: it is heard and stored as if nobody did."""

import re
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from tests.baresip import Softphone
from tests.integration.sipedge.edge_process import NUMBER, EdgeProcess, edge_process
from tests.integration.sipedge.raw_sip import Wire, proof, register, status
from tests.integration.sipedge.whole_calls import (
    CALLER,
    FIRST,
    NONE,
    PHONES,
    caller,
    check_only,
    desk,
    talking,
)
from tests.sipwire import SDP, Far

from trustdesk.sipedge.audio.tones import tone
from trustdesk.sipedge.media.rtp import HEADER
from trustdesk.sipedge.words.commands import Trunk
from trustdesk.sipedge.words.told import Happened

pytestmark = pytest.mark.slow
CARRIER, STRANGER = "127.0.0.1", "127.0.0.9"
ALIEN = 3100.0  # what a stranger says, in hertz


@dataclass
class Attacked:
    """A call that goes on, and the wires of whoever would like it not to."""

    edge: EdgeProcess
    far: Softphone
    near: Softphone

    def goes_on(self) -> None:
        self.far.until_heard(FIRST)
        self.near.until_heard(CALLER)
        assert "ended 1" not in " ".join(self.edge.board.happened())

    def message(self, wire: Wire, method: str = "OPTIONS", *, via_port: int | None = None, **more: object) -> str:
        """From the carrier's address, or a stranger's, to our number."""
        port = wire.port if via_port is None else via_port
        far = Far(via=f"SIP/2.0/UDP {wire.host}:{port}", uri=f"sip:{NUMBER}@127.0.0.1:{self.edge.ports['udp']}")
        return far.request(method, **more)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attacked]:
    folder = tmp_path_factory.mktemp("attacked")
    trunks = (Trunk(trunk=1, addresses=(f"{CARRIER}/32",)),)
    with edge_process(folder, phones=PHONES, trunks=trunks) as edge, caller(folder) as far:
        with desk(edge, folder) as near:
            talking(edge, far)
            made = Attacked(edge, far, near)
            yield made
            made.goes_on()
            far.hang_up()
            edge.board.wait_for(Happened.ENDED, call=1)
            near.wait_for("CALL_CLOSED")
        for ear in (far, near):
            assert max(ear.strengths(ALIEN)) < NONE
        for recording, hertz in ((1, CALLER), (2, FIRST)):
            check_only(edge, recording, hertz)
            with edge.opened(recording) as sound:
                assert sound.gaps == []


def dialog(phone: Softphone) -> tuple[str, str, str]:
    """Call-ID and both tags of its call, as somebody on the way could have read them: its own, the edge's."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", (phone.folder / "log").read_text(errors="replace"))
    answered = re.findall(r"SIP/2\.0 200 .*?CSeq: \d+ INVITE", text, re.DOTALL)[-1]
    call_id = re.search(r"Call-ID: *(\S+)", answered)
    own, ours = (re.search(rf"{name}:.*?;tag=([^\s;]+)", answered) for name in ("From", "To"))
    assert call_id is not None
    assert own is not None
    assert ours is not None
    return call_id[1], own[1], ours[1]


def test_a_bye_of_somebody_else_ends_nothing(attacked: Attacked) -> None:
    call_id, own, ours = dialog(attacked.far)
    with Wire(attacked.edge, CARRIER) as carrier, Wire(attacked.edge, STRANGER) as stranger:
        for tags in ((own, "guess"), ("guess", ours)):
            far = Far(call_id=call_id, tag=tags[0], their_tag=tags[1], number=900)
            far.via = f"SIP/2.0/UDP {carrier.host}:{carrier.port}"
            assert status(carrier.ask(far.request("BYE"))) == 481
        right = Far(call_id=call_id, tag=own, their_tag=ours, number=901)
        right.via = f"SIP/2.0/UDP {stranger.host}:{stranger.port}"
        stranger.say(right.request("BYE"))
        attacked.goes_on()
        assert stranger.answers() == []


def test_a_proof_is_good_once_and_a_wrong_one_never(attacked: Attacked) -> None:
    with Wire(attacked.edge, CARRIER) as phone:
        asked = phone.ask(register(phone, 1))
        assert status(asked) == 401
        wrong = phone.ask(register(phone, 2, proof(asked, password="guessed")))
        assert status(wrong) == 401
        assert "desk2" not in attacked.edge.board.reachable.phones
        right = proof(wrong)
        assert status(phone.ask(register(phone, 3, right))) == 200
        attacked.edge.board.until(lambda: "desk2" in attacked.edge.board.reachable.phones, what="desk2")
        again = phone.ask(register(phone, 4, right))
        assert status(again) == 401
        assert "stale=true" in again
        assert status(phone.ask(register(phone, 5, proof(again), "Contact: *", "Expires: 0"))) in {200, 400}
    attacked.goes_on()


def media_port(phone: Softphone, *, from_the_edge: str) -> int:
    """Where the edge hears this phone, by what it said of itself: in an answer, or in its INVITE."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", (phone.folder / "log").read_text(errors="replace"))
    found = re.findall(rf"{from_the_edge}.*?m=audio (\d+)", text, re.DOTALL)
    return int(found[-1])


def test_whoever_sends_sound_from_elsewhere_is_not_heard(attacked: Attacked) -> None:
    ports = [
        media_port(attacked.far, from_the_edge=r"SIP/2\.0 200"),
        media_port(attacked.near, from_the_edge="INVITE sip:desk1"),
    ]
    sound = tone(ALIEN, 1000)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        stranger.bind((STRANGER, 0))
        for number in range(100):
            frame = HEADER.pack(0x80, 8, number, number * 160, 0x66) + sound[number % 50 * 160 :][:160]
            for port in ports:
                stranger.sendto(frame, ("127.0.0.1", port))
            time.sleep(0.01)
        stranger.setblocking(False)
        with pytest.raises(BlockingIOError):
            stranger.recv(2048)
    attacked.goes_on()
    for ear in (attacked.far, attacked.near):
        assert max(ear.strengths(ALIEN)) < NONE


SESSIONS = {
    "no law of ours": (SDP.replace("8 0 101", "18 101"), 488),
    "no audio": ("v=0\r\n" + "\x00" * 50, 488),
    "a port that is none": (SDP.replace("m=audio 30000", "m=audio 99999999"), 400),
    "an address that is none": (SDP.replace("c=IN IP4 192.0.2.10", "c=IN IP4 999.0.0.1"), 400),
    "a line that ends too soon": ("v=0\r\nm=audio\r\n", 400),
}


@pytest.mark.parametrize("name", SESSIONS)
def test_a_session_that_is_none_is_refused(attacked: Attacked, name: str) -> None:
    body, expected = SESSIONS[name]
    with Wire(attacked.edge, CARRIER) as carrier:
        assert status(carrier.ask(attacked.message(carrier, "INVITE", body=body))) == expected
    attacked.goes_on()
    assert attacked.edge.board.calls == 1


def test_a_via_that_leads_nowhere_silences_nobody(attacked: Attacked) -> None:
    with Wire(attacked.edge, CARRIER) as carrier:
        carrier.say(attacked.message(carrier, "INVITE", body=SDP, via_port=99999999))
        assert status(carrier.ask(attacked.message(carrier))) in {200, 400}
        assert status(carrier.ask(attacked.message(carrier))) == 200
    attacked.goes_on()


def test_a_header_of_100_kilobytes_ends_its_connection_and_nothing_else(attacked: Attacked) -> None:
    with Wire(attacked.edge, CARRIER) as carrier:
        carrier.say(attacked.message(carrier, headers=(f"X: {'y' * 60_000}",)))  # the most that UDP carries
        with socket.create_connection(("127.0.0.1", attacked.edge.ports["tcp"]), timeout=15) as stream:
            huge = attacked.message(carrier, headers=(f"X: {'y' * 100_000}",)).replace("/UDP ", "/TCP ")
            try:
                stream.sendall(huge.encode())
                assert stream.recv(4096) == b""
            except ConnectionError:
                pass  # it hung up while we were still talking
        answers = [carrier.ask(attacked.message(carrier)) for _ in range(2)]
        assert status(answers[-1]) == 200
    attacked.goes_on()


def test_scanners_and_floods_are_not_listened_to_for_long(attacked: Attacked) -> None:
    with Wire(attacked.edge, STRANGER) as stranger, Wire(attacked.edge, CARRIER) as carrier:
        for number in range(2_000):
            method = ("INVITE", "REGISTER", "OPTIONS")[number % 3]
            stranger.say(attacked.message(stranger, method, headers=("User-Agent: friendly-scanner",)))
            if number % 100 == 0:
                time.sleep(0.01)
        assert status(carrier.ask(attacked.message(carrier))) == 200
        attacked.goes_on()
        assert len(stranger.answers()) <= 20
        stranger.say(attacked.message(stranger, "REGISTER"))
        assert stranger.answers() == []
    assert attacked.edge.board.calls == 1
