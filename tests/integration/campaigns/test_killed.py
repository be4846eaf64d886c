"""The worker is killed in the middle of a campaign, by SIGKILL; the next one goes on and sends nothing twice."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from tests.architecture.source import ROOT
from tests.integration.campaigns.campaigning import Campaigning
from tests.integration.delivery import smtpd
from tests.integration.delivery.posting import mail_server
from tests.integration.delivery.smtpd import Smtpd

from trustdesk.campaigns.contracts import Limits, State, TargetState
from trustdesk.decision.contracts import Channel
from trustdesk.delivery.services.locks import lane_held
from trustdesk.isolation.api import held_alone

pytestmark = pytest.mark.slow  # processes are killed

PEOPLE = 12
WAITS = 120  # seconds, for a process on a machine that has other things to do
# The tests' cluster confirms commits before they are written; whoever is killed must not be told so.
OWN = {
    "DJANGO_SETTINGS_MODULE": "trustdesk.settings.test",
    "PGOPTIONS": "-c synchronous_commit=on",
    "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]),
}


@contextmanager
def working(room: Campaigning, campaign_id: int, port: int) -> Iterator["subprocess.Popen[bytes]"]:
    """A worker, ended at the end of the block at the latest."""
    arguments = [str(room.company.id), str(campaign_id), str(port)]
    command = [sys.executable, "-m", "tests.integration.campaigns.worker", *arguments]
    with subprocess.Popen(command, env=os.environ | OWN, cwd=ROOT) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("stage", [smtpd.RCPT, smtpd.DATA])
def test_nothing_is_sent_twice(room: Campaigning, stage: str) -> None:
    room.add(PEOPLE)
    campaign_id = room.started(limits=Limits(per_day=None, per_campaign=3))
    seen: list[str] = []
    killed = threading.Event()

    def reached(now_at: str) -> None:
        seen.append(now_at)
        if now_at == stage and seen.count(stage) == 4:
            os.kill(process.pid, signal.SIGKILL)
            process.wait(10)
            killed.set()

    with Smtpd(reached=reached) as server:
        with working(room, campaign_id, server.port) as process:
            assert killed.wait(WAITS)
        with mail_server(server.port, EMAIL_TIMEOUT=20):
            room.finish(campaign_id)
    arrived = [mail.recipients[0] for mail in server.taken]
    assert len(arrived) == len(set(arrived)), "sent twice"
    counts = room.view(campaign_id).counts
    # Killed after DATA nobody knows of one whether it arrived: it is not sent again, and not tried again either.
    unknown = 1 if stage == smtpd.DATA else 0
    assert counts.get(TargetState.STOPPED, 0) == unknown
    assert counts[TargetState.DONE] == PEOPLE - unknown == len(arrived)
    assert room.state(campaign_id) is State.ENDED


def test_who_comes_while_the_dead_ones_locks_stand_goes_on_when_they_fall(room: Campaigning) -> None:
    """A killed worker's sessions end when the database notices: on a busy machine that takes a while."""
    room.add(PEOPLE)
    campaign_id = room.started()
    with Smtpd() as server, mail_server(server.port):
        with held_alone(f"campaigns|{campaign_id}"), lane_held(room.company.id, Channel.EMAIL):
            room.go(campaign_id)
            assert room.view(campaign_id).counts == {TargetState.WAITING: PEOPLE}
        room.finish(campaign_id)
    assert len(server.taken) == PEOPLE


def test_killed_at_any_moment_each_attempt_has_its_message(room: Campaigning) -> None:
    """While attempts are begun: both are there, or neither is."""
    room.add(PEOPLE)
    campaign_id = room.started()
    with Smtpd() as server:
        with working(room, campaign_id, server.port):
            until = time.monotonic() + WAITS
            while not room.company.ask("SELECT 1 FROM campaigns_attempt LIMIT 1"):
                assert time.monotonic() < until
            time.sleep(random.uniform(0, 0.05))
        apart = room.company.ask(
            "SELECT count(*) FILTER (WHERE m.id IS NULL), count(*) FILTER (WHERE a.number IS NULL)"
            " FROM campaigns_attempt a FULL JOIN delivery_message m ON m.id = a.message_id",
        )
        assert apart == [(0, 0)]
        with mail_server(server.port, EMAIL_TIMEOUT=20):
            room.finish(campaign_id)
    arrived = [mail.recipients[0] for mail in server.taken]
    assert len(arrived) == len(set(arrived))
    assert sum(room.view(campaign_id).counts.values()) == PEOPLE
