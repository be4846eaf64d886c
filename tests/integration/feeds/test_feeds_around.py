"""What stands around feeds: the doctor, the command line, the sweep, the declaration."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.integration.feeds.feeding import BRAKED, Register, Room, rows, table

from trustdesk.feeds import api as feeds
from trustdesk.feeds import places, tasks
from trustdesk.feeds.contracts import DeliveryState
from trustdesk.feeds.privacy import DECLARATION
from trustdesk.feeds.services import driving
from trustdesk.health.checks.feeds import check_feeds
from trustdesk.health.contracts import State
from trustdesk.isolation.api import held_alone
from trustdesk.kernel import clock, registries
from trustdesk.kernel.ids import to_public


def waiting(feed_id: int) -> int:
    """Jobs of a feed that nobody has begun."""
    return ProcrastinateJob.objects.filter(status="todo", args__feed_id=feed_id).count()


def test_the_doctor_names_a_feed_that_the_brake_has_stopped(room: Room) -> None:
    feed_id = room.feed(brake=BRAKED)
    stopped = room.through(feed_id, table(rows(10, what="death", street="", town="")))
    assert check_feeds(clock.now()).state is State.BROKEN
    feeds.discard(room.context(), delivery_id=stopped.delivery_id, now=clock.now())
    assert feeds.standing(room.context()).stopped == 0


def test_a_job_waits_once_and_works(room: Room, register: Register) -> None:
    feed_id = room.feed()
    delivery_id = room.receive(feed_id, table(rows(2)))
    room.receive(feed_id, table(rows(3)))
    assert waiting(feed_id) == 1
    assert tasks.run(controller_id=room.id, feed_id=feed_id) is False
    assert room.delivery(delivery_id).state is DeliveryState.DONE


def test_the_sweep_finds_what_nobody_waits_for(room: Room) -> None:
    feed_id = room.feed()
    room.receive(feed_id, table(rows(2)))
    ProcrastinateJob.objects.filter(args__feed_id=feed_id).delete()
    driving.sweep(now=clock.now())
    assert waiting(feed_id) == 1
    assert driving.due(room.context(), now=clock.now()) == [feed_id]


def test_one_works_on_a_feed_at_a_time(room: Room, register: Register) -> None:
    feed_id = room.feed()
    delivery_id = room.receive(feed_id, table(rows(2)))
    with held_alone(f"feeds.feed|{room.id}|{feed_id}"):
        assert room.run(feed_id) is False
    assert room.delivery(delivery_id).state is DeliveryState.WAITING


def test_every_column_is_declared_and_the_folder_is_looked_through(room: Room) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name || '.' || column_name, table_name FROM information_schema.columns"
            " WHERE table_name IN ('feeds_feed', 'feeds_delivery', 'feeds_chunk', 'feeds_parked')"
        )
        columns = cursor.fetchall()
    declared = {f"{one.table}.{one.column}" for one in DECLARATION.fields} | set(DECLARATION.not_personal)
    assert [column for column, of in columns if column not in declared and f"{of}.*" not in declared] == []
    assert registries.stores.get("feeds.files")() == places.home()


def test_what_lies_sealed_says_nothing(room: Room) -> None:
    room.receive(room.feed(), table(rows(2)))
    ((_number, path),) = places.files_of(room.id)
    assert b"Virtanen" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0


def typed(room: Room, *words: str) -> str:
    command = [sys.executable, "-c", "from trustdesk.cli.main import main; main()", "feed", *words]
    own = {"DJANGO_SETTINGS_MODULE": "trustdesk.settings.test"}
    done = subprocess.run(
        [*command, "--controller", str(room.id)],
        env=os.environ | own,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    return done.stdout + done.stderr


@pytest.mark.slow  # whole programs are started
def test_the_command_takes_a_file_and_goes_on(room: Room, tmp_path: Path) -> None:
    feed_id = room.feed(name="Move service", brake=BRAKED)
    path = tmp_path / "changes.csv"
    path.write_bytes(table(rows(10, street="Torikatu 1")))
    told = typed(room, "take", "Move service", str(path))
    assert "stopped_by_brake" in told, told
    assert "one_address" in told
    (stopped,) = room.deliveries(feed_id)
    told = typed(room, "go-on", to_public(stopped.delivery_id))
    assert "done" in told, told
    assert "none" in told
