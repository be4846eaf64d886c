"""The promise: whose changes these are is found 100, 30 and 15 times as fast as Splink finds it, for 1, 1,000 and
10,000 changes at once among a million people; with all that is around it (parsed, tokens made, candidates opened,
logged, written) still 50, 5 and 2 times as fast; and the index takes at most 1 GB of memory a million.

Ours: `matching.api.rank` over profiles of tokens; then `updates.api.take`, from the bytes of a delivery to changes that
are committed, in an installation whose register came in by lists. Peer: Splink's `predict_between` on the same
normalised columns, as a careful user sets it up (`_splink.careful`) and as `accuracy` asks it whose a change is; it is
compared with both. It is trained beforehand, its register and the feed lie in DuckDB before the clock starts, it is
warm, and it keeps no column that nobody reads. They take turns.

Beside it stands `peer_on_tokens`: Splink given our own model, levels and keys, on our tokens. Nobody who sets up Splink
has that, its levels know only equal or not, and its keys bring fewer pairs, so it answers less and nothing is promised
against it. Its milliseconds are told so that everybody sees how much of the difference is the engine's alone.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

from benchmarks._changes import feed
from benchmarks._company import Company
from benchmarks._house import house, result, say, size
from benchmarks._matched import Profiles, Register, asked, keyed, of_world, profiles
from benchmarks._register import World
from benchmarks._splink import KNOWN, Peer, Scorer, columns
from benchmarks._updates import Taker, fill, lines

if TYPE_CHECKING:
    import pyarrow as pa

    from trustdesk.matching.api import Model
    from trustdesk.updates.contracts import Change

PROMISED_ROWS = 1_000_000
PROMISED_MEMORY = 1_000  # MB a million
SEED = 20_261_126
TRAINING = 10_000  # changes that the peer learns from


@dataclass(frozen=True, slots=True)
class Feeding:
    """Feeds of one size: how often they are measured, and how many times as fast as the peer we promise to be."""

    changes: int
    turns: int
    scoring: float
    whole: float


TIMED = ("scoring", "told", "whole", "peer", "peer_on_tokens")
FEEDS = (Feeding(1, 15, 100, 50), Feeding(1_000, 5, 30, 5), Feeding(10_000, 3, 15, 2))


@dataclass(frozen=True, slots=True)
class Measured:
    """Median seconds. `told`: besides, each ranking read out with all its evidence. `pairs`: what the peer weighed."""

    feeding: Feeding
    scoring: float
    told: float
    whole: float
    peer: float
    peer_on_tokens: float
    pairs: int

    @property
    def ratios(self) -> tuple[float, float]:
        return self.peer / self.scoring, self.peer / self.whole


def main() -> None:
    count = size(PROMISED_ROWS)
    say(f"a register of {count:,} people")
    world = World(count, seed=SEED)
    register = of_world(world, keyed(), table=True)
    with house() as home:
        company = Company("Bench", "FI")
        fill(company, world.rows(), count, Path(home.path))
        measured = in_turn(world, register, company)
    memory = register.index.nbytes / 1e6 * 1_000_000 / count
    last = measured[-1]
    result(
        bench="match",
        ours=last.scoring * 1000,
        peer=last.peer * 1000,
        unit="ms",
        holds=holds(count, measured, memory),
        rows=count,
        times_as_fast={each.feeding.changes: [round(ratio, 1) for ratio in each.ratios] for each in measured},
        milliseconds={each.feeding.changes: _milliseconds(each) for each in measured},
        index_mb_a_million=round(memory),
    )


def holds(count: int, measured: Sequence[Measured], memory: float) -> bool:
    """Every ratio, the memory, and the promised size."""
    fast = all(each.ratios[0] >= each.feeding.scoring and each.ratios[1] >= each.feeding.whole for each in measured)
    return count >= PROMISED_ROWS and fast and memory <= PROMISED_MEMORY


def _milliseconds(measured: Measured) -> dict[str, float]:
    return {name: round(getattr(measured, name) * 1000, 2) for name in TIMED}


@dataclass(frozen=True, slots=True)
class Engines:
    """The register as each has it, ready."""

    register: Register
    model: "Model"
    peer: Scorer
    peer_on_tokens: Scorer
    taker: Taker


def in_turn(world: World, register: Register, company: Company) -> list[Measured]:
    from trustdesk.matching.api import Model, table  # noqa: PLC0415
    from trustdesk.matching.engines.splink import settings  # noqa: PLC0415

    model = Model.standard()
    say("training the peer, and loading it")
    peer = _careful(world, register)
    held = table(np.arange(1, register.many + 1, dtype=np.int64), register.profiles)
    on_tokens = Scorer(held, settings(model, among=register.many))
    engines = Engines(register, model, peer, on_tokens, Taker(company))
    engines.taker.take(lines(_fresh(world, 200, 0)))  # its index is loaded, its statements are known
    return [_measure(each, world, engines) for each in FEEDS]


def _careful(world: World, register: Register) -> Scorer:
    assert register.table is not None
    taught = columns(range(TRAINING), asked(_fresh(world, TRAINING, 0)))
    return Scorer(register.table, Peer(register.table, taught, known=KNOWN).settings)


def _fresh(world: World, many: int, number: int) -> "Sequence[Change]":
    """Changes that nobody has seen: one that comes again is known again, and costs nothing."""
    from trustdesk.kernel import clock  # noqa: PLC0415

    return feed(world, many, seed=SEED + 1_000 * many + number, as_of=clock.now()).changes


def _measure(feeding: Feeding, world: World, engines: Engines) -> Measured:
    found: dict[str, list[float]] = {name: [] for name in TIMED}
    pairs = 0
    for turn in range(feeding.turns + 1):
        changes = _fresh(world, feeding.changes, turn + 1)
        people = asked(changes)
        tokens = profiles(people, engines.register.digest)
        seconds = _ours(engines, tokens)
        content = lines(changes)
        seconds["whole"] = _timed(lambda content=content: engines.taker.take(content))  # type: ignore[misc]
        seconds["peer"], pairs = _theirs(engines.peer, columns(range(len(people)), people))
        seconds["peer_on_tokens"], _pairs = _theirs(engines.peer_on_tokens, _table(tokens))
        for name, value in seconds.items():
            if turn:  # the first one warms
                found[name].append(value)
    measured = Measured(feeding, **{name: median(values) for name, values in found.items()}, pairs=pairs)
    fast, whole = measured.ratios
    say(f"  {feeding.changes:,}: scoring {measured.scoring * 1000:.2f} ms, end to end {measured.whole * 1000:.1f} ms,"
        f" peer {measured.peer * 1000:.0f} ms ({pairs:,} pairs): {fast:.0f} and {whole:.1f} times as fast;"
        f" peer on tokens {measured.peer_on_tokens * 1000:.0f} ms")  # fmt: skip
    return measured


def _ours(engines: Engines, tokens: Profiles) -> dict[str, float]:
    from trustdesk.matching.api import rank  # noqa: PLC0415

    began = time.perf_counter()
    rankings = rank(engines.register.index, engines.model, tokens)
    assert len(rankings) == len(tokens)
    scored = time.perf_counter()
    assert len(list(rankings)) == len(tokens)
    return {"scoring": scored - began, "told": time.perf_counter() - began}


def _theirs(peer: Scorer, feed: "pa.Table") -> tuple[float, int]:
    score = peer.prepared(feed)
    began = time.perf_counter()
    pairs = score()
    return time.perf_counter() - began, pairs


def _table(tokens: Profiles) -> "pa.Table":
    from trustdesk.matching.api import table  # noqa: PLC0415

    return table(np.arange(1, len(tokens) + 1, dtype=np.int64), tokens)


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
