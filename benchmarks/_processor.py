"""Processor time of a house: what its database and its programs used, user and system together.

A crowded machine makes everything slower, but changes little about how much work an entry is: this is the figure to
compare where rates are torn by the neighbors.
"""

import os
import time
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def of_database(postmaster: int) -> float:
    """Seconds used so far by a PostgreSQL server: all its processes, those that have ended included."""
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _parenthesis, rest = stat.read_text().rpartition(")")
        except (FileNotFoundError, ProcessLookupError):
            continue
        fields = rest.split()  # proc(5): field 3 is the first here
        own = int(fields[11]) + int(fields[12])
        if int(name.split(" ", 1)[0]) == postmaster:
            total += own + int(fields[13]) + int(fields[14])
        elif int(fields[1]) == postmaster:
            total += own
    return total / _TICKS


def of_this_process() -> float:
    """Seconds used so far by this process, all threads."""
    return time.process_time()


def of_process(pid: int) -> float:
    """Seconds used so far by a process, all threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def children_running(module: str) -> list[int]:
    """The processes that this one started with `python -m module`."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return [int(pid) for pid in children if module in Path(f"/proc/{pid}/cmdline").read_text().split("\0")]
