"""The supervisor: starts again who dies, with growing pauses, and stops everybody."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from trustdesk.cli.processes import Child, Supervisor

SLEEP = "import time; time.sleep(60)"
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    made = Supervisor([Child(name, (sys.executable, "-c", SLEEP), {}, tmp_path / f"{name}.log") for name in "ab"])
    yield made
    made.stop()


def pid_of(child: Child) -> int:
    assert child.process is not None
    return child.process.pid


def test_a_killed_child_comes_back_and_the_others_stay(supervisor: Supervisor) -> None:
    supervisor.start()
    first, second = supervisor.children
    before = pid_of(first), pid_of(second)
    os.kill(pid_of(first), signal.SIGKILL)
    deadline = time.monotonic() + 10
    while "a" not in supervisor.wait(tend=0.05):
        assert time.monotonic() < deadline
    assert pid_of(first) != before[0]
    assert pid_of(second) == before[1]


def test_one_that_keeps_dying_is_started_more_and_more_seldom(tmp_path: Path) -> None:
    child = Child("broken", (sys.executable, "-c", "raise SystemExit(1)"), {}, tmp_path / "broken.log")
    child.start()
    pauses = []
    for _death in range(3):
        assert child.process is not None
        child.process.wait()
        child.tend()
        pauses.append(child.pause)
        child.not_before = 0
        child.tend()
    if child.process is not None:
        child.process.wait()
    assert pauses == sorted(pauses)
    assert pauses[0] < pauses[-1]


def test_the_deaf_are_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trustdesk.cli.processes._GRACE_SECONDS", 0.5)
    log = tmp_path / "deaf.log"
    supervisor = Supervisor([Child("deaf", (sys.executable, "-c", DEAF), {}, log)])
    supervisor.start()
    deadline = time.monotonic() + 10
    while "deaf" not in log.read_text() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert supervisor.stop() == ["deaf"]
    assert not supervisor.children[0].alive()
