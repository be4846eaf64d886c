"""The loop by itself, round by round: what a burst and a fault of ours do to a call, and to the others."""

import socket
from pathlib import Path

import pytest
from tests.phones import KEY, passing, read

from trustdesk.sipedge.media.contracts import Law, Place, Sealing
from trustdesk.sipedge.media.leg import Leg
from trustdesk.sipedge.media.rtp import HEADER


def say(speaker: socket.socket, numbers: range) -> None:
    for number in numbers:
        speaker.send(HEADER.pack(0x80, 8, number, number * 160, 7) + b"\x2a" * 160)


def heard(hearer: socket.socket) -> int:
    count = 0
    try:
        while True:
            count += hearer.recv(2048)[12:] == b"\x2a" * 160
    except BlockingIOError:
        return count


@pytest.mark.parametrize("first", range(16))
def test_a_burst_that_runs_ahead_of_the_clock_is_cut_in_the_file_and_heard_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: int
) -> None:
    """Whatever packet of the sixteen that are looked at is the one that fills the second."""
    monkeypatch.setattr("time.monotonic", lambda: 1.0)
    with passing(tmp_path) as (loop, speaker, hearer):
        path = tmp_path / "1.sealed"
        loop._studio.record("a", Sealing(recording=1, key=KEY, bound="test|1", path=path), 1.0)
        say(speaker, range(100, 101))
        speaker.send(HEADER.pack(0x80, 0x88, 101, 101 * 160, 7) + b"\x2a" * 160)  # the steady way begins anew here
        for number in range(102, 102 + first):
            speaker.send(HEADER.pack(0x80, 0x88, number, number * 160, 7) + b"\x2a" * 160)
        for _packet in range(2 + first):
            loop._round(0)
        for number in range(102 + first, 260):
            say(speaker, range(number, number + 1))
            loop._round(0)
        assert heard(hearer) == 160
    with read(path) as reader:
        assert reader.milliseconds <= 600


def test_a_fault_of_ours_in_one_leg_leaves_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with passing(tmp_path) as (loop, speaker, hearer):
        monkeypatch.setattr(Leg, "accept", lambda *_unused: 1 / 0)
        say(speaker, range(1))
        loop._round(0)
        monkeypatch.undo()
        assert "ZeroDivisionError" in capsys.readouterr().err
        say(speaker, range(1, 3))
        hearer.send(HEADER.pack(0x80, 8, 2, 161, 99) + b"\x2a" * 160)
        loop._round(0)
        assert heard(hearer) == 0
        assert heard(speaker) == 1
        loop.forget(loop._studio.leg("a"))  # it can be closed as any other


def test_a_local_leg_replaces_the_socket_that_a_crash_left(tmp_path: Path) -> None:
    with passing(tmp_path) as (loop, _speaker, _hearer):
        (tmp_path / "c_1.sock").write_text("left")
        leg = loop._studio.open("c/1", call=1, law=Law.A, local=True, now=0.0)
        assert leg.place == Place("", path=str(tmp_path / "c_1.sock"))
        assert (tmp_path / "c_1.sock").is_socket()
