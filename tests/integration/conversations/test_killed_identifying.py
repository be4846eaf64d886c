"""Killed in the middle of identifying, by SIGKILL: the one or the other, and never something in between."""

import os
import signal
import subprocess
import sys
import threading

import pytest
from tests.architecture.source import ROOT
from tests.companies import Company
from tests.conversing import NUMBER, call, keys_of, subject_of

from trustdesk.conversations import api as conversing
from trustdesk.conversations.contracts import How
from trustdesk.kernel.errors import ConflictError

pytestmark = pytest.mark.slow  # processes are killed

WAITS = 120  # seconds, for a process on a machine that has other things to do
OWN = {
    "DJANGO_SETTINGS_MODULE": "trustdesk.settings.test",
    "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]),
}


@pytest.mark.parametrize("stage", ["sealed-anew", "key-destroyed"])
def test_nothing_is_half_done(alone: Company, stage: str) -> None:
    anna = alone.person(name="Anna")
    one = call(alone)
    one.note("The meter stands still.")
    arguments = [str(alone.controller_id), str(one.id), str(anna), stage]
    command = [sys.executable, "-m", "tests.integration.conversations.worker", *arguments]
    process = subprocess.run(command, env=os.environ | OWN, cwd=ROOT, timeout=WAITS, check=False)
    assert process.returncode == -signal.SIGKILL
    whole = conversing.conversation(alone.context(), one.id)
    assert (whole.line.customer_id, whole.line.how) == (None, How.UNIDENTIFIED)
    assert [note.text for note in whole.notes] == ["The meter stands still."]
    assert subject_of(one) == one.id
    assert keys_of(alone, one.id) == {"service": True}
    one.identify(anna)
    whole = conversing.conversation(alone.context(), one.id)
    assert [party.text for party in whole.parties] == [NUMBER]
    assert keys_of(alone, one.id) == {"service": False}


def test_two_who_identify_at_once_agree_on_one(alone: Company) -> None:
    """And whoever writes meanwhile writes under the key that counts."""
    anna, bea = alone.person(name="Anna"), alone.person(name="Bea")
    one = call(alone)
    faults: list[Exception] = []

    def identify(customer_id: int) -> None:
        try:
            one.identify(customer_id)
        except ConflictError as fault:
            faults.append(fault)

    threads = [
        *(threading.Thread(target=identify, args=[customer_id]) for customer_id in (anna, bea)),
        *(threading.Thread(target=one.note, args=[f"Word {number}."]) for number in range(4)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAITS)
    whole = conversing.conversation(alone.context(), one.id)
    assert whole.line.customer_id in {anna, bea}
    assert len(faults) == 1
    assert sorted(str(note.text) for note in whole.notes) == [f"Word {number}." for number in range(4)]
