"""The worker is killed while it applies a delivery; nothing is half done, and the next one goes on."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection
from tests.architecture.source import ROOT
from tests.integration.feeds.feeding import Room, row, table
from tests.integration.feeds.worker import CHUNK
from tests.integration.updates.feeding import person

from trustdesk.feeds.contracts import Brake, DeliveryState
from trustdesk.isolation.api import scoped

pytestmark = pytest.mark.slow  # processes are killed

NAMES = (
    "Virtanen", "Korhonen", "Nieminen", "Laine", "Heikkinen", "Koskinen", "Salminen", "Rantanen", "Turunen",
)  # fmt: skip
WAITS = 90
OWN = {
    "DJANGO_SETTINGS_MODULE": "trustdesk.settings.test",
    "PGOPTIONS": "-c synchronous_commit=on",
    "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]),
}


def asked(room: Room, statement: str) -> int:
    with scoped(room.context().scope), connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchall()[0][0])


def test_nothing_is_half_done(room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trustdesk.feeds.services.working.CHUNK", CHUNK)
    for number, family in enumerate(NAMES, 1):
        born = f"{1950 + number}-03-{number:02}"
        known_by = {"family_name": family, "given_name": "Aino", "birth_date": born, "address": "Vanha tie 1, Oulu"}
        person(room.company, known_by)
    feed_id = room.feed(brake=Brake(register=1))
    records = [
        row(number, family=family, born=f"{1950 + number}-03-{number:02}") for number, family in enumerate(NAMES, 1)
    ]
    delivery_id = room.receive(feed_id, table(records))
    for stage, chunks in (("inside", 1), ("between", 2)):
        killed_at(room, feed_id, stage, tmp_path / stage)
        assert asked(room, "SELECT count(*) FROM feeds_chunk") == chunks, stage
        assert asked(room, "SELECT count(*) FROM updates_change") == chunks * CHUNK, stage
    until = time.monotonic() + WAITS
    while room.delivery(delivery_id).state is not DeliveryState.DONE:  # its lock falls when the database notices
        assert time.monotonic() < until
        room.run(feed_id)
    done = room.delivery(delivery_id)
    assert done.counts == {"updated": len(NAMES)}
    assert asked(room, "SELECT count(*) FROM updates_change") == len(NAMES)


def killed_at(room: Room, feed_id: int, stage: str, reached: Path) -> None:
    command = [sys.executable, "-m", "tests.integration.feeds.worker", str(room.id), str(feed_id), stage, str(reached)]
    with subprocess.Popen(command, env=os.environ | OWN, cwd=ROOT) as process:
        try:
            until = time.monotonic() + WAITS
            while not reached.exists():
                assert process.poll() is None
                assert time.monotonic() < until
                time.sleep(0.02)
        finally:
            process.kill()
