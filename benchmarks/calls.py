"""The promise: simultaneous calls at 70 % of a core are at least 1.2 times as many as rtpengine's, each leg sealed in
chunks of a second; a packet is delayed by at most 10 ms at the 99th percentile; two processes cost a call at most 1.15
times what one does.

A call is two legs of G.711, 50 packets a second each way, RTCP every five seconds, sources learned. The peer is
Debian's rtpengine in user space with its pcap recording, which stores the same sound in clear. Both have the same calls
open and are given the same load in turn, more calls each time (ours pauses while it has none, or it would store
silence); between two steps the figure is read off a straight line. A step that lost a packet is none.
"""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import _processor
from benchmarks._house import result, say, size
from benchmarks._load import HOST, Callers, Told, callers
from benchmarks._rtpengine import Rtpengine, rtpengine
from trustdesk.seal.api import new_key
from trustdesk.sipedge.api import SealedReader
from trustdesk.sipedge.media.client import MediaPool
from trustdesk.sipedge.media.contracts import Event, Far, Law, Place, Sealing

PROMISED_CALLS = 400  # the first step; more follow until both are past the share
PROMISED_RATIO, PROMISED_DELAY_MS, PROMISED_SECOND = 1.2, 10.0, 1.15
SHARE = 0.70  # of a core
STEP_FACTOR = 1.25
TRIES, LATE = 3, 0.01  # of the time measured
STEPS = int(os.environ.get("STEPS", "5"))
SECONDS = float(os.environ.get("SECONDS_A_STEP", "20"))
WARM_SECONDS = 3.0
PORTS = (46_000, 55_999)


@dataclass(frozen=True)
class Step:
    """What one engine did with so many calls. `share` is processor time, user and system, a second."""

    calls: int
    share: float
    told: Told

    @property
    def kept_pace(self) -> bool:
        return self.told.late_ms <= LATE * SECONDS * 1000


@dataclass
class Engine:
    """An engine under measurement: whom its calls' legs talk to, and which processes it has."""

    name: str
    pids: Callable[[], Sequence[int]]
    add: Callable[[int, Sequence[int]], Awaitable[Sequence[tuple[str, int]]]]
    rest: Callable[[bool], Awaitable[None]]
    places: list[tuple[str, int]] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)


@asynccontextmanager
async def ours(processes: int, folder: Path, name: str = "ours") -> AsyncIterator[tuple[Engine, "Calls"]]:
    await asyncio.to_thread(folder.mkdir)
    async with MediaPool(processes, PORTS, folder, address="127.0.0.1") as pool:
        calls = Calls(pool, folder)
        yield Engine(name, lambda: _processor.children_running("trustdesk.sipedge.media"), calls.add, calls.rest), calls
        await calls.close()


class Calls:
    """Calls of ours: opened, joined and recorded as the exchange does it."""

    def __init__(self, pool: MediaPool, folder: Path) -> None:
        self._pool, self._folder = pool, folder
        self.sealed: dict[int, Sealing] = {}
        self._legs: list[str] = []

    async def add(self, call: int, ports: Sequence[int]) -> list[tuple[str, int]]:
        pool, legs = self._pool, [f"{call}-{side}" for side in (0, 1)]
        places = [await pool.open_leg(leg, call=call, law=Law.A) for leg in legs]
        for leg, port in zip(legs, ports, strict=True):
            await pool.set_far(leg, Far(place=Place(HOST, port), law=Law.A, keys_type=101))
        await pool.join(legs)
        for leg in legs:
            number = len(self.sealed) + 1
            path = self._folder / f"{number}.sealed"
            self.sealed[number] = Sealing(recording=number, key=new_key(), bound=f"bench|{number}", path=path)
            await pool.record(leg, self.sealed[number])
        self._legs += legs
        return [(place.host, place.port) for place in places]

    async def rest(self, on: bool) -> None:  # noqa: FBT001 - as its engine calls it
        """Pause all recordings, or go on."""
        for leg in self._legs:
            await (self._pool.pause(leg) if on else self._pool.unpause(leg))

    async def close(self) -> None:
        """Every recording is closed, and the file of the first is the one that was told of and has sound in it."""
        for leg in self._legs:
            await self._pool.close_leg(leg)
        async for event in self._pool.events():
            if event.event is Event.RECORDED:
                assert not event.reason, event.reason
                sealing = self.sealed.pop(event.recording)
                if event.recording == 1:
                    with SealedReader(sealing.path, key=sealing.key, bound=sealing.bound) as reader:
                        assert reader.agrees(chunks=event.chunks, head=event.head)
                        assert reader.samples(reader.start_ms, reader.end_ms).any()
            if not self.sealed:
                return


def theirs(peer: Rtpengine) -> Engine:
    async def add(call: int, ports: Sequence[int]) -> list[tuple[str, int]]:
        return list(peer.call(f"bench-{call}", HOST, (ports[0], ports[1])))

    async def rest(on: bool) -> None:  # noqa: ARG001, FBT001 - it stores nothing while it hears nothing
        return

    return Engine("rtpengine", lambda: [peer.pid], add, rest)


