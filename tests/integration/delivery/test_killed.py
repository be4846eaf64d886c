"""The worker is killed at each stage of a hand-over, as a process, by SIGKILL; another one takes up what it left."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from tests.architecture.source import ROOT
from tests.integration.delivery import smtpd
from tests.integration.delivery.posting import Company, mail_server
from tests.integration.delivery.smtpd import Smtpd

from trustdesk.decision.contracts import Channel
from trustdesk.delivery.contracts import State
from trustdesk.delivery.services.locks import lane_held

pytestmark = pytest.mark.slow  # processes are killed


class Killer:
    """Kills the worker when the mail server has reached a stage."""

    def __init__(self, stage: str) -> None:
        self.stage = stage
        self.done = threading.Event()
        self.process: subprocess.Popen[bytes] | None = None
        self._started = threading.Event()

    def reached(self, stage: str) -> None:
        if stage == self.stage and not self.done.is_set():
            self._started.wait(10)
            assert self.process is not None
            os.kill(self.process.pid, signal.SIGKILL)
            self.process.wait(10)
            self.done.set()

    @contextmanager
    def working(self, company: Company, port: int) -> Iterator[None]:
        # The tests' cluster confirms commits before they are written; whoever is killed must not be told so.
        own = {
            "DJANGO_SETTINGS_MODULE": "trustdesk.settings.test",
            "PGOPTIONS": "-c synchronous_commit=on",
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]),
        }
        command = [sys.executable, "-m", "tests.integration.delivery.worker", str(company.id), "email", str(port)]
        with subprocess.Popen(command, env=os.environ | own, cwd=ROOT) as self.process:
            self._started.set()
            try:
                yield
            finally:
                self.process.kill()
        _given_back(company)


def _given_back(company: Company) -> None:
    """Return when the lane is free. The server ends a dead worker's session when it notices, which is not at once: what
    comes before finds the lane held and goes away, as the worker's next slice would.
    """
    until = time.monotonic() + 30
    free = False
    while not free:
        assert time.monotonic() < until, "the dead worker's session holds its lane"
        with lane_held(company.id, Channel.EMAIL) as free:
            pass


# After DATA nobody knows; before it nothing was handed over and the next worker does it again.
STAGES = {
    smtpd.GREETING: State.SENT,
    smtpd.EHLO: State.SENT,
    smtpd.MAIL: State.SENT,
    smtpd.RCPT: State.SENT,
    smtpd.DATA: State.UNKNOWN,
    smtpd.DOT: State.UNKNOWN,
}


@pytest.mark.parametrize("stage", STAGES)
def test_nothing_is_sent_twice(company: Company, stage: str) -> None:
    first, second = (company.send(company.person(f"{name}@example.com")) for name in ("first", "second"))
    killer = Killer(stage)
    with Smtpd(reached=killer.reached) as server:
        with killer.working(company, server.port):
            assert killer.done.wait(60)
        with mail_server(server.port):
            company.work()
    assert company.state(first) is STAGES[stage]
    assert company.state(second) is State.SENT
    arrived = [mail.recipients[0] for mail in server.taken]
    assert len(arrived) == len(set(arrived)), "sent twice"
    # Killed after the final dot it had arrived, and is unknown all the same: only the answer would have told.
    expected = {"second@example.com"} if stage == smtpd.DATA else {"first@example.com", "second@example.com"}
    assert set(arrived) == expected


def test_between_two_messages_nothing_is_lost(company: Company) -> None:
    sent = [company.send(company.person(f"p{number}@example.com")) for number in range(6)]
    killer = Killer(smtpd.MAIL)
    seen: list[str] = []

    def third(stage: str) -> None:
        seen.append(stage)
        if seen.count(smtpd.MAIL) == 3:
            killer.reached(stage)

    with Smtpd(reached=third) as server:
        with killer.working(company, server.port):
            assert killer.done.wait(60)
        with mail_server(server.port):
            company.work()
    assert {company.state(message_id) for message_id in sent} == {State.SENT}
    assert len(server.taken) == len(sent)


def test_two_workers_do_not_share_a_lane(company: Company) -> None:
    sent = [company.send(company.person(f"p{number}@example.com")) for number in range(10)]
    killer = Killer("never")
    with Smtpd() as server, mail_server(server.port), killer.working(company, server.port):
        while not server.taken:
            assert killer.process is not None
            assert killer.process.poll() is None
        company.work()
        assert killer.process is not None
        killer.process.wait(60)
    assert {company.state(message_id) for message_id in sent} == {State.SENT}
    assert len(server.taken) == len(sent)
