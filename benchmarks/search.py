"""The promise: finding a customer among sealed names, isolation on and the opening logged, costs at most twice a plain
look-up in clear, and a register ten times as large costs at most 1.3 times as much.

Ours: `register.api.search` as the desk calls it. Peer: one indexed SELECT of as many rows from a table in clear,
without row-level security, and one committed INSERT into a log; prepared statements on one open connection. They
take turns, question by question.
"""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from statistics import median

from benchmarks._company import Company, owner_runs
from benchmarks._house import Progress, house, result, say, size
from benchmarks._people import Person, people

SMALL, LARGE = 100_000, 1_000_000
PROMISED_RATIO, PROMISED_GROWTH = 2.0, 1.3
CHUNK = 5_000
TURNS = 200  # questions of each kind
WARM = 30  # of them before measuring

PLAIN = (
    "CREATE TABLE bench_person (id bigint PRIMARY KEY, given text, family text, phone text, email text, town text)",
    "CREATE TABLE bench_log (id bigserial PRIMARY KEY, at timestamptz, who bigint, what text, subjects bigint[])",
    "CREATE INDEX ON bench_person (phone)",
    "CREATE INDEX ON bench_person (email)",
    "CREATE INDEX ON bench_person (lower(family) text_pattern_ops)",
)
TABLES = (
    *("register_token", "register_joint_token", "register_customer", "register_value"),
    *("vault_data_key", "bench_person"),
)
_SELECT = "SELECT id, given, family, town FROM bench_person WHERE "
PEER = {
    "phone": _SELECT + "phone = %s LIMIT 21",
    "e-mail": _SELECT + "email = %s LIMIT 21",
    "name prefix": _SELECT + "lower(family) LIKE %s AND lower(given) LIKE %s LIMIT 21",
    "rare name": _SELECT + "lower(family) = %s LIMIT 21",
    "common name": _SELECT + "lower(family) = %s LIMIT 21",
}
PEER_LOG = "INSERT INTO bench_log (at, who, what, subjects) VALUES (now(), 7, 'search', %s)"


@dataclass(slots=True)
class Population:
    """What the questions are made of."""

    chance: random.Random
    families: Counter[str] = field(default_factory=Counter)
    sample: list[Person] = field(default_factory=list)
    seen: int = 0

    def meet(self, person: Person) -> None:
        self.families[person.family] += 1
        self.seen += 1
        if len(self.sample) < 2_000:
            self.sample.append(person)
        elif (place := self.chance.randrange(self.seen)) < len(self.sample):
            self.sample[place] = person

    def questions(self, kind: str) -> list[tuple[str, tuple[str, ...]]]:
        """Pairs of our query and the peer's parameters."""
        persons = self.chance.sample(self.sample, TURNS + WARM)
        if kind == "phone":
            return [(person.phone.replace("+358", "0"), (person.phone,)) for person in persons]
        if kind == "e-mail":
            return [(person.email, (person.email,)) for person in persons]
        if kind == "name prefix":
            starts = [(person.family[:4].lower(), person.given[:3].lower()) for person in persons]
            return [(f"{family} {given}", (family + "%", given + "%")) for family, given in starts]
        ranked = self.families.most_common()
        names = [name for name, _count in (ranked[:10] if kind == "common name" else ranked[-2_000:])]
        return [(name, (name.lower(),)) for name in self.chance.choices(names, k=TURNS + WARM)]


def main() -> None:
    count = size(LARGE)
    sizes = [SMALL, count] if count > SMALL else [count]
    with house():
        measured = _measure_at(sizes)
    first, last = measured[0], measured[-1]
    worst = max(last[kind][0] / last[kind][1] for kind in PEER)
    growth = max(last[kind][0] / first[kind][0] for kind in PEER)
    ours, peer = (median(last[kind][side] for kind in PEER) for side in (0, 1))
    result(
        bench="search",
        ours=ours,
        peer=peer,
        unit="ms p50",
        worst_ratio=round(worst, 2),
        holds=count >= LARGE and worst <= PROMISED_RATIO and growth <= PROMISED_GROWTH,
        rows=count,
        growth=round(growth, 2),
        by_kind={kind: [round(figure, 3) for figure in last[kind]] for kind in PEER},
    )


def _measure_at(sizes: Sequence[int]) -> list[dict[str, tuple[float, float]]]:
    company = Company("Bench", "FI")
    owner_runs(*PLAIN)
    population = Population(random.Random(7))
    stream = people(sizes[-1])
    measured = []
    for target in sizes:
        _fill(company, population, islice(stream, target - population.seen), target)
        say("  vacuum and analyze")
        owner_runs(*(f"VACUUM ANALYZE {table}" for table in TABLES))
        measured.append({kind: _in_turn(company, population, kind) for kind in PEER})
    return measured


def _fill(company: Company, population: Population, stream: Iterator[Person], target: int) -> None:
    from django.db import connections  # noqa: PLC0415

    shown = Progress(f"filling up to {target:,}", target - population.seen)
    done = 0
    while chunk := list(islice(stream, CHUNK)):
        company.add(chunk)
        with connections["owner"].cursor() as cursor, cursor.copy("COPY bench_person FROM STDIN") as copy:
            for person in chunk:
                population.meet(person)
                copy.write_row((population.seen, person.given, person.family, person.phone, person.email, person.town))
        done += len(chunk)
        shown.at(done)


def _in_turn(company: Company, population: Population, kind: str) -> tuple[float, float]:
    """Median milliseconds of ours and of the peer."""
    import psycopg  # noqa: PLC0415
    from django.conf import settings  # noqa: PLC0415

    from trustdesk.register.api import search  # noqa: PLC0415

    context = company.context()
    ours: list[float] = []
    theirs: list[float] = []
    found = 0
    with psycopg.connect(settings.TRUSTDESK_CONNINFO["app"], autocommit=True, prepare_threshold=1) as peer:

        def plain(parameters: tuple[str, ...]) -> int:
            hits = peer.execute(PEER[kind], parameters).fetchall()
            peer.execute(PEER_LOG, [[row[0] for row in hits]])
            return len(hits)

        for number, (query, parameters) in enumerate(population.questions(kind)):
            mine, took = _timed(lambda query=query: len(search(context, query).rows))  # type: ignore[misc]
            _theirs, peer_took = _timed(lambda parameters=parameters: plain(parameters))  # type: ignore[misc]
            assert mine, (kind, query)
            if number >= WARM:
                found += mine
                ours.append(took)
                theirs.append(peer_took)
    figures = (median(ours), median(theirs))
    say(
        f"  {kind}: p50 {figures[0]:.2f} ms, peer {figures[1]:.2f} ms, ratio {figures[0] / figures[1]:.2f},"
        f" {found / len(ours):.0f} rows shown"
    )
    return figures


def _timed(work: Callable[[], int]) -> tuple[int, float]:
    started = time.perf_counter()
    got = work()
    return got, (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    main()
