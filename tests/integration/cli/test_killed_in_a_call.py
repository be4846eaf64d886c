"""What dies in mid-call, in the whole program: the call goes on, its recording too, and the tables become true."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.disks import fill, small_disk
from tests.integration.cli.called import PATIENCE, Call, House, until
from tests.integration.cli.program import Program

pytestmark = pytest.mark.slow
ROOM = 96 * 1024  # a second of two voices takes 16 KiB


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A demo of this module's own: another one would be killed with it."""
    program = Program(tmp_path_factory.mktemp("called") / "var")
    program.start()
    try:
        yield House(program)
        assert program.stop() == 0, program.printed()
    finally:
        program.end()


def postmaster(house: House) -> int:
    return int((house.home.cluster / "postmaster.pid").read_text().splitlines()[0])


def is_another(found: Callable[[], int], before: int) -> bool:
    try:
        return found() != before
    except (LookupError, OSError, IndexError, ValueError):
        return False


def killed(house: House, name: str) -> None:
    """And come back."""

    def process() -> int:
        return postmaster(house) if name == "database" else house.program.pid_of(f"trustdesk.cli.{name}")

    before = process()
    os.kill(before, signal.SIGKILL)
    until(lambda: is_another(process, before), what=f"another {name}")
    until(lambda: house.row("SELECT 1"), what="the database")
    house.program.wait_until_answers(seconds=PATIENCE)


def test_web_worker_and_database_die_one_after_the_other_and_the_call_goes_on(house: House, tmp_path: Path) -> None:
    with house.call(tmp_path) as call:
        began = time.monotonic()
        for name in ("web", "worker", "database", "switchboard"):
            with call.heard_throughout():
                killed(house, name)
        lasted = time.monotonic() - began
        call.hang_up()
        call.ended()
        call.wrapped_up()
        for one in call.recordings("whole"):
            assert (one["reason"], one["gaps"]) == ("", 0)
            assert one["milliseconds"] > lasted * 1000 - 1000


def test_what_ends_while_the_database_is_dead_is_true_afterwards(house: House, tmp_path: Path) -> None:
    """Whoever would start it again stands still meanwhile."""
    with house.call(tmp_path) as call:
        supervisor = house.program.process
        assert supervisor is not None
        os.kill(supervisor.pid, signal.SIGSTOP)
        try:
            os.kill(postmaster(house), signal.SIGKILL)
            with call.heard_throughout():
                until(lambda: house.row("SELECT 1") is None, what="no database")
            call.hang_up()
        finally:
            os.kill(supervisor.pid, signal.SIGCONT)
        until(lambda: house.row("SELECT 1"), what="the database")
        call.ended()
        house.program.wait_until_answers(seconds=PATIENCE)
        call.wrapped_up()
        assert {one["reason"] for one in call.recordings("whole")} == {""}


def test_a_killed_edge_takes_its_calls_with_it_and_leaves_what_was_said(house: House, tmp_path: Path) -> None:
    """With its audio process at once, so that nobody closes a file; recordings begun a moment ago are closed too."""
    with house.call(tmp_path) as call:
        with call.heard_throughout():
            began = time.monotonic()
            time.sleep(4)  # seconds that have to be found again
        before = house.program.pid_of("trustdesk.sipedge")
        os.killpg(before, signal.SIGKILL)
        lasted = time.monotonic() - began
        until(lambda: is_another(lambda: house.program.pid_of("trustdesk.sipedge"), before), what="another edge")
        call.ended()
        call.wrapped_up()
        for one in call.recordings("lost"):
            assert one["reason"] == "lost"
            assert one["milliseconds"] > lasted * 1000 - 2000  # the running second may be lost
        call.far.events.clear()
        call.far.dial(f"sip:{call_number(call)}")
        call.far.wait_for("CALL_ESTABLISHED", seconds=PATIENCE)  # the next caller is answered


def call_number(call: Call) -> str:
    return f"{call.column('line')}@127.0.0.1:{call.house.port}"


@pytest.fixture
def disk(house: House, tmp_path: Path) -> Iterator[Path]:
    """A small one, where the recordings go."""
    folder, kept = house.home.data / "recordings", house.home.data / "recordings.kept"
    with small_disk(tmp_path, 4 * 1024 * 1024) as place:
        if folder.exists():
            folder.rename(kept)
        folder.symlink_to(place)
        try:
            yield place
        finally:
            folder.unlink()
            if kept.exists():
                kept.rename(folder)


def test_on_a_full_disk_the_call_goes_on_and_the_next_one_is_recorded(house: House, disk: Path, tmp_path: Path) -> None:
    filler = fill(disk, but=ROOM)
    with house.call(tmp_path / "first") as call:
        until(lambda: call.column("unrecorded") == "disk-full", what="that a voice is not stored any more")
        assert "ecorded in part only" in house.bar() or not call.column("recorded")  # the other file may hold longer
        until(lambda: not call.column("recorded"), what="the end of the other file")
        assert "Not recorded, because the disk is full" in house.bar()
        with call.heard_throughout():
            pass
        call.hang_up()
        call.ended()
        call.wrapped_up()
        for one in call.recordings("failed"):
            assert one["reason"] == "disk-full"
            assert one["milliseconds"] >= 1000
        assert house.row("SELECT reason FROM recordings_unrecorded WHERE call_id = %s", call.number) == ("disk-full",)
    filler.unlink()
    with house.call(tmp_path / "second") as call:
        with call.heard_throughout():
            pass
        call.hang_up()
        call.ended()
        call.wrapped_up()
        assert {one["reason"] for one in call.recordings("whole")} == {""}
