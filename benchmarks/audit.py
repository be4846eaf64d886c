"""The log against a hash chain with a locked head: eight writers, one entry a commit.

Ours counts an entry once it stands under a signed checkpoint; the chain counts it once it is committed. Both write the
same sealed bodies, in turn, on the same database. Then ROWS entries are exported and verified offline.

The peer of the ratio is the chain PEER; the other forms of `benchmarks._chain` run in the same turns, and the
ratio to each of them is printed beside it. None of them checks a signed scope, has row-level security, or an index of
subjects. Processor time (user and system, database and programs together) is printed for each entry: it says how much
work an entry is, where a crowded machine says little about how many there are in a second.
"""

import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from benchmarks import _chain, _processor
from benchmarks._house import Progress, house, result, say, size

PROMISED_ROWS = 1_000_000
PROMISED_RATIO = 5.0
PROMISED_SECONDS = 60.0
WRITERS = 8
LEDGER_PAUSE = 0.5  # seconds between the passes of the sequencer, as in production
OURS = "the log"
PEER = _chain.PLAIN
KINDS = (OURS, _chain.PLAIN, _chain.PIPELINED, _chain.ONE_STATEMENT)
ROUNDS = 3
ROUND_SECONDS = float(os.environ.get("SECONDS_A_ROUND", "8"))
CONTROLLER, MANDATE, OPERATOR = 1, 5, 77

FILL = (
    "INSERT INTO audit_entry (controller_id, kind, key_period, id, at, body, subjects)"
    " SELECT %s, 'opening', %s, id, at, body, ARRAY[token]"
    " FROM unnest(%b::int8[], %b::timestamptz[], %b::bytea[], %b::int8[]) AS new (id, at, body, token)"
)


def a_context() -> Any:  # noqa: ANN401 - the type needs Django
    from trustdesk.audit.api import journal  # noqa: PLC0415 - after django.setup()
    from trustdesk.isolation.api import sign_scope  # noqa: PLC0415
    from trustdesk.kernel.context import AccessContext  # noqa: PLC0415

    expires = datetime.now(UTC) + timedelta(hours=4)
    scope = sign_scope(
        controller_id=CONTROLLER, operator_id=OPERATOR, mandate_id=MANDATE, session_id="bench", expires_at=expires
    )
    return AccessContext(
        operator_id=OPERATOR,
        session_id="bench",
        controller_id=CONTROLLER,
        mandate_id=MANDATE,
        purpose="service",
        categories=frozenset(),
        operations=frozenset({"log:read", "log:export"}),
        expires_at=expires,
        scope=scope,
        journal=journal(),
    )


def ours() -> Callable[[int], None]:
    """One opening, committed."""
    from trustdesk.kernel.context import Opening  # noqa: PLC0415

    context = a_context()

    def write(number: int) -> None:
        context.journal.opening(context, Opening("register.card", [number], ["name", "phone", "email"]))

    return write


def sealed() -> Callable[[int], Any]:
    """A body as ours is sealed, for a chain to link."""
    from trustdesk.audit.entry import MonthKey, who, write  # noqa: PLC0415
    from trustdesk.kernel import clock  # noqa: PLC0415

    context = a_context()
    key = MonthKey("2026-11", bytes(32))

    def seal(number: int) -> Any:  # noqa: ANN401 - the type needs the package
        content = {**who(context), "what": "register.card", "fields": ["name", "phone", "email"]}
        at = clock.now()
        return write(key, controller_id=CONTROLLER, at=at, kind="opening", content=content, subjects=[number]).entry

    return seal


def writer(pipe: Connection) -> None:
    """A process that writes when it is told to, and says how many it wrote and the processor time it took."""
    import django  # noqa: PLC0415

    django.setup()
    from django.conf import settings  # noqa: PLC0415

    made = {OURS: ours(), **_chain.chains(settings.TRUSTDESK_CONNINFO["app"], sealed())}
    for write in made.values():
        write(0)
    pipe.send("ready")
    number = 0
    while (order := pipe.recv()) is not None:
        kind, until = order
        write, done, used = made[kind], 0, _processor.of_this_process()
        while time.time() < until:
            write(number)
            number, done = number + 1, done + 1
        pipe.send((done, _processor.of_this_process() - used))


