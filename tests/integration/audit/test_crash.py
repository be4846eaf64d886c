"""The database dies by kill -9 between opening and response."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from tests.integration.audit.conftest import Log, owner_connection

from trustdesk.audit import api
from trustdesk.isolation.api import close_pools, raw_pool
from trustdesk.kernel.context import AccessContext, Opening
from trustdesk.server.cluster import Cluster

pytestmark = pytest.mark.slow  # the database is killed

CARD = Opening("register.card", [4711], ["name"])


def processes_of(cluster: Cluster) -> list[int]:
    """The postmaster and its children."""
    postmaster = cluster.running_pid()
    children = [
        int(stat.parent.name)
        for stat in Path("/proc").glob("[0-9]*/stat")
        if stat.read_text().rsplit(")", 1)[1].split()[1] == str(postmaster)
    ]
    return [postmaster or 0, *children]


def kill(cluster: Cluster) -> None:
    victims = processes_of(cluster)
    for pid in victims:
        os.kill(pid, signal.SIGKILL)
    while cluster.running_pid() is not None or any(Path(f"/proc/{pid}/exe").exists() for pid in victims):
        time.sleep(0.01)


@pytest.fixture
def mortal(cluster: Cluster, log: Log, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    # A connection of more than a second ago is looked at first; then a dead server is waited for.
    monkeypatch.setattr(raw_pool("app"), "timeout", 5.0)
    with cluster.connect() as superuser:
        superuser.execute("CHECKPOINT")
    connection.close()
    yield cluster
    cluster.start()
    close_pools()
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]
    # The fixture below cleans up with a connection that died with the server.
    log.owner.close()
    log.owner = owner_connection()


def card(context: AccessContext, *, killed: Cluster) -> Iterator[bytes]:
    """A request: the opening first, then the sealed values, then the response."""
    context.journal.opening(context, CARD)
    kill(killed)
    api.verification_state(context)  # stands for reading the sealed values
    yield b"plaintext"


def test_the_opening_is_there_after_the_database_was_killed(log: Log, mortal: Cluster) -> None:
    with pytest.raises(psycopg.OperationalError):
        next(card(log.context(), killed=mortal))
    mortal.start()
    with owner_connection() as owner:
        assert owner.execute("SELECT kind FROM audit_entry").fetchall() == [("opening",)]


def test_nothing_leaves_when_the_opening_can_not_be_committed(log: Log, mortal: Cluster) -> None:
    context = log.context()
    context.journal.opening(context, CARD)  # the month's key is known and a connection is at hand
    kill(mortal)
    left: list[bytes] = []

    def request() -> None:
        context.journal.opening(context, CARD)
        left.append(b"plaintext")

    with pytest.raises(psycopg.OperationalError):
        request()
    assert left == []
    mortal.start()
    with owner_connection() as owner:
        assert owner.execute("SELECT count(*) FROM audit_entry").fetchone() == (1,)
