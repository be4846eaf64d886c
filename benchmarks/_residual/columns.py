"""Columnar snapshots and a small database in a file."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from benchmarks._residual.plan import Row
from benchmarks._residual.texts import COLUMNS, record


def plant_columns(folder: Path, containers: dict[str, list[Row]]) -> dict[str, str]:
    """Parquet in the first half, SQLite in the second."""
    places = {}
    for container, rows in containers.items():
        if container.endswith("0"):
            name = f"snapshot-{container}.parquet"
            table = pa.table({column: [record(row)[column] for row in rows] for column in COLUMNS})
            parquet.write_table(table, folder / name, compression="zstd", row_group_size=100)
        else:
            name = f"archive-{container}.sqlite3"
            _database(folder / name, rows)
        places[container] = name
    return places


def _database(path: Path, rows: list[Row]) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(f"CREATE TABLE ticket ({', '.join(f'{column} TEXT' for column in COLUMNS)})")
        marks = ", ".join("?" * len(COLUMNS))
        database.executemany(f"INSERT INTO ticket VALUES ({marks})", [tuple(record(row).values()) for row in rows])
