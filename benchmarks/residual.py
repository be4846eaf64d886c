"""The promise: what is left of an erased person is found, recall ≥ 99 %, and of what is shown ≤ 2 % are false alarms.

For 200 erased people of five countries one leftover each is planted in every of 15 kinds of place, in 124 spellings
by turns, between the data of their namesakes, of their households and of thousands of living customers, and among
what only nearly is a leftover. The scan knows what the company knew of each person; it shares no code with the
planter. Everything is planted twice: what is shown in the second planting, which has no leftovers, is a false alarm
in the first one too.
"""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import psycopg

from benchmarks._house import house, result, say, size
from benchmarks._residual.people import cast
from benchmarks._residual.plan import Plan, draw
from benchmarks._residual.planting import FILES, plant_files, write_truth
from benchmarks._residual.score import Score, score
from benchmarks._residual.searching import Shown, automaton, in_files, in_tables, once
from benchmarks._residual.tables import QUEUE, TABLES, plant_tables

if TYPE_CHECKING:
    from trustdesk.scan.api import Automaton

PROMISED_PEOPLE = 200
PROMISED_RECALL, PROMISED_FALSE = 99.0, 2.0  # hundredths
CROWD, CROWD_ROWS = 5_000, 400  # living customers; their rows in each container
SEED = int(os.environ.get("SEED", "20261126"))
SHOWN_MISSES = 40
SHOP = "bench_shop"  # another system's database
CONTROL = "bench_control"
_JOBS = f"CREATE TABLE {QUEUE} (id bigserial PRIMARY KEY, queue_name text, task_name text, args jsonb)"


def main() -> None:
    count = size(PROMISED_PEOPLE)
    everybody = cast(count, seed=SEED, crowd=CROWD)
    plan = draw(everybody, seed=SEED, crowd_rows=CROWD_ROWS)
    say(f"{len(plan.leftovers):,} leftovers of {count} people, {len(plan.decoys):,} decoys")
    unread: list[str] = []
    with TemporaryDirectory(prefix="trustdesk-residual-") as folder, house() as home, ExitStack() as stack:
        from trustdesk.server.cluster import Cluster  # noqa: PLC0415

        cluster = Cluster(home)
        with cluster.connect() as superuser:
            for database in (SHOP, CONTROL):
                superuser.execute(f"CREATE DATABASE {database}")
        company, shop, control = (
            stack.enter_context(cluster.connect(database)) for database in ("trustdesk", SHOP, CONTROL)
        )
        control.execute(_JOBS)
        sought = automaton(everybody)
        databases = {kind: shop if kind == "outside" else company for kind in TABLES}
        shown = once(_search(Path(folder) / "planted", plan, databases, sought, unread))
        say("the same without the leftovers")
        again = _search(Path(folder) / "control", plan.control(), dict.fromkeys(TABLES, control), sought, unread)
        figures = score(plan, shown, once(again))
    _report(figures, unread)
    for variable, leftovers in (("TRUTH", plan.leftovers), ("MISSED", figures.missed)):
        if path := os.environ.get(variable):
            write_truth(Path(path), leftovers)
    result(
        bench="residual",
        ours=figures.recall,
        peer=PROMISED_RECALL,
        unit="% of the leftovers found",
        holds=count >= PROMISED_PEOPLE
        and figures.recall >= PROMISED_RECALL
        and figures.false_share <= PROMISED_FALSE
        and not unread,
        rows=count,
        leftovers=len(plan.leftovers),
        shown=figures.shown,
        false_alarms_percent=round(figures.false_share, 2),
        false_alarms_of=dict(Counter(role for role, _ in figures.false)),
        unread=len(unread),
    )


def _search(
    folder: Path,
    plan: Plan,
    databases: "dict[str, psycopg.Connection[Any]]",
    sought: "Automaton",
    unread: list[str],
) -> Iterator[Shown]:
    """Plant and look: the files, then the tables."""
    say("  planting and searching files")
    places = plant_files(folder, plan, [kind for kind in FILES if plan.rows[kind]])
    yield from in_files(folder, places, sought, unread)
    say("  planting and searching tables")
    for kind, connection in databases.items():
        tables = plant_tables(connection, kind, plan.rows[kind])
        yield from in_tables(connection, kind, tables, sought)


def _report(figures: Score, unread: list[str]) -> None:
    for heading, planted in sorted(figures.planted.items()):
        found = figures.found[heading]
        if not heading.startswith("spelling") or found < planted:
            say(f"  {heading}: {found} of {planted} ({100 * found / planted:.1f} %)")
    for leftover in figures.missed[:SHOWN_MISSES]:
        say(f"  missed: {leftover.kind} {leftover.container}, {leftover.spelling}: {leftover.phrase!r}")
    for role, each in figures.false[:SHOWN_MISSES]:
        say(f"  false alarm, {role}: person {each.person} in {each.kind} {each.place}: {each.context!r}")
    for line in unread[:SHOWN_MISSES]:
        say(f"  not read: {line}")


if __name__ == "__main__":
    main()
