"""The log against a hash chain with a locked head: eight writers, one entry a commit.

Ours counts an entry once it stands under a signed checkpoint; the chain counts it once it is committed. Both write the
same sealed bodies, in turn, on the same database. Then ROWS entries are exported and verified offline.
"""

import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from benchmarks._house import Progress, house, result, say, size

PROMISED_ROWS = 1_000_000
PROMISED_RATIO = 5.0
PROMISED_SECONDS = 60.0
WRITERS = 8
LEDGER_PAUSE = 0.5  # seconds between the passes of the sequencer, as in production
OURS, PEER, BEST_PEER = "the log", "a chain", "a chain in one statement"
ROUNDS = 3
ROUND_SECONDS = float(os.environ.get("SECONDS_A_ROUND", "8"))
CONTROLLER, MANDATE, OPERATOR = 1, 5, 77
PEER_TABLES = """
CREATE TABLE bench_chain (id bigint PRIMARY KEY, at timestamptz NOT NULL, body bytea NOT NULL, hash bytea NOT NULL);
CREATE TABLE bench_head (id smallint PRIMARY KEY, hash bytea NOT NULL);
INSERT INTO bench_head VALUES (1, sha256(''));
GRANT SELECT, INSERT, UPDATE ON bench_chain, bench_head TO trustdesk_app;
"""
# A chain as applications keep it: lock the head, hash, then insert, move the head and commit in one round trip.
LOCK = "SELECT hash FROM bench_head WHERE id = 1 FOR UPDATE"
LINK = "INSERT INTO bench_chain (id, at, body, hash) VALUES (%b, %b, %b, %b)"
MOVE = "UPDATE bench_head SET hash = %b WHERE id = 1"
# The best a chain can do: all of it inside the database, one round trip. Told beside the ratio, not in it.
CHAIN = """
WITH head AS (SELECT hash FROM bench_head WHERE id = 1 FOR UPDATE),
     link AS (INSERT INTO bench_chain (id, at, body, hash)
              SELECT %(id)s, %(at)s, %(body)s, sha256(head.hash || %(body)s) FROM head RETURNING hash)
UPDATE bench_head SET hash = link.hash FROM link WHERE bench_head.id = 1
"""

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


def chain(*, one_statement: bool) -> Callable[[int], None]:
    """One link, committed, with a body sealed as ours is."""
    import psycopg  # noqa: PLC0415
    from django.conf import settings  # noqa: PLC0415

    from trustdesk.audit.entry import MonthKey, who, write  # noqa: PLC0415
    from trustdesk.kernel import clock  # noqa: PLC0415

    connection = psycopg.connect(settings.TRUSTDESK_CONNINFO["app"], autocommit=True, prepare_threshold=1)
    context = a_context()
    key = MonthKey("2026-11", bytes(32))

    def link(number: int) -> None:
        content = {**who(context), "what": "register.card", "fields": ["name", "phone", "email"]}
        now = clock.now()
        one = write(key, controller_id=CONTROLLER, at=now, kind="opening", content=content, subjects=[number]).entry
        if one_statement:
            connection.execute(CHAIN, {"id": one.id, "at": one.at, "body": one.body})
            return
        with connection.pipeline():
            connection.execute("BEGIN")
            head = connection.execute(LOCK, binary=True).fetchone()
            assert head
            hashed = sha256(head[0] + one.body).digest()
            connection.execute(LINK, [one.id, one.at, one.body, hashed])
            connection.execute(MOVE, [hashed])
            connection.execute("COMMIT")

    return link


def writer(pipe: Connection) -> None:
    """A process that writes when it is told to, and says how many it wrote."""
    import django  # noqa: PLC0415

    django.setup()
    made = {OURS: ours(), PEER: chain(one_statement=False), BEST_PEER: chain(one_statement=True)}
    for write in made.values():
        write(0)
    pipe.send("ready")
    number = 0
    while (order := pipe.recv()) is not None:
        kind, until = order
        write, done = made[kind], 0
        while time.time() < until:
            write(number)
            number, done = number + 1, done + 1
        pipe.send(done)


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
    """Entries a second of each side, over all rounds."""

    entries: int = 0
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        return self.entries / self.seconds if self.seconds else 0.0


def one_round(pipes: list[Connection], kind: str) -> Speed:
    """From the first write until the last entry counts."""
    from trustdesk.audit import api  # noqa: PLC0415
    from trustdesk.kernel import clock  # noqa: PLC0415

    stop = threading.Event()

    def ledger() -> None:
        while not stop.wait(LEDGER_PAUSE):
            api.sequence_once(clock.now())
            api.sign_checkpoints(clock.now())

    ledger_thread = threading.Thread(target=ledger)
    started = time.time()
    if kind == OURS:
        ledger_thread.start()
    for pipe in pipes:
        pipe.send((kind, started + ROUND_SECONDS))
    written = sum(pipe.recv() for pipe in pipes)
    if kind == OURS:
        stop.set()
        ledger_thread.join()
        api.sequence_once(clock.now())
        api.sign_checkpoints(clock.now())
        state = api.installation_state(CONTROLLER)
        assert state.waiting == 0
        assert state.signed_size == state.size
    return Speed(written, time.time() - started)


def compare() -> dict[str, Speed]:
    totals = {kind: Speed() for kind in (OURS, PEER, BEST_PEER)}
    with writers() as pipes:
        for number in range(ROUNDS):
            for kind, total in totals.items():
                speed = one_round(pipes, kind)
                total.entries += speed.entries
                total.seconds += speed.seconds
                say(f"  round {number + 1} {kind}: {speed.rate:,.0f} entries/s")
    return totals


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


def prepare(home: Any) -> None:  # noqa: ANN401 - the type needs the package
    """A living mandate, and the peer's tables. As the superuser: row-level security binds the owner too."""
    from trustdesk.server.cluster import Cluster  # noqa: PLC0415

    with Cluster(home).connect("trustdesk") as superuser:
        superuser.execute("SET ROLE trustdesk_owner")
        superuser.execute(PEER_TABLES)
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


def main() -> None:
    rows = size(PROMISED_ROWS)
    with house() as home:
        prepare(home)
        say(f"{WRITERS} writers, one entry a commit, {ROUNDS} rounds of {ROUND_SECONDS:.0f} s each in turn")
        speeds = compare()
        say(f"filling up to {rows:,} entries")
        fill(rows)
        sequencing = number_all()
        seconds, verified = verify_offline(home.path)
    log, peer = speeds[OURS], speeds[PEER]
    held = log.rate >= PROMISED_RATIO * peer.rate and seconds <= PROMISED_SECONDS and verified >= PROMISED_ROWS
    result(
        bench="audit",
        ours=log.rate,
        peer=peer.rate,
        unit="entries/s",
        holds=held,
        rows=verified,
        chain_in_one_statement=round(speeds[BEST_PEER].rate),
        verify_seconds=round(seconds, 1),
        sequencer_per_second=round(sequencing),
    )


if __name__ == "__main__":
    main()
