"""A screening can be left, ended, killed and gone on with."""

import os
import signal
import time
from collections.abc import Iterator

import pyarrow as pa
import pytest
from django.db import connection
from tests.integration.screening.conftest import PHONES, Company, asking

from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.errors import ConflictError, NotFoundError, RefusedError
from trustdesk.kernel.ids import to_public
from trustdesk.screening import api as screening
from trustdesk.screening.contracts import Engine, Phase, Progress, RunState
from trustdesk.screening.engines import EngineMissingError, columnar, folders
from trustdesk.screening.services import drive, lists, runs

pytestmark = pytest.mark.slow  # processes are started and killed

NUMBERS = tuple(f"+36304{number:06d}" for number in range(3_000))
KILLED = """
import sys, time
from pathlib import Path
from trustdesk.cli.environment import ready
ready()
from tests.integration.screening.conftest import PHONES, asking
from trustdesk.kernel import clock
from trustdesk.mandates.api import system_context
from trustdesk.screening.api import screen_file
from trustdesk.screening.contracts import Engine
from trustdesk.screening.engines import postgresql, snapshot
from trustdesk.screening.services import drive, lists
lists.CHUNK_ROWS = 500
lists.read.__kwdefaults__["chunk_rows"] = 500
drive.CHUNK_ROWS = 1_000
decide = postgresql.decide
def slowly(*given):
    done = decide(*given)
    time.sleep(0.5)
    return done
postgresql.decide = slowly
write = snapshot._write
def written(*given):
    done = write(*given)
    time.sleep(60)
    return done
snapshot._write = written
controller, path, engine = int(sys.argv[1]), Path(sys.argv[2]), Engine(sys.argv[3])
context = system_context(controller, purpose="records", now=clock.now(), on_behalf_of=0)
done = screen_file(context, path=path, layout=PHONES, ask=asking(engine=engine), now=clock.now())
print(done.state.value)
"""


def wait_for(company: Company, statement: str) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        if company.ask(statement):
            return
        assert company.started[-1].poll() is None, company.started[-1].communicate()
        time.sleep(0.05)
    raise AssertionError(statement)


def test_kill_9_while_the_list_is_read(company: Company) -> None:
    path = company.phones(*NUMBERS)
    process = company.program("-c", KILLED, str(company.id), str(path), "postgresql")
    wait_for(company, "SELECT 1 FROM screening_list WHERE rows >= 1000")
    process.kill()
    process.communicate()
    (before,) = company.ask("SELECT id, rows, state FROM screening_list")
    assert before[2] == "reading"
    done = company.screen(path)
    assert done.state is RunState.FINISHED
    assert company.ask("SELECT id FROM screening_list") == [(before[0],)]
    assert [one.row for one in company.verdicts(done)] == list(range(2, len(NUMBERS) + 2))


def test_kill_9_while_it_decides_and_it_goes_on(company: Company) -> None:
    for customer in company.add(*NUMBERS[:3]):
        company.consent(customer)
    path = company.phones(*NUMBERS)
    process = company.program("-c", KILLED, str(company.id), str(path), "postgresql")
    wait_for(company, "SELECT 1 FROM screening_run WHERE decided_to > 0")
    process.kill()
    process.communicate()
    (killed,) = screening.runs(company.context())
    assert killed.state is RunState.INTERRUPTED
    (kept,) = company.ask("SELECT count(*) FROM screening_result")
    assert kept[0] >= 998
    (first,) = company.ask("SELECT customer_id FROM screening_row WHERE customer_id IS NOT NULL ORDER BY row_number")[
        :1
    ]
    company.withdraw(first[0])  # while nobody runs it, and its chunk is decided
    done = company.screen(path)
    assert done.run_id == killed.run_id
    outcomes = company.outcomes(done)
    assert outcomes[:3] == ["deny", "permit", "permit"]
    assert sum(done.counts.values()) == len(NUMBERS)


def test_kill_9_leaves_no_snapshot(company: Company) -> None:
    path = company.phones(*NUMBERS[:5])
    process = company.program("-c", KILLED, str(company.id), str(path), "duckdb")
    until = time.monotonic() + 60
    while not list(folders.home().glob("*/collections.parquet")) and time.monotonic() < until:
        time.sleep(0.05)
    (folder,) = folders.home().iterdir()
    assert folder.stat().st_mode & 0o777 == 0o700
    assert folders.sweep(now=clock.now()) == 0, "somebody uses it"
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    done = company.screen(path, engine=Engine.DUCKDB)
    assert done.state is RunState.FINISHED
    assert list(folders.home().iterdir()) == []


