# ruff: noqa: N999 -- the bench is called so
"""The promise: five million rows of garbage are screened to their end, in the memory that one million take.

Ours: `trustdesk screen` as a person types it, in a process of its own; the most memory it was resident with, and the
most that the database's processes held of their own meanwhile. Peer: the same with a fifth of the list.
"""

import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks._house import house, result, say, size

LARGE = 5_000_000
REGISTER_ROWS = 100_000  # two persons and six consent events for each
GROWTH_MB = 24  # what an interpreter's own heap may wander by
_LOOK_EVERY_SECONDS = 0.5


@dataclass
class Memory:
    """The most a program and the database's processes had of their own while it ran, looked at twice a second.

    What the system counts for a child that has ended includes the moment before it became another program.
    """

    program: int
    program_mb: float = 0.0
    database_mb: float = 0.0
    _over: threading.Event = field(default_factory=threading.Event)

    def _look(self) -> None:
        while not self._over.wait(_LOOK_EVERY_SECONDS):
            self.program_mb = max(self.program_mb, _memory_mb(self.program, "VmHWM"))
            self.database_mb = max(self.database_mb, sum(_memory_mb(pid, "RssAnon") for pid in _servers()))

    @contextmanager
    def watched(self) -> Iterator[None]:
        looking = threading.Thread(target=self._look)
        looking.start()
        try:
            yield
        finally:
            self._over.set()
            looking.join()


def main() -> None:
    rows = size(LARGE)
    with house() as home:
        from benchmarks._screened import filled  # noqa: PLC0415  # after django.setup()

        filled(home, REGISTER_ROWS)
        folder = Path(home.path)
        _seconds, before = _screened(_garbage(folder, rows // 5), rows // 5)
        seconds, after = _screened(_garbage(folder, rows), rows)
    result(
        bench="screen-large",
        ours=after.program_mb,
        peer=before.program_mb,
        unit="MB resident",
        holds=rows >= LARGE and after.program_mb - before.program_mb <= GROWTH_MB,
        rows=rows,
        seconds=round(seconds),
        rows_per_second=round(rows / seconds),
        database_mb=[round(before.database_mb), round(after.database_mb)],
    )


def _garbage(folder: Path, rows: int) -> Path:
    """One in ten is a number; the others are what people type."""
    dice = random.Random(rows)
    path = folder / f"{rows}.csv"
    with path.open("w", encoding="utf-8") as stream:
        stream.write("Phone\n")
        for number in range(rows):
            text = "".join(dice.choices("0123456789abc+-/ ő?=", k=dice.randint(1, 24)))
            stream.write(f"+3584{number:08d}\n" if number % 10 == 0 else f"{text}\n")
    return path


def _screened(path: Path, rows: int) -> tuple[float, Memory]:
    """Seconds and memory of the command."""
    words = ["screen", str(path), "--controller", "Bench", "--purpose", "offers", "--channel", "call_human"]
    say(f"trustdesk screen {path.name} {' '.join(words[2:])}")
    started = time.perf_counter()
    with subprocess.Popen([sys.executable, "-m", "trustdesk.cli", *words]) as process:
        memory = Memory(process.pid)
        with memory.watched():
            process.wait()
    assert process.returncode == 0
    seconds = time.perf_counter() - started
    say(f"  {rows:,} rows in {seconds:.0f} s, {memory.program_mb:.0f} MB, in the database {memory.database_mb:.0f} MB")
    return seconds, memory


def _servers() -> list[int]:
    """PostgreSQL's processes of this house."""
    postmasters = [pid for pid in _children(os.getpid()) if _name(pid) == "postgres"]
    return [pid for one in postmasters for pid in (one, *_children(one))]


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        try:
            found += [int(child) for child in (task / "children").read_text().split()]
        except OSError:
            continue
    return found


def _name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""  # it has just ended


def _memory_mb(pid: int, field_name: str) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) for line in lines if line.startswith(field_name)), 0) / 1024


if __name__ == "__main__":
    main()
