# ruff: noqa: N999 - it bears the name of its promise
"""The promise: 2,000 customers a second sustained, with all tokens and seals, in flat memory.

Ours: `intake.api.import_file`, from the CSV file to the committed chunk: read, mapped, looked for in list and register,
asked at the gates, sealed, made findable, each chunk with its journal entry and progress, by two processes. Peer: COPY
of the same file in clear into a table without indexes. They take turns, a file at a time; starting the processes is
counted. Memory is the proportional share of all our processes (a page that three of them share counts once), and
what it grew after the first file is said too.
"""

import os
import time
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks._company import Company, owner_runs
from benchmarks._house import Progress, house, result, say, size
from benchmarks._lists import COLUMNS, declare, take_in, write_list
from benchmarks._people import people

if TYPE_CHECKING:
    from trustdesk.intake.contracts import Progress as Told

PROMISED_ROWS = 1_000_000
PROMISED_RATE = 2_000  # customers a second
PROMISED_MEMORY = 500  # MB resident
FILE = int(os.environ.get("FILE", "100000"))  # rows a turn
PLAIN = f"CREATE TABLE bench_plain ({', '.join(f'{column} text' for column in COLUMNS)})"
COPY = "COPY bench_plain FROM STDIN (FORMAT csv, HEADER)"


class Memory:
    """The proportional resident memory of this process and its children: the most, and the most of the first file."""

    def __init__(self) -> None:
        self.most = self.first = 0.0

    def look(self, *, first: bool) -> None:
        found = _share(os.getpid()) + sum(_share(child) for child in _children())
        self.most = max(self.most, found)
        if first:
            self.first = max(self.first, found)


def _children() -> list[int]:
    text = Path(f"/proc/self/task/{os.getpid()}/children").read_text()
    return [int(pid) for pid in text.split() if "postgres" not in _name(int(pid))]


def _name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text()
    except OSError:
        return ""


def _share(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0  # it has just ended
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0) / 1024


def main() -> None:
    count = size(PROMISED_ROWS)
    with house() as home:
        ours, peer, memory = _in_turn(count, Path(home.path))
    holds = count >= PROMISED_ROWS and ours >= PROMISED_RATE and memory.most <= PROMISED_MEMORY
    result(
        bench="import",
        ours=ours,
        peer=peer,
        unit="customers/s",
        holds=holds,
        rows=count,
        resident_mb=round(memory.most),
        grown_mb=round(memory.most - memory.first),
    )


def _in_turn(count: int, folder: Path) -> tuple[float, float, Memory]:
    company = Company("Bench", "FI")
    mapping_id = declare(company)
    owner_runs(PLAIN)
    ours = peer = 0.0
    done, memory, shown = 0, Memory(), Progress("import", count)
    crowd = people(count)
    path = folder / "list.csv"
    while rows := write_list(path, islice(crowd, FILE)):

        def watch(told: "Told", before: int = done) -> None:
            memory.look(first=not before)
            shown.at(before + told.counts.rows)

        ours += take_in(company, mapping_id, path, rows, watch)
        started = time.perf_counter()
        _copy(path)
        peer += time.perf_counter() - started
        done += rows
    say(f"  ours {count / ours:,.0f}/s, COPY in clear {count / peer:,.0f}/s, memory at most {memory.most:.0f} MB")
    return count / ours, count / peer, memory


def _copy(path: Path) -> None:
    from django.db import connections  # noqa: PLC0415  # after django.setup()

    with path.open("rb") as stream, connections["owner"].cursor() as cursor, cursor.copy(COPY) as copy:
        while block := stream.read(1 << 16):
            copy.write(block)


if __name__ == "__main__":
    main()
