"""Who comes first starts the cluster, who leaves last stops it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from trustdesk.server.cluster import Cluster
from trustdesk.server.home import Home
from trustdesk.server.sharing import in_use

pytestmark = pytest.mark.slow  # clusters are made

USER = """
import sys, time
from pathlib import Path
from trustdesk.server.home import Home
from trustdesk.server.sharing import in_use
with in_use(Home(Path(sys.argv[1]))) as cluster:
    cluster.connect().close()
    print("in", flush=True)
    time.sleep(float(sys.argv[2]))
"""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    made = Home(tmp_path / "var")
    made.prepare()
    Cluster(made).create()
    yield made
    Cluster(made).stop(immediate=True)


def runs(home: Home) -> bool:
    return Cluster(home).running_pid() is not None


def user(home: Home, seconds: float) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", USER, str(home.path), str(seconds)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_the_last_one_stops_it(home: Home) -> None:
    with in_use(home):
        with in_use(home) as second:
            assert second.running_pid() is not None
        assert runs(home)
    assert not runs(home)


def test_several_at_once_start_one_server(home: Home) -> None:
    users = [user(home, seconds=0.1 * number) for number in range(4)]
    said = [one.communicate(timeout=60)[0] for one in users]
    assert said == ["in\n"] * 4
    assert [one.returncode for one in users] == [0] * 4
    assert not runs(home)


def test_a_killed_user_keeps_nobody_from_stopping_it(home: Home) -> None:
    killed = user(home, seconds=60)
    assert killed.stdout is not None
    assert killed.stdout.readline() == "in\n"
    os.kill(killed.pid, signal.SIGKILL)
    killed.communicate()
    assert runs(home)
    with in_use(home):
        pass
    assert not runs(home)


def test_what_somebody_else_started_is_left_running(home: Home) -> None:
    cluster = Cluster(home)
    cluster.start()
    with in_use(home):
        pass
    assert runs(home)
    cluster.stop()
