"""A company with a filled register and a list, and each way to ask the one question of it."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from adbc_driver_postgresql import dbapi

from benchmarks import _peers
from benchmarks._company import Company, owner_runs
from benchmarks._consents import Register, Sizes
from benchmarks._house import say
from trustdesk.server.cluster import Cluster
from trustdesk.server.home import Home

if TYPE_CHECKING:
    import psycopg

    from trustdesk.clearance.api import SetQuestion
    from trustdesk.kernel.context import AccessContext
    from trustdesk.screening.contracts import Engine
    from trustdesk.screening.engines.snapshot import Snapshot
    from trustdesk.screening.models import List

LIST_ID = 77
TABLES = (
    "register_customer",
    "clearance_point",
    "clearance_consent_event",
    "clearance_objection",
    "clearance_suppression",
    "clearance_collection",
    "screening_row",
)
_PEER_TABLE = (
    "CREATE TABLE IF NOT EXISTS bench_verdict (run_id bigint, row_number bigint, value_id bigint, customer_id bigint,"
    " mask bigint, PRIMARY KEY (run_id, row_number, value_id))"
)
# The planner's settings are the same for both.
_FOR_THE_PEER = ("SET work_mem = '256MB'", "SET hash_mem_multiplier = 2", "SET jit = off")


@dataclass
class Screened:
    """Ours and the peer, ready to be asked."""

    home: Home
    company: Company
    rows: int
    purpose_id: int
    at: datetime

    def context(self) -> "AccessContext":
        return self.company.context()

    def superuser(self) -> "psycopg.Connection":
        connection = Cluster(self.home).connect("trustdesk")
        for setting in _FOR_THE_PEER:
            connection.execute(setting)
        return connection

    def question(self) -> "SetQuestion":
        from trustdesk.clearance.api import set_question  # noqa: PLC0415
        from trustdesk.decision.contracts import Channel  # noqa: PLC0415

        return set_question(self.context(), purpose="offers", channel=Channel.CALL_HUMAN, about={}, at=self.at)

    def the_list(self) -> "List":
        from trustdesk.screening.services.lists import find  # noqa: PLC0415

        return find(self.context(), LIST_ID)

    def by_postgresql(self, run_id: int) -> float:
        """Seconds to decide every row under isolation and keep the masks."""
        from trustdesk.isolation.api import scoped  # noqa: PLC0415
        from trustdesk.screening.engines import postgresql  # noqa: PLC0415

        context, question, asked = self.context(), self.question(), self.the_list()
        started = time.perf_counter()
        with scoped(context.scope):
            postgresql.prepare(postgresql.FOR_MANY_ROWS)
            postgresql.decide(context, run_id, question, asked, postgresql.between(1, 2**40))
        return time.perf_counter() - started

    def by_hand(self, run_id: int) -> float:
        """Seconds of the hand-written statement, without isolation, its masks kept too."""
        statement = _peers.postgresql(self.question(), self.company.controller_id, LIST_ID)
        with self.superuser() as connection:
            connection.execute(_PEER_TABLE)
            started = time.perf_counter()
            connection.execute(f"INSERT INTO bench_verdict SELECT {run_id}, decided.* FROM ({statement}) AS decided")
            return time.perf_counter() - started

    def by_engine(self, engine: "Engine", copy: "Snapshot") -> tuple[pa.Table, float]:
        """The masks of a columnar engine, and its seconds."""
        from trustdesk.screening.engines import columnar  # noqa: PLC0415

        question, asked = self.question(), self.the_list()
        started = time.perf_counter()
        batches = [batch for batch in columnar.decide(engine, copy, question, asked) if batch.num_rows]
        found = pa.Table.from_batches(batches)
        return found, time.perf_counter() - started

    def by_hand_in_duckdb(self, copy: "Snapshot") -> tuple[pa.Table, float]:
        from trustdesk.screening.engines import columnar  # noqa: PLC0415

        statement = _peers.duckdb(self.question(), str(copy.folder))
        started = time.perf_counter()
        with columnar.duckdb_on(copy) as connection:
            found = connection.sql(statement).to_arrow_table()
        return found, time.perf_counter() - started

    def keep(self, run_id: int, found: pa.Table) -> float:
        """Seconds to land masks that another engine decided."""
        from trustdesk.isolation.api import scoped  # noqa: PLC0415
        from trustdesk.screening.services import verdicts  # noqa: PLC0415

        context = self.context()
        started = time.perf_counter()
        for batch in found.to_batches(max_chunksize=50_000):
            with scoped(context.scope):
                verdicts.land(context, run_id, batch)
        return time.perf_counter() - started

    def anew(self, run_id: int) -> tuple[int, float]:
        """Rows that were touched since, decided anew; and the seconds."""
        from trustdesk.isolation.api import scoped  # noqa: PLC0415
        from trustdesk.screening.engines import touched  # noqa: PLC0415

        context, question, asked = self.context(), self.question(), self.the_list()
        started = time.perf_counter()
        with scoped(context.scope):
            rows = touched.decide(context, run_id, question, asked)
        return rows, time.perf_counter() - started

    def touch(self, count: int) -> None:
        """Consents withdrawn, numbers suppressed, persons objecting, as the runtime role does it."""
        from django.db import connection  # noqa: PLC0415

        from trustdesk.isolation.api import scoped  # noqa: PLC0415

        context = self.context()
        values: dict[str, Any] = {
            "own": context.controller_id,
            "list": LIST_ID,
            "purpose": self.purpose_id,
            "count": count,
        }
        values["at"] = self.at - timedelta(seconds=1)
        with scoped(context.scope), connection.cursor() as cursor:
            for statement in _TOUCHES:
                cursor.execute(statement, values)

    def kept(self, table: str, run_id: int) -> pa.Table:
        """Masks as the database has them."""
        password = self.home.database_passwords()["postgres"]
        uri = f"host={Cluster(self.home).socket_folder} user=postgres password={password} dbname=trustdesk"
        with dbapi.connect(uri) as connection, connection.cursor() as cursor:
            cursor.execute(f"SELECT row_number, value_id, customer_id, mask FROM {table} WHERE run_id = {run_id}")
            return in_order(cursor.fetch_arrow_table())


_TOUCHES = (
    """
    INSERT INTO clearance_suppression (controller_id, token, id, version, level, kind, act, purpose_id, purpose_kind,
      channel, reason, at, recorded_at, recorded_by)
    SELECT %(own)s, token, 9000000000000 + row_number, 1, 1, 'phone', 'suppressed', NULL, '', '', 'by_hand', %(at)s,
      %(at)s, 0
    FROM screening_row WHERE controller_id = %(own)s AND list_id = %(list)s AND row_number %% 7 = 3
    ORDER BY row_number LIMIT %(count)s
    """,
    """
    INSERT INTO clearance_consent_event (controller_id, customer_id, id, purpose_id, channel, state, strictness, at,
      express, of_age, by, method, words, notice_version, notice_language, recording, document_sha256, reference,
      digest, recorded_at, recorded_by)
    SELECT DISTINCT ON (p.customer_id) %(own)s, p.customer_id, 9000000000000 + r.row_number, %(purpose)s, '',
      'withdrawn', 6, %(at)s, false, true, 'person', 'told_operator', '', '', '', '', '', '', r.token, %(at)s, 0
    FROM screening_row r JOIN clearance_point p ON p.controller_id = r.controller_id AND p.token = r.token
    WHERE r.controller_id = %(own)s AND r.list_id = %(list)s AND r.row_number %% 11 = 5
    ORDER BY p.customer_id LIMIT %(count)s
    """,
)


def in_order(found: pa.Table) -> pa.Table:
    """The masks by their key, so that two tables can be compared whole."""
    wanted = found.select(["row_number", "value_id", "customer_id", "mask"])
    types = pa.schema([(name, pa.int64()) for name in wanted.column_names])
    return wanted.cast(types).sort_by([("row_number", "ascending"), ("value_id", "ascending")]).combine_chunks()


def filled(home: Home, rows: int) -> Screened:
    """A company with two persons, six consent events and half a suppression for each row of a list."""
    from trustdesk.clearance import api as clearance  # noqa: PLC0415
    from trustdesk.clearance.contracts import Assessment, NewPurpose  # noqa: PLC0415
    from trustdesk.decision.contracts import PurposeKind  # noqa: PLC0415
    from trustdesk.isolation.api import scoped  # noqa: PLC0415
    from trustdesk.screening.models import List  # noqa: PLC0415

    company, now = Company("Bench", "FI"), datetime.now(UTC)

    def declared(code: str, basis: str) -> int:
        purpose = NewPurpose(
            code=code, label=code, term="dpv:DirectMarketing", kind=PurposeKind.MARKETING, legal_basis=basis
        )
        return clearance.declare_purpose(company.context(), purpose=purpose, now=now)

    purpose_id, other_id = declared("offers", "eu-gdpr:A6-1-f"), declared("letter", "eu-gdpr:A6-1-a")
    said = "bench"
    assessment = Assessment(
        pursued=said, necessity=said, balancing=said, safeguards=said, assessed_by=said, assessed_at=now
    )
    clearance.assess_purpose(company.context(), code="offers", assessment=assessment, now=now)
    context = company.context()
    with scoped(context.scope):
        List(
            controller_id=company.controller_id,
            id=LIST_ID,
            digest=bytes(32),
            layout={"columns": {"Phone": "phone"}, "country": "", "reading": {}},
            level=1,
            state="ready",
            rows=rows,
            cells=rows,
            numbers=True,
            created_at=now,
            created_by=0,
            erase_at=now + timedelta(days=1),
        ).save(force_insert=True)
    say(f"filling a register for a list of {rows:,} rows")
    Register(home, company, Sizes(rows)).fill(purpose_id, other_id, LIST_ID)
    say("  vacuum and analyze")
    owner_runs(*(f"VACUUM ANALYZE {table}" for table in TABLES))
    return Screened(home, company, rows, purpose_id, datetime.now(UTC))


def in_turn(rounds: int, *ways: Callable[[int], float]) -> Iterator[tuple[float, ...]]:
    """Each way once a round, under a run of its own."""
    for number in range(rounds):
        yield tuple(way(1_000 + 10 * number + place) for place, way in enumerate(ways))


def tokenised(screened: Screened, folder: Path, count: int) -> float:
    """Rows a second from a CSV to tokens, by the reader of every list."""
    from trustdesk.screening.contracts import CellKind, Layout  # noqa: PLC0415
    from trustdesk.screening.services import lists  # noqa: PLC0415
    from trustdesk.screening.services.running import RunKey  # noqa: PLC0415

    path = folder / "list.csv"
    numbers = (f"0{30 + number % 40} {number * 7_919 % 10_000_000:07d}" for number in range(count))
    path.write_text("Phone\n" + "\n".join(numbers) + "\n")
    context = screened.context()
    layout = Layout(columns={"Phone": CellKind.PHONE}, country="FI")
    list_id = lists.begin_list(context, path=path, layout=layout, now=datetime.now(UTC))
    key: Any = RunKey(context.controller_id, 0, context.purpose, 0, context.mandate_id)
    started = time.perf_counter()
    lists.read(key, lists.find(context, list_id), path)
    return count / (time.perf_counter() - started)
