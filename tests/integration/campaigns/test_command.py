"""`trustdesk campaign`, as a person types it."""

import os
import subprocess
import sys

import pytest
from tests.integration.campaigns.campaigning import Campaigning

from trustdesk.campaigns.contracts import State
from trustdesk.kernel.ids import to_public

pytestmark = pytest.mark.slow  # whole programs are started


def typed(room: Campaigning, *words: str) -> tuple[int, str, str]:
    command = [sys.executable, "-c", "from trustdesk.cli.main import main; main()", "campaign", *words]
    own = {"DJANGO_SETTINGS_MODULE": "trustdesk.settings.test"}
    of = ["--controller", str(room.company.id)]
    done = subprocess.run(
        [*command, *of],
        env=os.environ | own,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_it_is_listed_started_paused_and_cancelled(room: Campaigning) -> None:
    first, second = room.add(2)
    room.company.withdraw(room.people[second])
    campaign_id = room.create([first, second])
    name = to_public(campaign_id)
    code, out, err = typed(room, "list")
    assert code == 0, err
    assert name in out
    for act, state in (("start", State.RUNNING), ("pause", State.PAUSED), ("cancel", State.CANCELLED)):
        code, out, err = typed(room, act, name)
        assert code == 0, err
        assert state in out
        assert room.state(campaign_id) is state
    assert "not taken" in out
    code, _out, err = typed(room, "start", name)
    assert code == 1
    assert "where" in err
    code, _out, err = typed(room, "show", "nothing")
    assert code == 1
    assert "13 letters" in err
