"""A list that was uploaded: sealed while it waits, read from under its seal, gone with its key."""

import json
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from openpyxl import Workbook
from tests.integration.intake.conftest import COLUMNS, Company, people
from tests.integration.intake.test_faults import wait_for
from tests.world import World

from trustdesk.audit import api as audit
from trustdesk.batch.contracts import FileReason, Reading, UnreadableFileError
from trustdesk.intake import api as intake
from trustdesk.intake import tasks
from trustdesk.intake.contracts import Progress, RunState
from trustdesk.intake.services import files
from trustdesk.kernel import clock
from trustdesk.kernel.errors import ConflictError, NotFoundError, RefusedError, SealBrokenError
from trustdesk.register import api as register
from trustdesk.vault import api as vault

pytestmark = pytest.mark.slow  # processes are killed

WORKER = (
    "import json, sys, django; django.setup(); from trustdesk.intake import tasks; tasks.run(**json.loads(sys.argv[1]))"
)


def give(company: Company, content: bytes, name: str = "list.csv") -> str:
    pieces = (content[start : start + 9_999] for start in range(0, len(content), 9_999))
    return intake.receive(company.context(), pieces, name=name, now=clock.now())


def order(company: Company, name: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401  # arguments of the door
    """What the worker will be given."""
    given = {"mapping_id": company.mapping_id, "source_id": company.source_id} | more
    run_id = intake.import_received(company.context(), name=name, now=clock.now(), **given)
    return job(company, run_id)


def job(company: Company, run_id: int) -> dict[str, Any]:
    said = company.ask("SELECT args::text FROM procrastinate_jobs WHERE task_name = 'intake.run' ORDER BY id DESC")
    return next(arguments for (text,) in said if (arguments := json.loads(text))["run_id"] == run_id)


def place(company: Company, name: str) -> Path:
    return files.folder("lists", str(company.id)) / name


def keys(company: Company) -> list[bool]:
    """Whether the key of each list lives."""
    return [alive for (alive,) in company.ask("SELECT wrapped IS NOT NULL FROM vault_file_key ORDER BY id")]


def workbook(company: Company, rows: list[dict[str, str]]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(COLUMNS))
    for row in rows:
        sheet.append(list(row.values()))
    path = company.folder / "book.xlsx"
    book.save(path)
    return path.read_bytes()


def test_nothing_of_a_waiting_list_stands_in_clear_below_the_home(company: Company) -> None:
    rows = people(900)
    content = company.write_csv(rows).read_bytes()
    name = give(company, content)
    assert place(company, name).stat().st_mode & 0o077 == 0
    assert place(company, name).parent.stat().st_mode & 0o077 == 0
    intake.preview(intake.received(company.context(), name), reading=Reading(delimiter=";"))
    order(company, name)
    told = [row[column].encode() for row in (rows[0], rows[450], rows[-1]) for column in ("Név", "Telefon", "E-mail")]
    data = settings.TRUSTDESK_HOME.data / "intake"
    seen = 0
    for path in data.rglob("*"):
        if path.is_file():
            stored = path.read_bytes()
            seen += 1
            assert not [text for text in told if text in stored], path
    assert seen


@pytest.mark.parametrize("kind", ["csv", "jsonl", "xlsx"])
def test_every_kind_of_file_is_read_from_under_its_seal(company: Company, kind: str) -> None:
    rows = people(1_500)
    content = {
        "csv": lambda: company.write_csv(rows).read_bytes(),
        "jsonl": lambda: "".join(json.dumps(row) + "\n" for row in rows).encode(),
        "xlsx": lambda: workbook(company, rows),
    }[kind]()
    name = give(company, content, f"people.{kind}")
    shown = intake.preview(intake.received(company.context(), name), reading=Reading())
    assert (shown.kind, list(shown.columns), shown.size) == (kind, list(COLUMNS), len(content))
    assert tasks.run(**order(company, name)) == "finished"
    assert company.customers() == 1_500
    assert [hit.name for hit in register.search(company.context(), rows[1_400]["E-mail"]).rows] == [rows[1_400]["Név"]]


def test_the_same_list_by_path_and_by_upload_is_the_same_import(company: Company) -> None:
    path = company.write_csv(people(60))
    name = give(company, path.read_bytes())
    assert tasks.run(**order(company, name)) == "finished"
    by_path = company.bring_in(path)
    assert by_path.run_id == company.runs()[0].run_id
    assert len(company.runs()) == 1


def test_a_killed_worker_goes_on_where_it_was(company: Company) -> None:
    rows = people(8_000)
    name = give(company, company.write_csv(rows).read_bytes())
    arguments = order(company, name)
    worker = company.program("-c", WORKER, json.dumps(arguments))
    wait_for(company, 2_000, worker)
    os.kill(worker.pid, signal.SIGKILL)
    worker.communicate()
    until = time.monotonic() + 10
    while company.runs()[0].state is RunState.RUNNING and time.monotonic() < until:
        time.sleep(0.05)  # until the database has noticed
    (killed,) = company.runs()
    assert killed.state is RunState.INTERRUPTED
    assert 0 < killed.counts.rows < 8_000
    assert place(company, name).exists()
    assert tasks.run(**arguments) == "finished"
    assert company.customers() == 8_000
    assert company.runs()[0].counts.rows == 8_000
    assert not place(company, name).exists()
    assert keys(company) == [False]


def test_a_rotation_of_the_keys_does_not_hold_a_waiting_list_up(company: Company) -> None:
    name = give(company, company.write_csv(people(60)).read_bytes())
    arguments = order(company, name)
    while not vault.rotate_controller_key(company.context(), chunk=100, now=clock.now()).finished:
        pass
    assert tasks.run(**arguments) == "finished"
    assert company.customers() == 60


def altered(path: Path) -> Iterator[bytes]:
    stored = path.read_bytes()
    yield stored[:-1]
    yield stored + b"\0"
    yield stored[:500] + bytes([stored[500] ^ 1]) + stored[501:]
    yield b""


def test_a_list_that_was_altered_brings_nobody_in(company: Company) -> None:
    name = give(company, company.write_csv(people(60)).read_bytes())
    arguments = order(company, name)
    path = place(company, name)
    good, before = path.read_bytes(), path.stat()
    for bad in altered(path):
        path.write_bytes(bad)
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        assert tasks.run(**arguments) in {"seal-broken", "unreadable-file"}
        (stopped,) = company.runs()
        assert stopped.state is RunState.STOPPED
        assert stopped.reason in {"seal-broken", "file-changed"}
    assert company.customers() == 0
    path.write_bytes(good)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert tasks.run(**arguments) == "finished"
    assert company.customers() == 60


def test_a_list_that_changes_during_its_import_stops_it(company: Company) -> None:
    name = give(company, company.write_csv(people(300)).read_bytes())
    path = place(company, name)

    def touch(_told: Progress) -> None:
        os.utime(path)

    with pytest.raises(UnreadableFileError) as caught:
        company.bring_in(intake.received(company.context(), name), listener=touch)  # type: ignore[arg-type]
    assert caught.value.reason is FileReason.CHANGED


def test_a_neighbor_and_a_stranger_open_no_list(company: Company, world: World) -> None:
    name = give(company, b"a,b\n1,2\n")
    neighbor = world.system(world.south)
    with pytest.raises(NotFoundError):
        intake.received(neighbor, name)
    intake.forget(neighbor, name, now=clock.now())
    assert place(company, name).exists()
    # Whoever copies the file into the neighbor's folder, under the same name, opens it no more.
    copy = files.folder("lists", str(world.south.id)) / name
    copy.write_bytes(place(company, name).read_bytes())
    with pytest.raises(NotFoundError):
        intake.received(neighbor, name)
    copy.unlink()


def test_who_opens_a_list_stands_in_the_log(company: Company) -> None:
    name = give(company, b"a,b\n1,2\n")
    intake.received(company.context(), name)
    newest = audit.entries(company.context(), limit=5)
    assert [(entry.kind, entry.what, list(entry.fields)) for entry in newest if entry.what == "intake.list"] == [
        ("opening", "intake.list", ["list"]),
    ]


def test_what_is_no_list_leaves_neither_file_nor_key(company: Company) -> None:
    for content, name in ((b"not a workbook", "x.xlsx"), (b"PK\x03\x04", "x.csv")):
        with pytest.raises(UnreadableFileError):
            give(company, content, name)

    def broken() -> Iterator[bytes]:
        yield b"a,b\n"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        intake.receive(company.context(), broken(), name="list.csv", now=clock.now())
    assert list(files.folder("lists", str(company.id)).iterdir()) == []
    assert not any(keys(company))


def test_a_list_that_nobody_imports_is_forgotten_with_its_key(company: Company) -> None:
    name = give(company, b"a,b\n1,2\n")
    loose = files.folder("lists") / "0000000000001.csv"  # as a version before kept them
    loose.write_bytes(b"a,b\n")
    assert keys(company) == [True]
    assert files.forget_old(now=clock.now()) == 0
    assert files.forget_old(now=clock.now() + timedelta(days=7, seconds=5)) >= 2
    assert keys(company) == [False]
    assert not loose.exists()
    with pytest.raises(NotFoundError):
        intake.received(company.context(), name)


class TestCancelling:
    def test_a_waiting_import_never_begins(self, company: Company) -> None:
        name = give(company, company.write_csv(people(60)).read_bytes())
        arguments = order(company, name)
        intake.cancel(company.context(), run_id=arguments["run_id"], now=clock.now())
        assert company.runs()[0].state is RunState.CANCELLED
        assert not place(company, name).exists()
        assert keys(company) == [False]
        assert tasks.run(**arguments) == "cancelled before"
        assert company.customers() == 0

    def test_a_running_one_ends_and_keeps_what_came_in(self, company: Company) -> None:
        path = company.write_csv(people(300))

        def cancel(told: Progress) -> None:
            if told.counts.rows == 100:
                intake.cancel(company.context(), run_id=told.run_id, now=clock.now())

        with pytest.raises(intake.CancelledError):
            company.bring_in(path, listener=cancel)
        (cancelled,) = company.runs()
        assert (cancelled.state, cancelled.reason, company.customers()) == (RunState.CANCELLED, "", 100)
        kinds = [entry.what for entry in audit.entries(company.context(), limit=20)]
        assert "intake.cancelled" in kinds
        assert not {"intake.stopped", "intake.finished"} & set(kinds)

    def test_one_in_many_processes_ends_too(self, company: Company) -> None:
        path = company.write_csv(people(8_000))
        numbers = (company.id, company.mapping_id, company.source_id, 2)
        process = company.program("-m", "tests.integration.intake.importer", str(path), *map(str, numbers))
        wait_for(company, 1_000, process)
        intake.cancel(company.context(), run_id=company.runs()[0].run_id, now=clock.now())
        _out, told = process.communicate(timeout=60)
        assert process.returncode == 1
        assert "import-cancelled" in told
        (cancelled,) = company.runs()
        assert cancelled.state is RunState.CANCELLED
        assert 1_000 <= company.customers() == cancelled.counts.added < 8_000

    def test_the_uploaded_list_of_a_running_one_is_gone_at_once(self, company: Company) -> None:
        name = give(company, company.write_csv(people(8_000)).read_bytes())
        arguments = order(company, name)
        worker = company.program("-c", WORKER, json.dumps(arguments))
        wait_for(company, 2_000, worker)
        intake.cancel(company.context(), run_id=arguments["run_id"], now=clock.now())
        assert not place(company, name).exists()
        worker.communicate(timeout=60)
        (cancelled,) = company.runs()
        assert cancelled.state is RunState.CANCELLED
        assert company.customers() == cancelled.counts.added < 8_000

    def test_to_order_it_again_takes_in_the_rest(self, company: Company) -> None:
        rows = people(300)
        path = company.write_csv(rows)

        def cancel(told: Progress) -> None:
            intake.cancel(company.context(), run_id=told.run_id, now=clock.now())

        with pytest.raises(intake.CancelledError):
            company.bring_in(path, listener=cancel)
        again = company.bring_in(path)
        assert (again.state, again.counts.added, company.customers()) == (RunState.FINISHED, 300, 300)
        assert len(company.runs()) == 1
        name = give(company, path.read_bytes())
        with pytest.raises(ConflictError):
            intake.cancel(company.context(), run_id=again.run_id, now=clock.now())
        assert place(company, name).exists()

    def test_a_stopped_one_is_not_resumed_afterwards(self, company: Company) -> None:
        name = give(company, company.write_csv(people(60)).read_bytes())
        arguments = order(company, name)
        path = place(company, name)
        path.write_bytes(path.read_bytes()[:-1])
        tasks.run(**arguments)
        assert company.runs()[0].state is RunState.STOPPED
        intake.cancel(company.context(), run_id=arguments["run_id"], now=clock.now())
        for refused in (intake.cancel, intake.resume):
            with pytest.raises(ConflictError):
                refused(company.context(), run_id=arguments["run_id"], now=clock.now())

    def test_only_who_may_import_may_cancel(self, company: Company, world: World) -> None:
        name = give(company, company.write_csv(people(3)).read_bytes())
        run_id = order(company, name)["run_id"]
        with pytest.raises(NotFoundError):
            intake.cancel(world.system(world.south), run_id=run_id, now=clock.now())
        agent = world.context(world.agent_north, world.north)
        with pytest.raises((RefusedError, NotFoundError)):
            intake.cancel(agent, run_id=run_id, now=clock.now())
        assert company.runs()[0].state is RunState.WAITING
        dry = order(company, name, dry_run=True)["run_id"]
        looking = replace(company.context(), operations=frozenset({"list:preview"}))
        with pytest.raises(RefusedError):
            intake.cancel(looking, run_id=run_id, now=clock.now())
        intake.cancel(looking, run_id=dry, now=clock.now())
        states = {run.run_id: run.state for run in company.runs()}
        assert states == {run_id: RunState.WAITING, dry: RunState.CANCELLED}


def test_runs_are_listed_in_parts(company: Company) -> None:
    whole = []
    for number in range(5):
        company.bring_in(company.write_csv(people(2, start=10 * number), name=f"{number}.csv"))
        whole.append(company.runs()[0].run_id)
    whole.reverse()
    assert [run.run_id for run in company.runs()] == whole
    first = intake.runs(company.context(), limit=2)
    rest = intake.runs(company.context(), before=first[-1].run_id, limit=10)
    assert [run.run_id for run in (*first, *rest)] == whole
    assert intake.runs(company.context(), before=whole[-1]) == []


def test_a_seal_that_does_not_open_says_so_in_words(company: Company) -> None:
    name = give(company, b"a,b\n1,2\n")
    place(company, name).write_bytes(b"")
    with pytest.raises(SealBrokenError) as caught:
        intake.preview(intake.received(company.context(), name), reading=Reading())
    assert "Give the file again" in caught.value.mend
