"""The promise: a list of a million rows gets the same verdicts in PostgreSQL, DuckDB, Spark and the Python reader, row
for row; in DuckDB with everything that changed since the snapshot, in at most 1.5 times a hand-written query; in
PostgreSQL under isolation in at most 1.5 times a hand-written statement without it.

Ours: the engines of `trustdesk.screening`, all from one expression. Peers: `_peers.py`, one statement each of the same
rules, written by hand; the one in PostgreSQL as superuser. Both keep their masks under a key; they take turns. The
peer in DuckDB reads a snapshot taken after the changes, ours one taken before them and the changes apart.
"""

import os
import tempfile
import time
from collections import Counter
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks._house import house, result, say, size

PROMISED_ROWS = 1_000_000
PROMISED_RATIO = 1.5
ROUNDS = int(os.environ.get("ROUNDS", "3"))
TOUCHED = 500  # withdrawals and suppressions each, while the list is screened
READ_ROWS = 50_000


def main() -> None:
    rows = size(PROMISED_ROWS)
    with house() as home:
        from benchmarks._screened import Screened, filled, in_turn, tokenised  # noqa: PLC0415  # after django.setup()

        screened: Screened = filled(home, rows)
        with tempfile.TemporaryDirectory(prefix="trustdesk-bench-") as folder:
            reading = tokenised(screened, Path(folder), min(READ_ROWS, rows))
        say(f"  a list is read and tokenised at {reading:,.0f} rows/s")
        turns = []
        for ours, peer in in_turn(ROUNDS, screened.by_postgresql, screened.by_hand):
            say(f"  PostgreSQL: {ours:.2f} s under isolation, by hand {peer:.2f} s")
            turns.append((ours, peer))
        by_hand = screened.kept("bench_verdict", 1_001).equals(screened.kept("screening_result", 1_000))
        say(f"  identical by hand in PostgreSQL: {by_hand}")
        ours, peer = (median(turn[side] for turn in turns) for side in (0, 1))
        columnar = _columnar(screened)
    in_database, in_duckdb = ours / peer, float(columnar["duckdb_ratio"])
    identical = bool(columnar.pop("identical")) and by_hand
    result(
        bench="screen",
        ours=ours,
        peer=peer,
        unit="s in PostgreSQL",
        holds=rows >= PROMISED_ROWS and max(in_database, in_duckdb) <= PROMISED_RATIO and identical,
        rows=rows,
        identical=identical,
        tokenised_per_second=round(reading),
        **columnar,
    )


def _columnar(screened, run_id: int = 2_000) -> dict[str, Any]:  # type: ignore[no-untyped-def]  # noqa: ANN001
    from benchmarks._screened import in_order  # noqa: PLC0415
    from trustdesk.screening.contracts import Engine  # noqa: PLC0415
    from trustdesk.screening.engines import snapshot  # noqa: PLC0415
    from trustdesk.screening.services import changes  # noqa: PLC0415

    in_spark, live = run_id + 1, run_id + 2
    for number in (run_id, in_spark, live):
        _begun(screened, number)
    changes.watch(screened.context(), run_id, now=screened.at)
    started = time.perf_counter()
    with snapshot.taken(screened.context(), 77) as before:
        copying = time.perf_counter() - started
        copied = sum(before.rows.values())
        say(f"  snapshot of {copied:,} rows in {copying:.1f} s ({copied / copying:,.0f}/s)")
        screened.touch(TOUCHED)
        with snapshot.taken(screened.context(), 77) as after:
            found = _in_duckdb(screened, run_id, before, after)
            masks, spark = screened.by_engine(Engine.SPARK, before)
            say(f"  Spark: {spark:.1f} s")
            screened.keep(in_spark, masks)
            screened.anew(in_spark)
            screened.by_postgresql(live)
            kept = {"duckdb": run_id, "spark": in_spark, "postgresql": live}
            same = {name: screened.kept("screening_result", number) for name, number in kept.items()}
            found |= _same(screened, after, {**same, "by hand in DuckDB": in_order(found.pop("by_hand"))})
    return {**found, "spark_seconds": round(spark, 1), "snapshot_seconds": round(copying, 1)}


def _in_duckdb(screened, run_id: int, before, after) -> dict[str, Any]:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Ours with what changed, and the peer, in turn. The peer's masks have to be those of all others."""
    from trustdesk.screening.contracts import Engine  # noqa: PLC0415

    ours, theirs = [], []
    landing, touched = 0.0, 0
    for number in range(ROUNDS):
        found, seconds = screened.by_engine(Engine.DUCKDB, before)
        if number == 0:
            landing = screened.keep(run_id, found)
        touched, delta = screened.anew(run_id)
        by_hand, peer = screened.by_hand_in_duckdb(after)
        say(f"  DuckDB: {seconds:.2f} s and {delta:.2f} s for {touched:,} rows, by hand {peer:.2f} s")
        ours.append(seconds + delta)
        theirs.append(peer)
    return {
        "by_hand": by_hand,
        "duckdb_seconds": round(median(ours), 3),
        "duckdb_by_hand_seconds": round(median(theirs), 3),
        "duckdb_ratio": round(median(ours) / median(theirs), 3),
        "landing_seconds": round(landing, 1),
        "changed_rows": touched,
    }


def _same(screened, after, decided) -> dict[str, Any]:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Every reader's masks beside those of the Python reader, all rows."""
    import pyarrow as pa  # noqa: PLC0415

    from benchmarks._reader import Reader  # noqa: PLC0415
    from benchmarks._screened import in_order  # noqa: PLC0415

    say("  the Python reader, row by row")
    started = time.perf_counter()
    read = list(Reader(after.folder, screened.question()).masks())
    reading = time.perf_counter() - started
    places = {"row_number": 0, "value_id": 2, "customer_id": 3}
    columns = {name: [key[place] for key, _mask in read] for name, place in places.items()}
    python = in_order(pa.table({**columns, "mask": [mask for _key, mask in read]}))
    same = {name: masks.equals(python) for name, masks in decided.items()}
    program = screened.question().program
    outcomes = Counter(program.outcome(mask) for _key, mask in read)
    say(f"  identical with the Python reader on {len(read):,} verdicts: {same}")
    return {
        "identical": all(same.values()),
        "verdicts": {outcome.value: count for outcome, count in outcomes.items()},
        "python_seconds": round(reading, 1),
    }


def _begun(screened, run_id: int) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """A run's row, which a watch points at."""
    from trustdesk.isolation.api import scoped  # noqa: PLC0415
    from trustdesk.screening.models import Run  # noqa: PLC0415

    context = screened.context()
    with scoped(context.scope):
        Run(
            controller_id=context.controller_id,
            id=run_id,
            list_id=77,
            asked_purpose="offers",
            channel="call_human",
            about={},
            engine="duckdb",
            purpose=context.purpose,
            operator_id=0,
            mandate_id=context.mandate_id,
            state="running",
            phase="deciding",
            started_at=screened.at,
            updated_at=screened.at,
        ).save(force_insert=True)


if __name__ == "__main__":
    main()
