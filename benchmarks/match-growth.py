# ruff: noqa: N999 - it bears the name of its promise
"""The promise: a change costs at most 1.5 times as much among a million people as among 100,000.

Ours: `updates.api.take`, from the bytes of a delivery of 1,000 changes to the committed changes, at both sizes of one
register. Peer: the same at the smaller size. What ranking alone costs is told beside it.
"""

import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from benchmarks._changes import feed
from benchmarks._company import Company
from benchmarks._house import house, result, say, size
from benchmarks._matched import asked as identities
from benchmarks._matched import keyed, of_world, profiles
from benchmarks._register import World
from benchmarks._updates import Taker, fill, lines

SMALL, LARGE = 100_000, 1_000_000
PROMISED_GROWTH = 1.5
CHANGES, TURNS = 1_000, 7
SEED = 20_261_127


def main() -> None:
    count = size(LARGE)
    small, large = World(min(SMALL, count // 10), seed=SEED), World(count, seed=SEED)
    with house() as home:
        whole = [_taken(world, Path(home.path)) for world in (small, large)]
    ranked = [_ranked(world) for world in (small, large)]
    growth = whole[1] / whole[0]
    result(
        bench="match-growth",
        ours=whole[1],
        peer=whole[0],
        unit="ms a change",
        holds=holds(count, growth),
        rows=count,
        growth=round(growth, 2),
        growth_of_ranking=round(ranked[1] / ranked[0], 2),
    )


def holds(count: int, growth: float) -> bool:
    return count >= LARGE and growth <= PROMISED_GROWTH


def _taken(world: World, folder: Path) -> float:
    """Median milliseconds a change; each register is a company's of its own."""
    from trustdesk.kernel import clock  # noqa: PLC0415

    company = Company(f"Bench {world.customers}", "FI")
    fill(company, world.rows(), world.customers, folder)
    taker, seconds = Taker(company), []
    for turn in range(TURNS + 2):
        content = lines(feed(world, CHANGES, seed=SEED + turn, as_of=clock.now()).changes)
        began = time.perf_counter()
        taker.take(content)
        seconds.append(time.perf_counter() - began)
    return _a_change(f"among {world.customers:,}: taken", seconds[2:])


def _ranked(world: World) -> float:
    from trustdesk.matching.api import Model, rank  # noqa: PLC0415

    register, model, seconds = of_world(world, keyed(), table=False), Model.standard(), []
    for turn in range(TURNS + 1):
        tokens = profiles(identities(feed(world, CHANGES, seed=SEED + turn).changes), register.digest)
        began = time.perf_counter()
        assert len(rank(register.index, model, tokens)) == CHANGES
        seconds.append(time.perf_counter() - began)
    return _a_change(f"among {world.customers:,}: ranked", seconds[1:])


def _a_change(what: str, seconds: Sequence[float]) -> float:
    found = median(seconds) * 1000 / CHANGES
    say(f"  {what} in {found:.3f} ms a change")
    return found


if __name__ == "__main__":
    main()
