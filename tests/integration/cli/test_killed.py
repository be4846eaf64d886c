"""What dies in the middle of an import, in the whole program: nothing is lost, nothing doubled."""

import itertools
import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from tests.integration.cli.program import Browser, Program, inside

from trustdesk.server.cluster import Cluster
from trustdesk.server.database import DATABASE
from trustdesk.server.home import Home

pytestmark = pytest.mark.slow
ROWS = 8_000
STOP_SECONDS = 25
_SERIES = itertools.count(1)  # every list holds people of its own
RESCUE_SECONDS = 90  # a job is given out again when its worker has been silent for half a minute
MEANING = {"column_0": "customer_number", "column_1": "name", "column_2": "phone", "undeclared": "drop"}
EVIDENCE = {"source": "new", "source_kind": "other", "legal_basis": "eu-gdpr:A6-1-b", "proof": "contract 7"}


@dataclass(frozen=True)
class Run:
    """How far an import is, as its page says: the counts stand in their order, in any language."""

    page: str

    @property
    def counts(self) -> list[int]:
        report = self.page.partition('class="panel-body report"')[2].partition("</dl>")[0]
        return [int(re.sub(r"\D", "", count)) for count in re.findall(r"<dd>(.*?)</dd>", report)]

    @property
    def rows(self) -> int:
        return self.counts[0]

    @property
    def added(self) -> int:
        return self.counts[1]

    @property
    def finished(self) -> bool:
        return "every 1s" not in self.page and self.rows == ROWS


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """A demo of this module's own: its lists would make the others' backups slow."""
    program = Program(tmp_path_factory.mktemp("killed") / "var")
    program.start()
    yield program
    try:
        assert program.stop() == 0, program.printed()
    finally:
        program.end()


def customers(program: Program) -> tuple[int, int, int]:
    """How many there are, how many rows are remembered as imported, and of how many different customers."""
    with Cluster(Home(program.home)).connect(DATABASE) as connection:
        row = connection.execute(
            "SELECT (SELECT count(*) FROM register_customer), (SELECT count(*) FROM intake_row),"
            " (SELECT count(DISTINCT (controller_id, customer_id)) FROM intake_row)",
        ).fetchone()
    assert row is not None
    return row


def bad_trees(program: Program) -> str:
    """Every tree of the log that holds something wrong, once all that was logged is numbered and signed."""
    deadline = time.monotonic() + RESCUE_SECONDS
    waiting = "print(sum(audit.installation_state(tree).waiting for tree in audit.controllers()))"
    while inside(program.home, f"from trustdesk.audit import api as audit; {waiting}").strip() != "0":
        assert time.monotonic() < deadline
    return inside(
        program.home,
        "from trustdesk.audit import api as audit; from trustdesk.kernel import clock;"
        " print([tree for tree in audit.controllers() if audit.check(tree, clock.now()) is not None])",
    ).strip()


def begin(browser: Browser) -> str:
    """Upload a list through the pages and start its import; the address of its progress."""
    series = itertools.count(next(_SERIES) * ROWS)
    lines = [f"K-{number:06};Person Nummer {number};+3584{number:08}" for number in itertools.islice(series, ROWS)]
    browser.choose()
    browser.get("/console/imports/")
    browser.post({}, file=("list.csv", "\n".join(["Number;Name;Phone", *lines]).encode()))
    browser.post(
        {**MEANING, **EVIDENCE, "name": f"list {lines[0]}", "kind": "person", "source_name": "Shop", "import": ""},
    )
    return str(browser.page.url.copy_with(query=None))


def watch(browser: Browser, address: str, until: Callable[[Run], bool], *, seconds: float = RESCUE_SECONDS) -> Run:
    deadline = time.monotonic() + seconds
    while not until(run := Run(browser.get(address).text)):
        assert time.monotonic() < deadline, run.page
        time.sleep(0.1)
    return run


def test_a_killed_worker_ledger_and_web_lose_and_double_nothing(running: Program) -> None:
    browser = running.desk("supervisor@demo.example")
    before = customers(running)
    address = begin(browser)
    middle = watch(browser, address, lambda run: run.rows > 0)
    assert middle.rows < ROWS
    for name in ("worker", "ledger", "web"):
        os.kill(running.pid_of(f"trustdesk.cli.{name}"), signal.SIGKILL)
    running.wait_for("web: it ended, started again")
    running.wait_for("worker: it ended, started again")
    running.wait_for("ledger: it ended, started again")
    running.wait_until_answers()
    done = watch(browser, address, lambda run: run.finished)
    assert (done.rows, done.added) == (ROWS, ROWS)
    assert customers(running) == (before[0] + ROWS, before[1] + ROWS, before[2] + ROWS)
    assert bad_trees(running) == "[]"


def test_what_was_stopped_in_the_middle_goes_on_at_the_next_start(running: Program) -> None:
    browser = running.desk("supervisor@demo.example")
    before = customers(running)
    address = begin(browser)
    middle = watch(browser, address, lambda run: run.rows > 0)
    assert middle.rows < ROWS
    began = time.monotonic()
    assert running.stop() == 0, running.printed()
    assert time.monotonic() - began < STOP_SECONDS
    running.start()
    again = running.desk("supervisor@demo.example")
    again.choose()
    done = watch(again, address, lambda run: run.finished)
    assert (done.rows, done.added) == (ROWS, ROWS)
    assert customers(running) == (before[0] + ROWS, before[1] + ROWS, before[2] + ROWS)
