"""A batch is taken as a whole or not at all, whatever happens to the process in the middle."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker
from tests.companies import Company, found_company
from tests.integration.updates.feeding import AINO, Feed, change, person, rows, texts

from trustdesk.kernel.ids import new_id
from trustdesk.server.cluster import Cluster
from trustdesk.updates.contracts import Fate
from trustdesk.updates.models import Applied, Change
from trustdesk.updates.services import recording

HOME = {"address": "Mäntytie 3, 33100 Tampere"}
MOVE = change("1", person=AINO, becomes=HOME)


@pytest.fixture
def alone(cluster: Cluster, django_db_blocker: DjangoDbBlocker) -> Iterator[Company]:
    with django_db_blocker.unblock():
        yield found_company(f"Whole {new_id()}", "FI")


def test_a_fault_in_the_middle_leaves_nothing(alone: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """The register is written before the changes' own rows are: neither is there afterwards."""
    aino, feed = person(alone, AINO), Feed(alone)
    with monkeypatch.context() as broken:
        broken.setattr(recording, "_row", lambda case: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            feed.take(MOVE)
    assert texts(alone, aino, "address") == [AINO["address"]]
    assert rows(alone, Change) == rows(alone, Applied) == []
    assert feed.take(MOVE)[0].fate is Fate.UPDATED


def test_a_process_that_is_killed_leaves_nothing(alone: Company) -> None:
    aino, feed = person(alone, AINO), Feed(alone)
    code = (
        "import os, signal, django; django.setup()\n"
        "from tests.companies import Company\n"
        "from tests.integration.updates import feeding\n"
        "from tests.integration.updates.test_as_a_whole import MOVE\n"
        "from trustdesk.updates.services import recording\n"
        "recording._row = lambda case: os.kill(os.getpid(), signal.SIGKILL)\n"
        f"company = Company({alone.controller_id}, {alone.direct}, {alone.imported})\n"
        f"feed = feeding.Feed.__new__(feeding.Feed); feed.company = company; feed.feed_id = {feed.feed_id}\n"
        f"feed.source_id = {feed.source_id}; feed.tell = frozenset()\n"
        "feed.take(MOVE)\n"
    )
    died = subprocess.run([sys.executable, "-c", code], env=os.environ, check=False, capture_output=True, timeout=60)
    assert died.returncode == -signal.SIGKILL, died.stderr.decode()[-500:]
    assert texts(alone, aino, "address") == [AINO["address"]]
    assert rows(alone, Change) == []
    assert feed.take(MOVE)[0].fate is Fate.UPDATED
    assert texts(alone, aino, "address") == [HOME["address"]]
