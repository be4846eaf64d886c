# ruff: noqa: N999 -- the bench is called so
"""The promise: four times the list, register and history take at most 1.1 times as much for each row.

Ours at both sizes, in PostgreSQL under isolation. Peer: the linear extrapolation of the smaller size.
"""

import os
import subprocess
import sys
from statistics import median

from benchmarks._house import house, result, say, size

SMALL, LARGE = 250_000, 1_000_000
PROMISED_GROWTH = 1.1
_PART = "SCREEN_GROWTH_PART"
ROUNDS = int(os.environ.get("ROUNDS", "3"))


def main() -> None:
    if part := os.environ.get(_PART):
        print(_measured(int(part)))
        return
    large = size(LARGE)
    small = large // 4
    seconds = {rows: _apart(rows) for rows in (small, large)}
    expected = seconds[small] * large / small
    growth = seconds[large] / expected
    result(
        bench="screen-growth",
        ours=seconds[large],
        peer=expected,
        unit="s in PostgreSQL",
        holds=large >= LARGE and growth <= PROMISED_GROWTH,
        rows=large,
        small_seconds=round(seconds[small], 3),
    )


def _apart(rows: int) -> float:
    """In a process of its own: an installation is set up once a process."""
    own = os.environ | {_PART: str(rows)}
    with subprocess.Popen([sys.executable, "-m", "benchmarks.screen-growth"], env=own, stdout=subprocess.PIPE) as part:
        assert part.stdout is not None
        last = ""
        for line in part.stdout:
            last = line.decode().rstrip()
            say(last)
    assert part.returncode == 0
    return float(last)


def _measured(rows: int) -> float:
    with house() as home:
        from benchmarks._screened import filled  # noqa: PLC0415  # after django.setup()

        screened = filled(home, rows)
        taken = []
        for number in range(ROUNDS):
            taken.append(screened.by_postgresql(1_000 + number))
            say(f"  {rows:,} rows: {taken[-1]:.2f} s")
    return median(taken)


if __name__ == "__main__":
    main()
