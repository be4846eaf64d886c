"""An import as a job: whoever finds it in other hands comes again, and nothing ends as done that was not."""

import asyncio
import json
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from procrastinate import PsycopgConnector
from procrastinate.contrib.django import app
from tests.integration.intake.conftest import Company, people
from tests.integration.intake.test_faults import wait_for
from tests.integration.intake.test_received import WORKER, give, order

from trustdesk.audit import api as audit
from trustdesk.intake import api as intake
from trustdesk.intake import tasks
from trustdesk.intake.contracts import RunState
from trustdesk.intake.services.running import HeldError, held
from trustdesk.kernel import clock

pytestmark = pytest.mark.slow  # processes are killed

JOBS = "FROM procrastinate_jobs WHERE task_name = 'intake.run' AND (args->>'run_id')::bigint = %s"


def work() -> None:
    """A worker, until nothing is due."""

    async def until_empty() -> None:
        with app.replace_connector(PsycopgConnector(conninfo=settings.TRUSTDESK_CONNINFO["app"])) as worker:
            async with worker.open_async():
                await worker.run_worker_async(
                    queues=[tasks.QUEUE],
                    wait=False,
                    install_signal_handlers=False,
                    listen_notify=False,
                )

    # In a thread of its own: a browser test before it leaves its loop running in this one.
    with ThreadPoolExecutor(1) as apart:
        apart.submit(lambda: asyncio.run(until_empty())).result()


def job(company: Company, run_id: int) -> tuple[str, bool]:
    """How the job stands, and whether it waits for a later moment."""
    ((status, later),) = company.ask(f"SELECT status::text, scheduled_at > now() {JOBS}", run_id)
    return status, later


def test_in_other_hands_the_job_stays_in_the_queue(company: Company) -> None:
    name = give(company, company.write_csv(people(60)).read_bytes())
    run_id = order(company, name)["run_id"]
    opened = [entry.what for entry in audit.entries(company.context(), limit=50)].count("intake.list")
    with held(run_id):
        work()
    assert job(company, run_id) == ("todo", True)
    assert (company.runs()[0].state, company.customers()) == (RunState.WAITING, 0)
    assert [entry.what for entry in audit.entries(company.context(), limit=50)].count("intake.list") == opened
    company.ask(f"UPDATE procrastinate_jobs SET scheduled_at = now() {JOBS.removeprefix('FROM procrastinate_jobs ')}"
                " RETURNING id", run_id)  # fmt: skip  # as if the pause were over
    work()
    assert job(company, run_id)[0] == "succeeded"
    assert (company.runs()[0].state, company.customers()) == (RunState.FINISHED, 60)


def test_two_workers_on_one_import(company: Company) -> None:
    rows = people(8_000)
    name = give(company, company.write_csv(rows).read_bytes())
    arguments = order(company, name)
    first = company.program("-c", WORKER, json.dumps(arguments))
    wait_for(company, 2_000, first)
    with pytest.raises(HeldError):
        tasks.run(**arguments)
    assert company.runs()[0].state is RunState.RUNNING
    # The first dies; the second, which stayed in the queue, comes again and does what is left, once.
    os.kill(first.pid, signal.SIGKILL)
    first.communicate()
    until = time.monotonic() + 30
    while company.runs()[0].state is RunState.RUNNING:
        assert time.monotonic() < until, "the dead worker's session holds the import"
    assert tasks.run(**arguments) == "finished"
    assert tasks.run(**arguments) == "finished before"
    assert company.customers() == company.runs()[0].counts.rows == 8_000


def test_an_interrupted_one_says_who_goes_on_with_it(company: Company) -> None:
    name = give(company, company.write_csv(people(60)).read_bytes())
    run_id = order(company, name)["run_id"]
    company.ask("UPDATE intake_run SET state = 'running' WHERE id = %s RETURNING id", run_id)
    (found,) = company.runs()
    assert (found.state, found.queued, found.resumable) == (RunState.INTERRUPTED, True, True)
    company.ask(f"UPDATE procrastinate_jobs SET status = 'failed' {JOBS.removeprefix('FROM procrastinate_jobs ')}"
                " RETURNING id", run_id)  # fmt: skip
    (found,) = company.runs()
    assert (found.state, found.queued, found.resumable) == (RunState.INTERRUPTED, False, True)
    intake.resume(company.context(), run_id=run_id, now=clock.now())
    assert company.runs()[0].queued
    with held(run_id):
        (found,) = company.runs()
        assert (found.state, found.queued, found.resumable) == (RunState.RUNNING, False, False)


def test_what_the_command_line_began_it_goes_on_with(company: Company) -> None:
    company.bring_in(company.write_csv(people(60)))
    company.ask("UPDATE intake_run SET state = 'running', finished_at = NULL RETURNING id")
    (found,) = company.runs()
    assert (found.state, found.queued, found.resumable) == (RunState.INTERRUPTED, False, False)