def test_cancelled_while_it_runs(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    decide = columnar.decide

    def and_cancelled(*given: object) -> Iterator[pa.RecordBatch]:
        for batch in decide(*given):  # type: ignore[arg-type]
            yield batch
            (run,) = screening.runs(company.context())
            screening.cancel(company.context(), run_id=run.run_id, now=clock.now())
            yield batch

    monkeypatch.setattr(columnar, "decide", and_cancelled)
    done = company.screen(company.phones(*NUMBERS[:20]), engine=Engine.DUCKDB)
    assert done.state is RunState.CANCELLED
    assert company.ask("SELECT 1 FROM screening_result") == []
    assert company.ask("SELECT 1 FROM screening_watch") == []
    assert list(folders.home().iterdir()) == []
    with pytest.raises(ConflictError):
        screening.cancel(company.context(), run_id=done.run_id, now=clock.now())
    with pytest.raises(ConflictError):
        screening.report(company.context(), done.run_id)


def test_progress_is_told_and_never_goes_back(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drive, "CHUNK_ROWS", 1_000)
    told: list[Progress] = []
    done = screening.screen_file(
        company.context(),
        path=company.phones(*NUMBERS),
        layout=PHONES,
        ask=asking(),
        now=clock.now(),
        listener=told.append,
    )
    fractions = [one.fraction for one in told]
    assert fractions == sorted(fractions)
    assert [one.phase for one in told][-2:] == [Phase.REFRESHING, Phase.DONE]
    assert (done.fraction, done.rows, done.phase) == (1.0, len(NUMBERS), Phase.DONE)


def test_another_question_does_not_read_the_list_again(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    path = company.phones(*NUMBERS[:10])
    first = company.screen(path)
    monkeypatch.setattr(lists, "_chunk", lambda *_given: pytest.fail("it was read again"))
    second = company.screen(path)
    assert (second.list_id, second.run_id != first.run_id) == (first.list_id, True)


def test_whoever_is_screening_it_is_not_disturbed(company: Company) -> None:
    done = company.screen(company.phones(*NUMBERS[:3]))
    company.ask("UPDATE screening_run SET state = 'running', finished_at = NULL")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [done.run_id])
    try:
        key = runs.key_of(runs.find(company.context(), done.run_id))
        from threading import Thread  # noqa: PLC0415

        seen: list[BaseException] = []

        def other() -> None:
            try:
                drive.drive(key)
            except ConflictError as fault:
                seen.append(fault)

        thread = Thread(target=other)
        thread.start()
        thread.join()
        assert len(seen) == 1
        assert screening.progress(company.context(), done.run_id).state is RunState.RUNNING
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [done.run_id])


def test_an_engine_that_is_not_here_is_said_at_once(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    path = company.phones(*NUMBERS[:3])
    monkeypatch.setenv("JAVA_HOME", str(company.folder))
    with pytest.raises(EngineMissingError) as fault:
        company.screen(path, engine=Engine.SPARK)
    assert "default-jre-headless" in fault.value.mend
    assert screening.runs(company.context()) == []
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(EngineMissingError) as fault:
        company.screen(path, engine=Engine.SPARK)
    assert "make spark" in fault.value.mend


def test_who_may_not_and_who_is_elsewhere(company: Company) -> None:
    from dataclasses import replace  # noqa: PLC0415

    from tests.integration.screening.conftest import make  # noqa: PLC0415

    done = company.screen(company.phones(*NUMBERS[:3]))
    outsider = replace(company.context(), operations=frozenset({"customer:search"}))
    for act in (
        lambda: screening.progress(outsider, done.run_id),
        lambda: screening.runs(outsider),
        lambda: screening.report(outsider, done.run_id),
        lambda: list(screening.verdicts(outsider, done.run_id)),
        lambda: screening.cancel(outsider, run_id=done.run_id, now=clock.now()),
        lambda: screening.filters(outsider),
    ):
        with pytest.raises(RefusedError):
            act()
    neighbor = make(f"Neighbor {to_public(done.run_id)}", company.folder)
    with pytest.raises(NotFoundError):
        screening.progress(neighbor.context(), done.run_id)
    with pytest.raises(NotFoundError):
        screening.cancel(neighbor.context(), run_id=done.run_id, now=clock.now())
    assert screening.runs(neighbor.context()) == []
    with scoped(neighbor.context().scope), connection.cursor() as cursor:
        for table in ("row", "result", "run", "list", "filter", "watch", "change"):
            cursor.execute(f"SELECT count(*) FROM screening_{table}")
            assert cursor.fetchone() == (0,), table
