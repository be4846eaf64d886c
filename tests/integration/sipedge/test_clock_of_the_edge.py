"""The clock of the machine is set in mid-call: what lasts is counted by one that nobody sets."""

from datetime import timedelta
from pathlib import Path

import pytest
from tests.clocks import Clock
from tests.integration.sipedge.edge_process import EdgeProcess, edge_process
from tests.integration.sipedge.raw_sip import Wire, proof, register, status
from tests.integration.sipedge.whole_calls import (
    CALLER,
    FIRST,
    PHONES,
    agent,
    caller,
    check_only,
    desk,
    dial,
    done,
    talking,
)

from trustdesk.kernel import clock as daytime
from trustdesk.sipedge.words.commands import Connect, Deed
from trustdesk.sipedge.words.told import Happened

pytestmark = pytest.mark.slow
HOUR = 3600


@pytest.mark.parametrize("by", [HOUR, -HOUR])
def test_a_call_and_its_pause_last_as_long_as_they_last(tmp_path: Path, by: int) -> None:
    clock = Clock(tmp_path)
    with edge_process(tmp_path, phones=PHONES, environment=clock.environment) as edge, caller(tmp_path) as far:
        with desk(edge, tmp_path) as near:
            talking(edge, far)
            far.until_heard(FIRST)
            clock.set(by)
            near.until_heard(CALLER)
            done(edge, Deed(call=1, verb="pause"))
            set_to = edge.board.wait_for(Happened.PAUSED).at - daytime.now()
            assert abs(set_to - timedelta(seconds=by)) < timedelta(seconds=60)
            clock.set(-by)
            done(edge, Deed(call=1, verb="unpause"))
            far.until_heard(FIRST)
            near.until_heard(CALLER)
            far.hang_up()
            edge.board.wait_for(Happened.ENDED)
            near.wait_for("CALL_CLOSED")
        for recording, hertz in ((1, CALLER), (2, FIRST)):
            check_only(edge, recording, hertz)
            check_lengths(edge, recording)


def check_lengths(edge: EdgeProcess, recording: int) -> None:
    """A minute at most for what takes seconds, and never a negative one: an hour would be there for all to see."""
    told = edge.board.wait_for(Happened.RECORDED, recording=recording)
    assert 1000 < told.milliseconds < 60_000
    with edge.opened(recording) as sound:
        (gap,) = sound.gaps
        assert gap.milliseconds is not None
        assert 0 <= gap.milliseconds < 60_000
        instants = [chunk.ms for chunk in sound.chunks()]
        assert instants == sorted(instants)


@pytest.mark.parametrize("by", [HOUR, -HOUR])
def test_registrations_and_notices_heard_are_as_old_as_they_are(tmp_path: Path, by: int) -> None:
    """A phone that registered before is rung afterwards, proves itself with what it was asked before, and a notice that
    was heard before the clock was set back was not heard in the future.
    """
    clock = Clock(tmp_path)
    with edge_process(tmp_path, phones=PHONES, environment=clock.environment) as edge, caller(tmp_path) as far:
        with desk(edge, tmp_path) as near:
            dial(edge, far)
            edge.board.wait_for(Happened.NOTICE_HEARD)
            edge.board.wait_for(Happened.QUEUED)
            with Wire(edge, "127.0.0.1") as phone:
                asked = phone.ask(register(phone, 1))
                clock.set(by)
                assert status(phone.ask(register(phone, 2, proof(asked)))) == 200
            done(edge, Connect(call=1, agent=agent(edge)))
            edge.board.wait_for(Happened.RECORDING, times=2)
            far.until_heard(FIRST)
            assert set(edge.board.reachable.phones) == {"desk1", "desk2"}
            near.hang_up()
            edge.board.wait_for(Happened.LEFT)
        now = daytime.now() + timedelta(seconds=by)
        for ask in edge.board.key_asks():
            assert timedelta() < now - ask.heard_at < timedelta(seconds=60)
