# ruff: noqa: N999 - it bears the name of its promise
"""The promise: 2,000 customers a second sustained, with all tokens and seals, in flat memory.

Ours: `register.api.add_many` in chunks, each its own transaction with its journal entry, as an import's worker does.
Peer: COPY of the same rows in clear into a table without indexes, chunk by chunk in turn with ours.
"""

import os
import time
from collections.abc import Iterator, Sequence
from itertools import islice

from benchmarks._company import Company, owner_runs, resident_mb
from benchmarks._house import Progress, house, result, say, size
from benchmarks._people import Person, people

PROMISED_ROWS = 1_000_000
PROMISED_RATE = 2_000  # customers a second
PROMISED_MEMORY = 500  # MB resident
CHUNK = int(os.environ.get("CHUNK", "5000"))
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
    for chunk in chunks(people(count), CHUNK):
        started = time.perf_counter()
        company.add(chunk)
        ours += time.perf_counter() - started
        started = time.perf_counter()
        _copy(chunk)
        peer += time.perf_counter() - started
        memory = max(memory, resident_mb())
        done += len(chunk)
        shown.at(done)
    say(f"  ours {count / ours:,.0f}/s, COPY in clear {count / peer:,.0f}/s, resident at most {memory:.0f} MB")
    return count / ours, count / peer, memory


def _copy(persons: Sequence[Person]) -> None:
    from django.db import connections  # noqa: PLC0415  # after django.setup()

    with connections["owner"].cursor() as cursor, cursor.copy(COPY) as copy:
        for each in persons:
            copy.write_row((each.given, each.family, each.phone, each.email, each.born, each.street, each.town))


def chunks(persons: Iterator[Person], length: int) -> Iterator[list[Person]]:
    while chunk := list(islice(persons, length)):
        yield chunk


if __name__ == "__main__":
    main()