async def grow(engine: Engine, ports: Sequence[int]) -> None:
    """Open the calls that are missing: a pair of the callers' ports each."""
    missing = range(len(engine.places) // 2, len(ports) // 2)
    engine.places += [place for call in missing for place in await engine.add(call, ports[2 * call : 2 * call + 2])]


async def measure(load: Callers, engine: Engine) -> Step:
    """A step whose callers kept their pace, or the last of some tries: then the machine is too busy to tell."""
    for _try in range(TRIES):
        step = await once(load, engine)
        if step.kept_pace:
            break
    return step


async def once(load: Callers, engine: Engine) -> Step:
    await asyncio.to_thread(os.sync)  # what the other one stored is not written while this one is measured
    used: list[float] = []

    def run() -> Told:
        moments = load.talk(engine.places, warm=WARM_SECONDS, seconds=SECONDS)
        used.extend(sum(_processor.of_process(pid) for pid in engine.pids()) for _moment in moments)
        return load.told()

    told = await asyncio.to_thread(run)
    step = Step(len(engine.places) // 2, (used[1] - used[0]) / SECONDS, told)
    say(
        f"  {engine.name}: {step.calls} calls, {step.share:.1%} of a core, lost {told.lost:,} of {told.sent:,},"
        f" delay p50 {told.delay(0.5):.1f} p99 {told.delay(0.99):.1f} ms, callers late by {told.late_ms:.0f} ms in all"
    )
    return step


def at_share(steps: Sequence[Step]) -> float:
    """How many calls take the share of a core: on the line between the steps around it, else through the last two."""
    whole = [step for step in steps if not step.told.lost]
    if not whole:
        return 0.0
    above = next((number for number, step in enumerate(whole) if step.share >= SHARE), len(whole) - 1)
    low = whole[above - 1] if above else Step(0, 0.0, Told())
    high = whole[above]
    slope = (high.calls - low.calls) / (high.share - low.share)
    reached = low.calls + (SHARE - low.share) * slope
    return reached if high.share >= SHARE else float(high.calls)  # not past the share: at least so many


async def in_turn(load: Callers, engines: Sequence[Engine], first: int) -> None:
    ports: list[int] = []
    calls = first
    for _step in range(STEPS):
        ports += load.open(2 * calls - len(ports))
        for engine in engines:
            if not engine.steps or engine.steps[-1].share < SHARE:
                await grow(engine, ports)
                await engine.rest(False)
                engine.steps.append(await measure(load, engine))
                await engine.rest(True)
        calls = int(calls * STEP_FACTOR) // 10 * 10


@dataclass(frozen=True, slots=True)
class OfTwo:
    """Processor time a call of two processes against one: `each` carries as many as the one, as where one is full and
    another begins; or they have `shared` what the one carries. And the delay in the one, with no peer beside it.
    """

    each: float
    shared: float
    alone: float


async def cost_of_two(load: Callers, folder: Path, calls: int) -> OfTwo:
    ports = load.open(2 * calls)
    steps = []
    for processes, part in ((1, 2), (2, 1), (1, 1)):
        name = f"{processes} process(es)"
        async with ours(processes, folder / f"{processes}-{part}", name) as (engine, _calls):
            await grow(engine, ports[: 2 * calls // part])
            steps.append(await measure(load, engine))
    half, two, one = steps
    return OfTwo(
        each=two.share / two.calls / (half.share / half.calls),
        shared=two.share / one.share,
        alone=one.told.delay(0.99),
    )


async def run(folder: Path, first: int) -> None:
    with callers() as load, rtpengine(folder / "peer") as peer:
        async with ours(1, folder / "ours") as (engine, _calls):
            other = theirs(peer)
            await in_turn(load, (engine, other), first)
        assert peer.recorded_octets() > 0, "the peer recorded nothing"
    with callers() as load:
        second = await cost_of_two(load, folder, first)
    mine, their = at_share(engine.steps), at_share(other.steps)
    delay = max(step.told.delay(0.99) for step in engine.steps if step.calls <= mine)
    kept = all(step.kept_pace for step in (*engine.steps, *other.steps))
    lost = sum(step.told.lost for step in engine.steps)
    result(
        bench="calls",
        ours=mine,
        peer=their,
        unit="calls at 70 % of a core",
        holds=first >= PROMISED_CALLS
        and mine >= PROMISED_RATIO * their
        and delay <= PROMISED_DELAY_MS
        and max(second.each, second.shared) <= PROMISED_SECOND
        and kept,
        rows=engine.steps[-1].calls,
        lost=lost,
        callers_kept_pace=kept,
        delay_p99_ms=round(delay, 2),
        peer_delay_p99_ms=round(max(step.told.delay(0.99) for step in other.steps if step.calls <= their), 2),
        delay_alone_p99_ms=round(second.alone, 2),
        second_process=round(second.each, 3),
        second_process_shared=round(second.shared, 3),
        steps={one.name: [[step.calls, round(step.share, 3)] for step in one.steps] for one in (engine, other)},
    )


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="trustdesk-bench-"))
    (folder / "peer").mkdir()
    try:
        asyncio.run(run(folder, size(PROMISED_CALLS)))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
