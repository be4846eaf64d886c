"""A columnar snapshot of one company: identifiers, tokens, codes and instants as Parquet, in a closed folder.

Written under the signed scope in one repeatable read: what the policies hide is not in it.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq
from adbc_driver_postgresql import dbapi
from django.conf import settings

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.screening.engines import folders
from trustdesk.screening.engines.tables import CONTROLLER, READS, Read


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Where it lies, and how many rows of each table are in it."""

    folder: Path
    rows: Mapping[str, int]

    def path(self, name: str) -> Path:
        return self.folder / f"{name}.parquet"


@contextmanager
def taken(context: AccessContext, list_id: int) -> Iterator[Snapshot]:
    """A snapshot while the block runs. Logged when it is taken and when it is gone."""
    with folders.made() as folder:
        snapshot = Snapshot(folder, _write(context, folder, list_id))
        _log(context, "screening.snapshot.taken", snapshot)
        yield snapshot
    _log(context, "screening.snapshot.deleted", snapshot)


def _log(context: AccessContext, what: str, snapshot: Snapshot) -> None:
    with scoped(context.scope):
        context.journal.deed(context, what, detail={"rows": sum(snapshot.rows.values()), "tables": dict(snapshot.rows)})


def _write(context: AccessContext, folder: Path, list_id: int) -> dict[str, int]:
    with dbapi.connect(settings.TRUSTDESK_CONNINFO["app"]) as connection, connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT set_config('trustdesk.scope', $1, true)", (context.scope,))
        cursor.fetchall()
        return {
            name: _table(cursor, read, context.controller_id, folder / f"{name}.parquet", list_id)
            for name, read in READS.items()
        }


def _table(cursor: dbapi.Cursor, read: Read, controller_id: int, path: Path, list_id: int) -> int:
    where = f" AND {read.where}" if read.where else ""
    where += f" AND list_id = {list_id:d}" if "list_id" in read.columns else ""
    columns = ", ".join(f'"{column}"' for column in read.columns)
    cursor.execute(
        f"SELECT {columns} FROM {read.table} WHERE {CONTROLLER} = {controller_id:d}{where}"  # noqa: S608 -- our own names
    )
    batches = cursor.fetch_record_batch()
    rows = 0
    with pq.ParquetWriter(path, batches.schema, compression="zstd", compression_level=1) as writer:
        for batch in batches:
            writer.write_batch(batch)
            rows += batch.num_rows
    return rows
