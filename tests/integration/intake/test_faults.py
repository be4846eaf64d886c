"""What a machine, a disk and a second pair of hands do to an import."""

import json
import os
import resource
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connections
from tests.integration.intake.conftest import Company, people

from trustdesk.batch.contracts import FileReason, UnreadableFileError
from trustdesk.intake import api as intake
from trustdesk.intake import tasks
from trustdesk.intake.contracts import Progress, Reject, RunState
from trustdesk.intake.services import files
from trustdesk.intake.services.running import held
from trustdesk.isolation.api import close_pools
from trustdesk.kernel import clock
from trustdesk.kernel.errors import BadInputError, ConflictError, NotFoundError
from trustdesk.server.cluster import Cluster

pytestmark = pytest.mark.slow  # processes are killed

ROWS = 5_000
LONG = 8_000  # still going on when another program has started


def wait_for(company: Company, rows: int, process: "subprocess.Popen[str]") -> None:
    """Until so many rows are committed, or the process has ended."""
    until = time.monotonic() + 90
    while time.monotonic() < until and process.poll() is None:
        runs = company.runs()
        if runs and runs[0].counts.rows >= rows:
            return
        time.sleep(0.05)
    out, err = process.communicate() if process.poll() is not None else ("", "still running")
    pytest.fail(f"the import did not get so far: {out} {err}")


def importing(company: Company, path: Path, processes: int = 2) -> "subprocess.Popen[str]":
    numbers = (company.id, company.mapping_id, company.source_id, processes)
    return company.program("-m", "tests.integration.intake.importer", str(path), *map(str, numbers))


