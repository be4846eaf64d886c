"""A disk that is full in mid-call, a real one: who is told what, what stands, and what comes after."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.disks import fill, small_disk
from tests.integration.sipedge.edge_process import LOST_HERTZ, EdgeProcess, edge_process, plain_plan
from tests.integration.sipedge.whole_calls import (
    CALLER,
    FIRST,
    PHONES,
    SURE,
    agent,
    caller,
    check_only,
    desk,
    dial,
    done,
    seconds,
    talking,
)

from trustdesk.sipedge.words.asks import PlanFor
from trustdesk.sipedge.words.commands import Connect, Deed
from trustdesk.sipedge.words.plan import Mode, Plan
from trustdesk.sipedge.words.told import Happened

pytestmark = pytest.mark.slow
ROOM = 96 * 1024  # a second of two voices takes 16 KiB


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path, 4 * 1024 * 1024) as place:
        yield place


def check_what_was_stored(edge: EdgeProcess, recording: int, hertz: float) -> None:
    """The seconds before stand, and are what the log has of them."""
    told = edge.board.wait_for(Happened.RECORDED, recording=recording)
    assert told.reason == "disk-full"
    with edge.opened(recording) as sound:
        assert sound.agrees(chunks=told.chunks, head=told.head)
        assert sound.milliseconds >= 2000
        assert min(seconds(sound, hertz)) > SURE


def test_the_call_goes_on_and_the_next_one_is_recorded_again(tmp_path: Path, disk: Path) -> None:
    with (
        edge_process(tmp_path, phones=PHONES, recordings=disk) as edge,
        caller(tmp_path) as far,
        desk(edge, tmp_path) as near,
    ):
        filler = fill(disk, but=ROOM)
        talking(edge, far)
        edge.board.wait_for(Happened.NOT_RECORDED, times=2, reason="disk-full", seconds=30)
        edge.board.wait_for(Happened.RECORDED, times=2, seconds=30)
        far.until_heard(FIRST)
        near.until_heard(CALLER)
        far.hang_up()
        edge.board.wait_for(Happened.ENDED)
        near.wait_for("CALL_CLOSED")
        for recording, hertz in ((1, CALLER), (2, FIRST)):
            check_what_was_stored(edge, recording, hertz)
        filler.unlink()
        far.events.clear()
        dial(edge, far)
        edge.board.wait_for(Happened.QUEUED, call=2)
        done(edge, Connect(call=2, agent=agent(edge)))
        edge.board.wait_for(Happened.RECORDING, call=2, times=2)
        far.until_heard(FIRST)
        near.until_heard(CALLER)
        done(edge, Deed(call=2, verb="hang-up"))
        edge.board.wait_for(Happened.ENDED, call=2)
        for recording, hertz in ((3, CALLER), (4, FIRST)):
            assert edge.board.wait_for(Happened.RECORDED, recording=recording).reason == ""
            check_only(edge, recording, hertz)


def test_where_it_must_be_recorded_the_caller_hears_why_and_the_call_ends(tmp_path: Path, disk: Path) -> None:
    made: list[EdgeProcess] = []

    def plan(ask: PlanFor, call: int) -> Plan:
        return plain_plan(made[0], ask, call, Mode.MANDATORY)

    with edge_process(tmp_path, plan, phones=PHONES, recordings=disk) as edge, caller(tmp_path) as far:
        made.append(edge)
        with desk(edge, tmp_path) as near:
            fill(disk, but=ROOM)
            talking(edge, far)
            assert edge.board.wait_for(Happened.ENDED, seconds=30).reason == "not-recorded"
            far.wait_for("CALL_CLOSED")
            near.wait_for("CALL_CLOSED")
            assert max(far.strengths(LOST_HERTZ)) > SURE
            assert max(near.strengths(LOST_HERTZ)) < SURE
        for recording, hertz in ((1, CALLER), (2, FIRST)):
            check_what_was_stored_until_the_end(edge, recording, hertz)


def check_what_was_stored_until_the_end(edge: EdgeProcess, recording: int, hertz: float) -> None:
    """Whichever leg the disk refused first ended the call: the other one was closed in order, or refused too."""
    told = edge.board.wait_for(Happened.RECORDED, recording=recording)
    with edge.opened(recording) as sound:
        assert sound.agrees(chunks=told.chunks, head=told.head)
        assert min(seconds(sound, hertz)) > SURE
