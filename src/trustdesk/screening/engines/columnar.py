"""The engines that read a columnar snapshot instead of the database: DuckDB, and Spark for what outgrows one machine.

What changed after the snapshot was taken is not theirs to know: those rows are decided anew from the live tables
(`services.drive`).
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import duckdb
import pyarrow as pa
from django.utils.translation import gettext as _
from pyarrow.dataset import dataset

from trustdesk.clearance.api import SetQuestion
from trustdesk.kernel.errors import TrustdeskError
from trustdesk.screening.contracts import Engine
from trustdesk.screening.engines.facts import KEY
from trustdesk.screening.engines.question import compiled
from trustdesk.screening.engines.snapshot import Snapshot
from trustdesk.screening.engines.tables import READS, copied
from trustdesk.screening.engines.words import duckdb_micros, spark_micros
from trustdesk.screening.models import List

BATCH_ROWS = 50_000
_DUCKDB_MEMORY = "4GB"
_LOOK_EVERY_SECONDS = 0.5
_NOTHING_YET = pa.RecordBatch.from_pydict({name: pa.array([], pa.int64()) for name in (*KEY, "mask")})


class SparkFailedError(TrustdeskError):
    """Spark, or its Java, ended with an error."""

    code = "spark-failed"
    status = 503


def decide(engine: Engine, snapshot: Snapshot, question: SetQuestion, asked: List) -> Iterator[pa.RecordBatch]:
    """Key and mask of every row, some at a time; an empty batch now and then while there is none yet, so that whoever
    waits can look up.
    """
    run = _by_spark if engine is Engine.SPARK else _by_duckdb
    yield from run(snapshot, question, asked)


def _by_duckdb(snapshot: Snapshot, question: SetQuestion, asked: List) -> Iterator[pa.RecordBatch]:
    text = compiled("snapshot", copied, question, asked, dialect="duckdb", micros=duckdb_micros)
    with duckdb_on(snapshot) as connection:
        yield from connection.sql(text).to_arrow_reader(BATCH_ROWS)


@contextmanager
def duckdb_on(snapshot: Snapshot) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory over the snapshot's files, that spills into its folder and reaches for nothing outside."""
    connection = duckdb.connect(
        config={
            "memory_limit": _DUCKDB_MEMORY,
            "temp_directory": str(snapshot.folder / "spilled"),
            "threads": str(os.cpu_count() or 1),
            "autoinstall_known_extensions": "false",
            "preserve_insertion_order": "false",
        }
    )
    try:
        connection.execute("SET TimeZone = 'UTC'")
        for name in READS:
            connection.read_parquet(str(snapshot.path(name))).create_view(name)
        yield connection
    finally:
        connection.close()


def _by_spark(snapshot: Snapshot, question: SetQuestion, asked: List) -> Iterator[pa.RecordBatch]:
    text = compiled("snapshot", copied, question, asked, dialect="pyspark", micros=spark_micros)
    (snapshot.folder / "query.sql").write_text(text, encoding="utf-8")
    log = snapshot.folder / "spark.log"
    with log.open("wb") as said, _child(snapshot.folder, said) as child:
        while child.poll() is None:
            yield _NOTHING_YET
            with suppress(subprocess.TimeoutExpired):
                child.wait(_LOOK_EVERY_SECONDS)
    if child.returncode:
        raise SparkFailedError(
            _("Spark ended without an answer."),
            place=_last_line(log),
            mend=_("See that Java 17 runs here and has memory, or take another engine."),
        )
    yield from dataset(snapshot.folder / "decided", format="parquet").to_batches(batch_size=BATCH_ROWS)


@contextmanager
def _child(folder: Path, said: IO[bytes]) -> Iterator["subprocess.Popen[bytes]"]:
    """The job while the block runs; it ends with the block, however that ends."""
    program = Path(__file__).with_name("spark_job.py")
    command = [sys.executable, str(program), str(folder)]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said) as child:  # noqa: S603 - our own
        try:
            yield child
        finally:
            child.kill()


def _last_line(log: Path) -> str:
    """What Java said last. No value of a row is in its messages: it reads identifiers and tokens only."""
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return lines[-1][:200] if lines else "spark"
