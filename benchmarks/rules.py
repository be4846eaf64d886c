"""The promise: all reasons for a million people cost at most 3 times the bare outcome by hand, one person 100 µs.

Ours: the mask of mail advertising over all five countries (every rule that speaks, for every row), as Ibis compiles it
for DuckDB and for PostgreSQL. Peer: one hand-written CASE of the same law that stops at the first rule and gives the
outcome alone. Both read one table of facts; they take turns, and have to agree on every row. The Python reader decides
single people of the same table.
"""

import random
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime

import duckdb
import ibis
import psycopg

from benchmarks._house import house, middle, result, say, size
from trustdesk.decision import api
from trustdesk.decision.contracts import Channel, LegalBasis, PurposeKind, Question
from trustdesk.server.cluster import Cluster

PROMISED_ROWS = 1_000_000
PROMISED_RATIO = 3.0
PROMISED_MICROSECONDS = 100
ROUNDS = 5
SINGLE = 5_000
AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
QUESTION = Question(
    channel=Channel.EMAIL,
    purpose_kind=PurposeKind.MARKETING,
    legal_basis=LegalBasis.LEGITIMATE_INTEREST,
    at=AT,
    about={"relates_to_duties": False},
)
TYPES = {str: "string", bool: "boolean", datetime: "timestamp('UTC')"}
COLUMNS = {str: "varchar", bool: "boolean", datetime: "timestamptz"}
# How often in a hundred a fact is true; what is not named is true in five.
OFTEN = dict.fromkeys(("age_ok", "lia_done", "list_current", "told_at_collection", "consent_express"), 90)
MADE = {
    "country": "(['HU', 'FI', 'PL', 'DE', 'AT'])[1 + ({dice} % 5)::int]",
    "point_country": "NULL::varchar",
    "audience": "CASE WHEN {dice} < 85 THEN 'consumer' WHEN {dice} < 90 THEN 'company' ELSE 'named_employee' END",
    "consent": "(['none', 'given', 'given', 'withdrawn', 'expired'])[1 + ({dice} % 5)::int]",
    "consent_at": "TIMESTAMPTZ '2025-01-01 00:00:00+00'",
    "consent_until": "CASE WHEN {dice} < 30 THEN TIMESTAMPTZ '2027-01-01 00:00:00+00' END",
}
SOFT = """(existing_customer AND point_from_sale AND similar_products AND told_at_collection
 AND NOT refused_at_collection)"""
BY_HAND = f"""CASE
 WHEN erased OR objected OR suppressed OR NOT lia_done OR consent IN ('withdrawn', 'refused') THEN 'deny'
 WHEN restricted AND consent <> 'given' THEN 'deny'
 WHEN consent = 'given' AND (consent_at > '{AT}' OR consent_until <= '{AT}') THEN 'deny'
 WHEN consent = 'given' AND audience = 'consumer' AND NOT age_ok THEN 'deny'
 WHEN audience <> 'company' AND NOT (consent = 'given' OR {SOFT}) THEN 'deny'
 WHEN (country = 'HU' OR point_country = 'HU') AND audience <> 'company'
   AND NOT (consent = 'given' AND consent_express) THEN 'deny'
 WHEN (country = 'DE' OR point_country = 'DE') AND NOT (consent = 'given' AND consent_express OR {SOFT}) THEN 'deny'
 WHEN (country = 'AT' OR point_country = 'AT') AND NOT (consent = 'given' OR {SOFT}) THEN 'deny'
 WHEN (country = 'AT' OR point_country = 'AT') AND consent <> 'given' AND listed THEN 'deny'
 WHEN (country = 'PL' OR point_country = 'PL') AND consent <> 'given' THEN 'deny'
 WHEN (country = 'FI' OR point_country = 'FI') AND audience = 'named_employee' AND consent <> 'given' THEN 'deny'
 WHEN (country = 'FI' OR point_country = 'FI') AND audience IN ('consumer', 'sole_trader')
   AND NOT (consent = 'given' OR audience = 'consumer' AND {SOFT}) THEN 'deny'
 WHEN country IS NULL OR audience IS NULL OR consent IS NULL OR erased IS NULL OR objected IS NULL
   OR suppressed IS NULL THEN 'undecided'
 WHEN (country = 'AT' OR point_country = 'AT') AND consent <> 'given' AND NOT list_current THEN 'undecided'
 ELSE 'permit' END"""


