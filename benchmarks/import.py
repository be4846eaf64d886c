# ruff: noqa: N999 - it bears the name of its promise
"""The promise: 2,000 customers a second sustained, with all tokens and seals, in flat memory.

Ours: `register.api.add_many` in chunks by two threads, each chunk its own transaction with its journal entry: while one
thread waits for PostgreSQL the other seals and makes tokens. Peer: COPY of the same rows in clear into a table without
indexes. They take turns, a batch of chunks at a time.
"""

import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

from benchmarks._company import Company, owner_runs, resident_mb
from benchmarks._house import Progress, house, result, say, size
from benchmarks._people import Person, people

T = TypeVar("T")

PROMISED_ROWS = 1_000_000
PROMISED_RATE = 2_000  # customers a second
PROMISED_MEMORY = 500  # MB resident
CHUNK = int(os.environ.get("CHUNK", "5000"))
THREADS = int(os.environ.get("THREADS", "2"))
TURN = 10  # chunks
PLAIN = "CREATE TABLE bench_plain (given text, family text, phone text, email text, born text, street text, town text)"
COPY = "COPY bench_plain FROM STDIN"


def main() -> None:
    count = size(PROMISED_ROWS)
    with house():
        ours, peer, memory = _in_turn(count)
    holds = count >= PROMISED_ROWS and ours >= PROMISED_RATE and memory <= PROMISED_MEMORY
    result(bench="import", ours=ours, peer=peer, unit="customers/s", holds=holds, rows=count, resident_mb=round(memory))


def _in_turn(count: int) -> tuple[float, float, float]:
    company = Company("Bench", "FI")
    owner_runs(PLAIN)
    ours = peer = memory = 0.0
    done = 0
    shown = Progress("import", count)
    with ThreadPoolExecutor(THREADS) as threads:
        for turn in batches(batches(people(count), CHUNK), TURN):
            started = time.perf_counter()
            for _added in threads.map(company.add, turn):
                memory = max(memory, resident_mb())
            ours += time.perf_counter() - started
            started = time.perf_counter()
            for chunk in turn:
                _copy(chunk)
            peer += time.perf_counter() - started
            done += sum(map(len, turn))
            shown.at(done)
        for _thread in threads.map(_close, range(THREADS)):
            pass
    say(f"  ours {count / ours:,.0f}/s, COPY in clear {count / peer:,.0f}/s, resident at most {memory:.0f} MB")
    return count / ours, count / peer, memory


def _copy(persons: Sequence[Person]) -> None:
    from django.db import connections  # noqa: PLC0415  # after django.setup()

    with connections["owner"].cursor() as cursor, cursor.copy(COPY) as copy:
        for each in persons:
            copy.write_row((each.given, each.family, each.phone, each.email, each.born, each.street, each.town))


def _close(_number: int) -> None:
    from django.db import connection  # noqa: PLC0415  # after django.setup()

    connection.close()


def batches(things: Iterator[T], length: int) -> Iterator[list[T]]:
    while batch := list(islice(things, length)):
        yield batch


if __name__ == "__main__":
    main()
