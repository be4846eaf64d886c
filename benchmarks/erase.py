"""The promise: one person among a million is forgotten within 500 ms, keys destroyed and every capability erased; ten
thousand people at a hundred a second; and a register ten times as large costs at most 1.3 times as much.

Ours: a plan drawn, prepared, approved and carried out until the recipients are told, as an officer and the worker do
it, each step committed with its own row; in bulk two workers share the plans, in sets. The look through everything
afterwards is a job of its own, and its time is told apart. Peer: the person's seven values deleted from a table in
clear, without keys, isolation or a ledger, and one committed line of a log. They take turns.
"""

import logging
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from statistics import median
from typing import TYPE_CHECKING

from benchmarks._company import Company, owner_runs
from benchmarks._house import Progress, house, result, say, size
from benchmarks._people import Person, people

if TYPE_CHECKING:
    from trustdesk.kernel.context import AccessContext

SMALL, LARGE = 100_000, 1_000_000
PROMISED_MS, PROMISED_A_SECOND, PROMISED_GROWTH = 500, 100, 1.3
CHUNK = 5_000
ONE_BY_ONE, WARM = 100, 10
BULK, BULK_SHARE = 10_000, 20
WORKERS = 2
SET = 200
SAMPLE = 50  # of a worker's plans, at each end, that are looked at afterwards
TABLES = (
    *("register_token", "register_joint_token", "register_customer", "register_value"),
    *("vault_data_key", "bench_value"),
)
PLAIN = (
    "CREATE TABLE bench_value (person bigint, text text)",
    "CREATE TABLE bench_log (id bigserial PRIMARY KEY, at timestamptz, who bigint, what text)",
    "CREATE INDEX ON bench_value (person)",
    "GRANT ALL ON bench_value, bench_log, bench_log_id_seq TO trustdesk_app",
)


def main() -> None:
    count = size(LARGE)
    sizes = [SMALL, count] if count > SMALL else [count]
    with house():
        _quiet()
        company, held = Company("Bench", "FI"), Held(random.Random(7))
        owner_runs(*PLAIN)
        stream = people(sizes[-1])
        measured = []
        for target in sizes:
            held.fill(company, islice(stream, target - held.many), target)
            say("  vacuum and analyze")
            owner_runs(*(f"VACUUM ANALYZE {table}" for table in TABLES))
            measured.append(one_by_one(company, held))
        rate = in_bulk(company, held.take(min(BULK, count // BULK_SHARE)))
        scan = scanned(company, held)
    ours, peer = measured[-1]
    growth = ours / measured[0][0]
    result(
        bench="erase",
        ours=ours,
        peer=peer,
        unit="ms p50",
        holds=count >= LARGE and ours <= PROMISED_MS and rate >= PROMISED_A_SECOND and growth <= PROMISED_GROWTH,
        rows=count,
        growth=round(growth, 2),
        a_second=round(rate, 1),
        scan_seconds=round(scan, 1),
    )


class Held:
    """Who is there, and who has not been erased yet, in an order of chance."""

    def __init__(self, chance: random.Random) -> None:
        self.many = 0
        self._chance = chance
        self._left: list[int] = []

    def fill(self, company: Company, stream: Iterator[Person], target: int) -> None:
        from django.db import connections  # noqa: PLC0415

        shown = Progress(f"filling up to {target:,}", target - self.many)
        while chunk := list(islice(stream, CHUNK)):
            outcomes = company.add(chunk).outcomes
            fresh = [outcome.customer_id for outcome in outcomes if outcome.customer_id is not None]
            with connections["owner"].cursor() as cursor, cursor.copy("COPY bench_value FROM STDIN") as copy:
                for customer_id in fresh:
                    for number in range(7):
                        copy.write_row((customer_id, f"value {number}"))
            self._left += fresh
            self.many += len(fresh)
            shown.at(self.many)
        self._chance.shuffle(self._left)

    def take(self, many: int) -> list[int]:
        taken, self._left = self._left[:many], self._left[many:]
        return taken


def one_by_one(company: Company, held: Held) -> tuple[float, float]:
    """Median milliseconds of ours and of the peer."""
    import psycopg  # noqa: PLC0415
    from django.conf import settings  # noqa: PLC0415

    ours: list[float] = []
    theirs: list[float] = []
    with psycopg.connect(settings.TRUSTDESK_CONNINFO["app"]) as peer:
        for number, customer_id in enumerate(held.take(ONE_BY_ONE + WARM)):
            began = time.perf_counter()
            plan_ids = erase(company.controller_id, [customer_id])
            between = time.perf_counter()
            peer.execute("DELETE FROM bench_value WHERE person = %s", [customer_id])
            peer.execute("INSERT INTO bench_log (at, who, what) VALUES (now(), %s, 'erased')", [customer_id])
            peer.commit()
            if number >= WARM:
                ours.append(between - began)
                theirs.append(time.perf_counter() - between)
            check(company.controller_id, plan_ids)
    figures = median(ours) * 1000, median(theirs) * 1000
    say(f"  among {held.many:,}: p50 {figures[0]:.1f} ms, worst {max(ours) * 1000:.0f} ms, peer {figures[1]:.2f} ms")
    return figures


def in_bulk(company: Company, customer_ids: list[int]) -> float:
    """How many a second, from the start of the workers to the end of the last one."""
    began = time.perf_counter()
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "benchmarks.erase", str(company.controller_id)], stdin=subprocess.PIPE, text=True
        )
        for _worker in range(WORKERS)
    ]
    for number, worker in enumerate(running):
        assert worker.stdin is not None
        worker.stdin.write(" ".join(map(str, customer_ids[number::WORKERS])))
        worker.stdin.close()
    for worker in running:
        if worker.wait():
            raise RuntimeError("a worker failed")
    rate = len(customer_ids) / (time.perf_counter() - began)
    say(f"  in bulk: {len(customer_ids):,} people, {rate:.1f} a second")
    return rate