def main() -> None:
    count = size(PROMISED_ROWS)
    program = api.compile_program(api.load_packs(api.RULEPACKS), api.NO_POLICY, QUESTION)
    people = duckdb.connect()
    people.execute("SET threads = 2")
    say(f"making {count:,} people")
    _make(people, program, count)
    engines = {"duckdb": _in_turn(_duckdb(people), program, "duckdb")}
    single = _single(people, program)
    with house() as home, Cluster(home).connect("trustdesk") as connection:
        _copy(people, connection, program)
        engines["postgres"] = _in_turn(_postgres(connection), program, "postgres")
    worst = max(ours / peer for ours, peer in engines.values())
    ours, peer = engines["postgres"]
    holds = count >= PROMISED_ROWS and worst <= PROMISED_RATIO and single <= PROMISED_MICROSECONDS
    result(
        bench="rules",
        ours=ours,
        peer=peer,
        unit="ms",
        holds=holds,
        rows=count,
        worst_ratio=round(worst, 2),
        by_engine={name: [round(ours), round(peer)] for name, (ours, peer) in engines.items()},
        single_p50_us=round(single, 1),
    )


def _make(people: duckdb.DuckDBPyConnection, program: api.Program, count: int) -> None:
    def column(name: str) -> str:
        dice = f"(hash(row_no * 31 + {random.Random(name).randrange(10**6)}) % 100)"
        return MADE.get(name, f"{{dice}} < {OFTEN.get(name, 5)}").format(dice=dice)

    columns = ", ".join(f"{column(name)} AS {name}" for name in program.facts)
    people.execute(f"CREATE TABLE facts AS SELECT row_no, {columns} FROM range({count}) numbers(row_no)")


def _copy(people: duckdb.DuckDBPyConnection, connection: psycopg.Connection, program: api.Program) -> None:
    columns = ", ".join(f"{name} {COLUMNS[api.FACTS[name].kind]}" for name in program.facts)
    connection.execute(f"CREATE TEMPORARY TABLE facts (row_no bigint, {columns})".encode())
    rows = people.execute("SELECT * FROM facts")
    with connection.cursor().copy("COPY facts FROM STDIN") as copy:
        while block := rows.fetchmany(10_000):
            for row in block:
                copy.write_row(row)
    connection.execute("ANALYZE facts")
    connection.execute("SET jit = off")  # compiling an expression of this length takes longer than reading the rows


def _duckdb(people: duckdb.DuckDBPyConnection) -> Callable[[str], list[tuple[object, ...]]]:
    return lambda statement: people.execute(statement).fetchall()


def _postgres(connection: psycopg.Connection) -> Callable[[str], list[tuple[object, ...]]]:
    return lambda statement: connection.execute(statement.encode()).fetchall()


def _in_turn(run: Callable[[str], list[tuple[object, ...]]], program: api.Program, dialect: str) -> tuple[float, float]:
    """Milliseconds of ours and of the peer's. Reading every value of a column is the work; a sum is all that leaves."""
    table = ibis.table(
        {"row_no": "int64"} | {name: TYPES[api.FACTS[name].kind] for name in program.facts}, name="facts"
    )
    bits = api.set_mask(program, table)
    masks = ibis.to_sql(table.select("row_no", bits.name("mask")), dialect=dialect)
    outcomes = ibis.to_sql(table.select("row_no", api.set_outcome(program, bits).name("outcome")), dialect=dialect)
    by_hand = f"SELECT row_no, {BY_HAND} AS outcome FROM facts"
    unlike = run(f"SELECT count(*) FROM ({outcomes}) a JOIN ({by_hand}) b USING (row_no) WHERE a.outcome <> b.outcome")
    assert unlike == [(0,)], f"{dialect}: they differ on {unlike} rows"
    ours, peer = [], []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        run(f"SELECT max(mask), min(mask) FROM ({masks}) each")
        ours.append(time.perf_counter() - started)
        started = time.perf_counter()
        run(f"SELECT max(outcome), min(outcome) FROM ({by_hand}) each")
        peer.append(time.perf_counter() - started)
    say(f"  {dialect}: ours {middle(ours):.0f} ms, by hand {middle(peer):.0f} ms")
    return middle(ours), middle(peer)


def _single(people: duckdb.DuckDBPyConnection, program: api.Program) -> float:
    """The median microseconds of one decision, its program looked up anew each time."""
    packs = api.load_packs(api.RULEPACKS)
    rows = people.execute(f"SELECT {', '.join(program.facts)} FROM facts LIMIT {SINGLE}").fetchall()
    taken = []
    for row in rows:
        facts = dict(zip(program.facts, row, strict=True))
        started = time.perf_counter()
        api.decide(api.compile_program(packs, api.NO_POLICY, QUESTION), facts)
        taken.append(time.perf_counter() - started)
    return statistics.median(taken) * 1_000_000


if __name__ == "__main__":
    main()