@contextmanager
def writers() -> Iterator[list[Connection]]:
    spawn = multiprocessing.get_context("spawn")
    pipes, processes = [], []
    for _ in range(WRITERS):
        ours_end, theirs = spawn.Pipe()
        process = spawn.Process(target=writer, args=(theirs,), daemon=True)
        process.start()
        pipes.append(ours_end)
        processes.append(process)
    try:
        for pipe in pipes:
            pipe.recv()
        yield pipes
    finally:
        for pipe in pipes:
            pipe.send(None)
        for process in processes:
            process.join(10)


@dataclass
class Speed:
    """What one kind of log did, over all rounds."""

    entries: int = 0
    seconds: float = 0.0
    processor: float = 0.0
    rates: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Entries a second."""
        return self.entries / self.seconds

    @property
    def microseconds(self) -> float:
        """Processor time of an entry."""
        return self.processor / self.entries * 1e6

    def add(self, entries: int, seconds: float, processor: float) -> None:
        self.entries += entries
        self.seconds += seconds
        self.processor += processor
        self.rates.append(entries / seconds)


@contextmanager
def ledger() -> Iterator[None]:
    """Numbers and signs while entries are written; at the end every one of them stands under a checkpoint."""
    from trustdesk.audit import api  # noqa: PLC0415
    from trustdesk.kernel import clock  # noqa: PLC0415

    stop = threading.Event()

    def number() -> None:
        while not stop.wait(LEDGER_PAUSE):
            api.sequence_once(clock.now())
            api.sign_checkpoints(clock.now())

    numbering = threading.Thread(target=number)
    numbering.start()
    try:
        yield
    finally:
        stop.set()
        numbering.join()
    api.sequence_once(clock.now())
    api.sign_checkpoints(clock.now())
    state = api.installation_state(CONTROLLER)
    assert state.waiting == 0
    assert state.signed_size == state.size


def one_round(pipes: list[Connection], kind: str, postmaster: int, speed: Speed) -> None:
    """From the first write until the last entry counts."""
    used = _processor.of_database(postmaster) + _processor.of_this_process()
    started = time.time()
    with ledger() if kind == OURS else nullcontext():
        for pipe in pipes:
            pipe.send((kind, started + ROUND_SECONDS))
        told = [pipe.recv() for pipe in pipes]
    seconds = time.time() - started
    used = _processor.of_database(postmaster) + _processor.of_this_process() - used
    speed.add(sum(done for done, _ in told), seconds, used + sum(spent for _, spent in told))


def compare(postmaster: int) -> dict[str, Speed]:
    speeds = {kind: Speed() for kind in KINDS}
    with writers() as pipes:
        for number in range(ROUNDS):
            for kind, speed in speeds.items():
                one_round(pipes, kind, postmaster, speed)
                say(f"  round {number + 1} {kind}: {speed.rates[-1]:,.0f} entries/s")
    for kind, speed in speeds.items():
        say(f"  {kind}: {min(speed.rates):,.0f} to {max(speed.rates):,.0f} entries/s, {speed.microseconds:.0f} µs each")
    return speeds


def fill(rows: int) -> None:
    """As many openings as are missing, inserted in bulk, then numbered and signed."""
    from trustdesk.audit import api  # noqa: PLC0415
    from trustdesk.audit.entry import who, write  # noqa: PLC0415
    from trustdesk.audit.services.keys import SET_SCOPE, writing_key  # noqa: PLC0415
    from trustdesk.isolation.api import raw_pool  # noqa: PLC0415
    from trustdesk.kernel import clock  # noqa: PLC0415

    context = a_context()
    key = writing_key(CONTROLLER, clock.now(), scope=context.scope)
    missing = rows - api.installation_state(CONTROLLER).size
    progress = Progress("entries written", missing)
    chunk = 5_000
    for start in range(0, missing, chunk):
        content = {**who(context), "what": "register.card", "fields": ["name", "phone", "email"]}
        numbers = range(start, min(start + chunk, missing))
        made = [
            write(key, controller_id=CONTROLLER, at=clock.now(), kind="opening", content=content, subjects=[number])
            for number in numbers
        ]
        rows_of = [(one.entry.id, one.entry.at, one.entry.body, one.subjects[0]) for one in made]
        with raw_pool().connection() as connection, connection.transaction():
            connection.execute(SET_SCOPE, [context.scope])
            connection.execute(FILL, [CONTROLLER, key.period, *(list(column) for column in zip(*rows_of, strict=True))])
        progress.at(min(start + chunk, missing))


def number_all() -> float:
    """Number what was filled; entries a second of one sequencer."""
    from trustdesk.audit import api  # noqa: PLC0415
    from trustdesk.kernel import clock  # noqa: PLC0415

    say("  numbering and signing what waits")
    started = time.time()
    numbered = api.sequence_once(clock.now())
    speed = numbered / max(time.time() - started, 1e-9)
    api.sign_checkpoints(clock.now())
    say(f"  sequencer alone: {numbered:,} entries at {speed:,.0f}/s")
    return speed


def verify_offline(home: Path) -> tuple[float, int]:
    """Export, hand out, and let the verifier compare both; its seconds and how many entries it saw."""
    from trustdesk.audit import api  # noqa: PLC0415
    from trustdesk.audit.verifier import AGREES, verify  # noqa: PLC0415
    from trustdesk.kernel import clock  # noqa: PLC0415

    kept = api.hand_out(CONTROLLER, clock.now())
    say("  writing the export")
    summary = api.export(a_context(), out=home / "export.txt")
    say(f"  verifying {summary.entries:,} entries offline")
    started = time.time()
    report = verify(summary.path, against=[kept])
    seconds = time.time() - started
    assert report.code == AGREES, report.lines
    say(f"  {report.entries:,} entries verified in {seconds:.1f} s: {report.lines[0]}")
    return seconds, report.entries


def prepare(home: Any) -> int:  # noqa: ANN401 - the type needs the package
    """A living mandate, and the peer's tables; the database's pid. As the superuser: the owner is bound too."""
    from trustdesk.server.cluster import Cluster  # noqa: PLC0415

    cluster = Cluster(home)
    with cluster.connect("trustdesk") as superuser:
        superuser.execute("SET ROLE trustdesk_owner")
        superuser.execute(_chain.TABLES)
        superuser.execute("RESET ROLE")
        superuser.execute(
            "INSERT INTO mandates_controller (id, name, country, languages, time_zone, created_at)"
            " VALUES (%s, 'Bench', 'FI', '{fi}', 'Europe/Helsinki', now())",
            [CONTROLLER],
        )
        superuser.execute(
            "INSERT INTO mandates_mandate"
            " (controller_id, id, starts_at, purposes, categories, operations, ended_reason)"
            " VALUES (%s, %s, '2020-01-01', '{service}', '{}', '{}', '')",
            [CONTROLLER, MANDATE],
        )
    return cluster.running_pid() or 0


def main() -> None:
    rows = size(PROMISED_ROWS)
    with house() as home:
        postmaster = prepare(home)
        say(f"{WRITERS} writers, one entry a commit, {ROUNDS} rounds of {ROUND_SECONDS:.0f} s each in turn")
        speeds = compare(postmaster)
        say(f"filling up to {rows:,} entries")
        fill(rows)
        sequencing = number_all()
        seconds, verified = verify_offline(home.path)
    log = speeds[OURS]
    ratio = log.rate / speeds[PEER].rate
    result(
        bench="audit",
        ours=log.rate,
        peer=speeds[PEER].rate,
        unit="entries/s",
        holds=ratio >= PROMISED_RATIO and seconds <= PROMISED_SECONDS and verified >= PROMISED_ROWS,
        rows=verified,
        ratios={kind: round(log.rate / speeds[kind].rate, 2) for kind in KINDS[1:]},
        rounds={kind: [round(min(speed.rates)), round(max(speed.rates))] for kind, speed in speeds.items()},
        processor_microseconds={kind: round(speed.microseconds) for kind, speed in speeds.items()},
        verify_seconds=round(seconds, 1),
        sequencer_per_second=round(sequencing),
    )


if __name__ == "__main__":
    main()