def children(process: "subprocess.Popen[str]") -> list[int]:
    """The processes that deal with chunks."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and alive(int(folder.name)):
            parent = (folder / "stat").read_text().rsplit(")", 1)[1].split()[1]
            if parent == str(process.pid) and b"spawn_main" in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
    return found


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def fingerprints(company: Company) -> tuple[int, int, int]:
    ((customers, rows, tokens),) = company.ask(
        "SELECT (SELECT count(*) FROM register_customer), (SELECT count(*) FROM intake_row),"
        " (SELECT count(DISTINCT customer_id) FROM intake_row)",
    )
    return customers, rows, tokens


def test_kill_9_and_the_same_command_again(company: Company) -> None:
    path = company.write_csv(people(ROWS))
    process = importing(company, path)
    wait_for(company, 1_000, process)
    helpers = children(process)
    process.kill()
    process.communicate()
    until = time.monotonic() + 10
    while any(alive(pid) for pid in helpers) and time.monotonic() < until:
        time.sleep(0.1)
    assert len(helpers) == 2
    assert not any(alive(pid) for pid in helpers), "the children outlive their parent"
    (killed,) = company.runs()
    assert killed.state is RunState.INTERRUPTED
    assert 0 < killed.counts.rows < ROWS
    again = importing(company, path)
    out, err = again.communicate(timeout=120)
    assert again.returncode == 0, err
    assert "finished" in out
    (finished,) = company.runs()
    assert (finished.run_id, finished.counts.rows, finished.counts.added) == (killed.run_id, ROWS, ROWS)
    assert fingerprints(company) == (ROWS, ROWS, ROWS)


def test_a_killed_child_is_replaced(company: Company) -> None:
    process = importing(company, company.write_csv(people(ROWS)))
    wait_for(company, 1_000, process)
    os.kill(children(process)[0], signal.SIGKILL)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert fingerprints(company) == (ROWS, ROWS, ROWS)


@contextmanager
def owner() -> Iterator[psycopg.Connection]:
    place = connections["owner"].settings_dict
    with psycopg.connect(
        host=place["HOST"],
        port=place["PORT"] or None,
        dbname=place["NAME"],
        user=place["USER"],
        password=place["PASSWORD"],
        autocommit=True,
    ) as connection:
        yield connection


def test_the_database_is_killed_under_an_import(company: Company, cluster: Cluster) -> None:
    process = importing(company, company.write_csv(people(ROWS)))
    wait_for(company, 1_000, process)
    with owner() as connection:
        pid = connection.info.backend_pid
        os.kill(pid, signal.SIGKILL)  # one killed backend, and the server throws all out and recovers
    close_pools()
    for held_connection in connections.all(initialized_only=True):
        held_connection.close()
        if held_connection.settings_dict["OPTIONS"].get("pool"):
            held_connection.close_pool()  # type: ignore[attr-defined]
    out, err = process.communicate(timeout=180)
    assert process.returncode == 0, err
    assert "finished" in out
    assert fingerprints(company) == (ROWS, ROWS, ROWS)


def test_the_same_list_twice_at_once(company: Company) -> None:
    path = company.write_csv(people(LONG))
    one = importing(company, path, processes=1)
    wait_for(company, 1_000, one)
    other = importing(company, path, processes=1)
    _, told = other.communicate(timeout=60)
    assert other.returncode == 1
    assert "being imported at this moment" in told
    _, err = one.communicate(timeout=120)
    assert one.returncode == 0, err
    assert fingerprints(company) == (LONG, LONG, LONG)


def test_who_holds_the_lock_wins(company: Company) -> None:
    path = company.write_csv(people(100))
    first = company.bring_in(path, dry_run=True)
    assert first.state is RunState.FINISHED
    stopped: list[Progress] = []

    def stop(progress: Progress) -> None:
        stopped.append(progress)
        raise ConflictError("stop here")

    with pytest.raises(ConflictError):
        company.bring_in(path, listener=stop)
    with held(stopped[0].run_id), pytest.raises(ConflictError):
        company.bring_in(path)
    assert company.bring_in(path).counts.added == 100


def test_a_file_that_changes_during_the_import(company: Company) -> None:
    rows = people(300)
    path = company.write_csv(rows)

    def change(_: Progress) -> None:
        with path.open("a") as stream:
            stream.write("Nagy Anna;+36309999999;;;\n")

    with pytest.raises(UnreadableFileError) as caught:
        company.bring_in(path, listener=change)
    assert caught.value.reason is FileReason.CHANGED
    (stopped,) = company.runs()
    assert (stopped.state, stopped.reason) == (RunState.STOPPED, "file-changed")
    kept = company.customers()
    assert 0 < kept < 300
    path = company.write_csv(rows)
    finished = company.bring_in(path)
    assert finished.run_id == stopped.run_id
    assert company.customers() == 300


def test_a_change_that_leaves_size_and_time_is_found_at_the_end(company: Company) -> None:
    path = company.write_csv(people(300))
    before = path.stat()

    def change(progress: Progress) -> None:
        if progress.counts.rows == 300:
            path.write_bytes(path.read_bytes().replace(b"Budapest", b"Bukarest"))
            os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    with pytest.raises(UnreadableFileError) as caught:
        company.bring_in(path, listener=change)
    assert caught.value.reason is FileReason.CHANGED
    assert company.runs()[0].state is RunState.STOPPED


def test_a_row_that_ends_the_reading_keeps_what_came_before(company: Company) -> None:
    path = company.write_csv(people(120))
    path.write_bytes(path.read_bytes() + b'"Nagy Anna;1;;;\n')
    with pytest.raises(UnreadableFileError) as caught:
        company.bring_in(path)
    assert (caught.value.reason, caught.value.place) == (FileReason.UNTERMINATED_QUOTE, "row 122")
    (stopped,) = company.runs()
    assert (stopped.reason, stopped.place, company.customers()) == ("unterminated-quote", "row 122", 100)
    assert company.bring_in(company.write_csv(people(120))).counts.already_imported == 100
    assert company.customers() == 120


def test_a_full_disk_under_the_database(company: Company) -> None:
    path = company.write_csv(people(300))
    with owner() as connection:
        connection.execute(
            "CREATE FUNCTION intake_disk_full() RETURNS trigger LANGUAGE plpgsql AS $$"
            " BEGIN IF NEW.number = 2 THEN RAISE SQLSTATE '53100'; END IF; RETURN NEW; END $$",
        )
        connection.execute(
            "CREATE TRIGGER no_room BEFORE INSERT ON intake_chunk FOR EACH ROW EXECUTE FUNCTION intake_disk_full()",
        )
        try:
            with pytest.raises(intake.StorageFullError) as caught:
                company.bring_in(path)
        finally:
            connection.execute("DROP TRIGGER no_room ON intake_chunk")
            connection.execute("DROP FUNCTION intake_disk_full()")
    assert "Make room" in caught.value.mend
    (stopped,) = company.runs()
    assert (stopped.state, stopped.reason, stopped.counts.added) == (RunState.STOPPED, "storage-full", 100)
    assert company.customers() == 100
    assert company.bring_in(path).counts.added == 300


@contextmanager
def small_files(limit: int) -> Iterator[None]:
    """The kernel itself refuses to let a file grow past the limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)


