"""The promise: of 100,000 changes 99 % are at the desk within five minutes of the feed's file, in a register of a
million.

A file of JSON Lines is put into a feed's folder at the worst moment, just after the folder was looked at. From then on
the feed is driven as the worker drives it: asked every minute, the delivery sealed, counted by the brake, applied in
chunks. When a change is there is what another connection sees: how many are committed is counted twice a second, so
that a change counts only when every desk can see it. Afterwards a sample is looked up as the desk shows it: it is the
right customer, and the new value is current.
"""

import random
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from benchmarks._changes import NOBODY, Feed, feed
from benchmarks._company import Company
from benchmarks._house import house, result, say, size
from benchmarks._register import World
from benchmarks._updates import READING, fill, house_of, lines
from trustdesk.server.cluster import Cluster

PROMISED_ROWS = 1_000_000
CHANGES = PROMISED_ROWS // 10
PROMISED_SECONDS = 300
SEED = 20_261_128
PATIENCE = 3_600  # seconds until the bench gives up
SAMPLE = 500
_WRITTEN = "SELECT position, customer_id FROM updates_change WHERE feed_id = %s AND fate = 'updated' ORDER BY id"
_COUNT = "SELECT count(*) FROM updates_change WHERE feed_id = %s"


@dataclass(slots=True)
class Watch:
    """How many changes are committed, seen from outside, and when."""

    cluster: Cluster
    feed_id: int
    began: float = 0.0
    seen: list[tuple[float, int]] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)

    def start(self) -> threading.Thread:
        self.began = time.monotonic()
        thread = threading.Thread(target=self._look, daemon=True)
        thread.start()
        return thread

    def stop(self) -> None:
        self._over.set()

    def _look(self) -> None:
        with self.cluster.connect("trustdesk") as connection:
            while True:
                last = self._over.is_set()
                row = connection.execute(_COUNT, [self.feed_id]).fetchone()
                assert row is not None
                self.seen.append((time.monotonic() - self.began, row[0]))
                if last:
                    return
                self._over.wait(0.5)

    def at(self, share: float) -> float:
        """After how many seconds this share was there; infinity where it never was."""
        return reached(self.seen, share, self.seen[-1][1])


def reached(seen: Sequence[tuple[float, int]], share: float, total: int) -> float:
    return next((seconds for seconds, many in seen if total and many >= share * total), float("inf"))


def main() -> None:
    count = size(PROMISED_ROWS)
    world = World(count, seed=SEED)
    with house() as home:
        company = Company("Bench", "FI")
        fill(company, world.rows(), count, Path(home.path))
        told, feed_id = _fed(world, count // 10), _declared(company)
        watch = Watch(Cluster(home), feed_id)
        _through(company, watch, told)
        applied = watch.seen[-1][1]
        right, wrong = _looked_up(company, watch, told)
    p99 = watch.at(0.99)
    say(f"  {applied:,} of {len(told.changes):,} changes; half after {watch.at(0.5):.0f} s, 99 % after {p99:.0f} s")
    result(
        bench="freshness",
        ours=p99,
        peer=PROMISED_SECONDS,
        unit="s p99",
        holds=holds(count, p99, applied / len(told.changes), wrong),
        rows=count,
        changes=applied,
        median_seconds=round(watch.at(0.5), 1),
        at_the_desk=right,
        not_at_the_desk=wrong,
    )


def holds(count: int, p99: float, share: float, wrong: int) -> bool:
    """In time, all of them decided, and what was looked up is right."""
    return count >= PROMISED_ROWS and p99 <= PROMISED_SECONDS and share >= 0.999 and not wrong


def _fed(world: World, many: int) -> Feed:
    from trustdesk.kernel import clock  # noqa: PLC0415

    return feed(world, many, seed=SEED + 1, as_of=clock.now())


def _declared(company: Company) -> int:
    from trustdesk.feeds.api import save_feed  # noqa: PLC0415
    from trustdesk.feeds.contracts import NewFeed, Transport  # noqa: PLC0415
    from trustdesk.kernel import clock  # noqa: PLC0415
    from trustdesk.register.api import create_source  # noqa: PLC0415
    from trustdesk.register.contracts import NewSource, SourceKind  # noqa: PLC0415

    source = NewSource(kind=SourceKind.FEED, name="feed", legal_basis="eu-gdpr:A6-1-b")
    new = NewFeed(
        name="feed",
        transport=Transport.FOLDER,
        setup={"folder": "bench", "pattern": "*.jsonl"},
        format="jsonl",
        reading=READING,
        source_id=create_source(company.context(), source=source, now=clock.now()),
        country="FI",
        every_minutes=1,
    )
    return save_feed(house_of(company, clock.now()), feed_id=None, new=new, now=clock.now())


def _through(company: Company, watch: Watch, told: Feed) -> None:
    """The file lies there, and the feed is driven until its delivery is done."""
    from trustdesk.feeds import places  # noqa: PLC0415
    from trustdesk.feeds.api import deliveries, run  # noqa: PLC0415
    from trustdesk.feeds.contracts import LIVING, DeliveryState  # noqa: PLC0415
    from trustdesk.kernel import clock  # noqa: PLC0415

    def turn() -> bool:
        run(company.controller_id, watch.feed_id, until=clock.now() + timedelta(seconds=45))
        found = deliveries(house_of(company, clock.now()), feed_id=watch.feed_id)
        assert all(each.state is not DeliveryState.STOPPED for each in found), "the brake has stopped it"
        return bool(found) and not any(each.state in LIVING for each in found)

    turn()
    folder = places.drops(company.controller_id) / "bench"
    (folder / "feed.part").write_bytes(lines(told.changes))
    (folder / "feed.part").rename(folder / "feed.jsonl")
    thread = watch.start()
    while not turn():
        assert time.monotonic() - watch.began < PATIENCE, "it took too long"
        time.sleep(0.5)
    watch.stop()
    thread.join()


def _looked_up(company: Company, watch: Watch, told: Feed) -> tuple[int, int]:
    """Of a sample of what was written by itself: how much is right and current, and how much isn't."""
    from trustdesk.kernel import clock  # noqa: PLC0415
    from trustdesk.register.api import known_as  # noqa: PLC0415

    with watch.cluster.connect("trustdesk") as connection:
        written = connection.execute(_WRITTEN, [watch.feed_id]).fetchall()
    sample = random.Random(SEED).sample(written, min(SAMPLE, len(written)))
    held = known_as(house_of(company, clock.now()), {customer_id for _position, customer_id in sample})
    places = {change.position: place for place, change in enumerate(told.changes)}
    right = 0
    for position, customer_id in sample:
        place = places[position]
        texts = {value.text for value in held[customer_id].values} if customer_id in held else set()
        whose = told.truth[place] != NOBODY and f"K{told.truth[place]:07d}" in texts
        right += whose and _current(told, place, texts)
    return right, len(sample) - right


def _current(told: Feed, place: int, texts: set[str]) -> bool:
    """What the change says is there; numbers are held in another notation, and are compared by their last digits."""
    change = told.changes[place]
    digits = {"".join(filter(str.isdigit, text))[-7:] for text in texts}
    return all(
        "".join(filter(str.isdigit, said.text))[-7:] in digits if said.kind == "phone" else said.text in texts
        for said in change.becomes
    )


if __name__ == "__main__":
    main()