def scanned(company: Company, held: Held) -> float:
    """Seconds of the scan and the certificate of one person, which the worker does afterwards."""
    from trustdesk.erasure import api as erasure  # noqa: PLC0415
    from trustdesk.kernel import clock  # noqa: PLC0415

    [plan_id] = erase(company.controller_id, held.take(1))
    began = time.perf_counter()
    erasure.carry_out(_context(company.controller_id), plan_id=plan_id, now=clock.now())
    seconds = time.perf_counter() - began
    say(f"  looked through afterwards, among {held.many:,}: {seconds:.1f} s")
    return seconds


def erase(controller_id: int, customer_ids: Sequence[int]) -> Sequence[int]:
    """Plans, what prepares them, approval, and every step but the proof; the plans."""
    from trustdesk.erasure import api as erasure  # noqa: PLC0415
    from trustdesk.erasure.contracts import Cause, Order  # noqa: PLC0415
    from trustdesk.kernel import clock  # noqa: PLC0415

    context = _context(controller_id)
    drawn = erasure.draw_all(context, customer_ids=customer_ids, cause=Cause.RETENTION, now=clock.now())
    plan_ids = list(drawn.values())
    erasure.carry_out_all(context, plan_ids=plan_ids, before=Order.SCAN, now=clock.now())
    approved = erasure.approve_all(context, plan_ids=plan_ids, now=clock.now())
    erasure.carry_out_all(context, plan_ids=approved, before=Order.SCAN, now=clock.now())
    return plan_ids


def check(controller_id: int, plan_ids: Sequence[int]) -> None:
    """Nobody counts whose keys are not destroyed."""
    from trustdesk.erasure import api as erasure  # noqa: PLC0415

    context = _context(controller_id)
    assert all(erasure.plan(context, plan_id).erased_at for plan_id in plan_ids), "somebody is not erased"


def _context(controller_id: int) -> "AccessContext":
    from trustdesk.kernel import clock  # noqa: PLC0415
    from trustdesk.mandates.api import system_context  # noqa: PLC0415

    return system_context(controller_id, purpose="compliance", now=clock.now(), on_behalf_of=0)


def _quiet() -> None:
    """The log of the worker's queue is as long as the erasures are many."""
    logging.getLogger("procrastinate").setLevel(logging.WARNING)


def work(controller_id: int) -> None:
    """One worker of the bulk: the customers come in on the standard input."""
    import django  # noqa: PLC0415

    django.setup()
    _quiet()
    customer_ids = [int(customer_id) for customer_id in sys.stdin.read().split()]
    plan_ids: list[int] = []
    for start in range(0, len(customer_ids), SET):
        plan_ids += erase(controller_id, customer_ids[start : start + SET])
    check(controller_id, [*plan_ids[:SAMPLE], *plan_ids[-SAMPLE:]])


if __name__ == "__main__":
    if len(sys.argv) > 1:
        work(int(sys.argv[1]))
    else:
        main()