def test_no_room_for_an_uploaded_list_leaves_no_half_of_it(company: Company) -> None:
    before = set(files.folder("lists").rglob("*.csv"))
    with small_files(10_000), pytest.raises(intake.StorageFullError):
        intake.receive(company.context(), [b"a,b\n", b"x" * 100_000], name="list.csv", now=clock.now())
    assert set(files.folder("lists").rglob("*.csv")) == before


def test_no_room_for_the_rejects_file_leaves_the_old_one(company: Company) -> None:
    path = company.folder / "rejects.csv"
    path.write_text("old")
    many = (Reject(number, "Telefon", "invalid-phone") for number in range(100_000))
    with small_files(10_000), pytest.raises(intake.StorageFullError):
        intake.write_rejects(path, many)
    assert [file.name for file in company.folder.iterdir()] == ["rejects.csv"]
    assert path.read_text() == "old"


def test_an_uploaded_list_is_private_and_gone_when_imported(company: Company) -> None:
    content = company.write_csv(people(60)).read_bytes()
    name = intake.receive(company.context(), [content], name="Kovács Anna.csv", now=clock.now())
    path = intake.received(company.context(), name).sealed.path
    assert "Anna" not in name
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0
    run_id = intake.import_received(
        company.context(),
        name=name,
        mapping_id=company.mapping_id,
        source_id=company.source_id,
        now=clock.now(),
    )
    ((said,),) = company.ask(
        "SELECT args::text FROM procrastinate_jobs WHERE task_name = 'intake.run' ORDER BY id DESC LIMIT 1",
    )
    arguments = json.loads(said)
    assert arguments["run_id"] == run_id
    assert company.runs()[0].state is RunState.WAITING
    assert tasks.run(**arguments) == "finished"
    assert company.customers() == 60
    assert not path.exists()
    assert tasks.run(**arguments) == "finished before"
    with pytest.raises(NotFoundError):
        intake.received(company.context(), name)


@pytest.mark.parametrize("name", ["../../etc/passwd", "x.csv", "0000000000000.exe", "0000000000000.csv/..", ""])
def test_no_name_leads_out_of_the_folder(company: Company, name: str) -> None:
    with pytest.raises((BadInputError, NotFoundError)):
        intake.received(company.context(), name)


def test_old_lists_are_forgotten(company: Company) -> None:
    name = intake.receive(company.context(), [b"a,b\n1,2\n"], name="list.csv", now=clock.now())
    assert files.forget_old(now=clock.now()) == 0
    assert files.forget_old(now=clock.now() + timedelta(days=8)) >= 1
    with pytest.raises(NotFoundError):
        intake.received(company.context(), name)


def test_the_home_of_lists_is_below_the_data_folder(company: Company) -> None:
    assert files.folder("lists").is_relative_to(settings.TRUSTDESK_HOME.data)
