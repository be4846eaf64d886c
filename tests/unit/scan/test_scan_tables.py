"""Files that are tables: every row is a record, whatever program wrote it, and deleted rows leave something."""

import sqlite3
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import feather, parquet

from trustdesk.scan.api import Automaton, search_bytes, variants, walk
from trustdesk.scan.contracts import Bounds, Name, Person, Reason, Report

AUTOMATON = Automaton.of(variants(Person(country="HU", names=(Name("Gergő", "Űrhegyi"),), phones=("+36301234567",))))
COLUMNS = ("family", "given", "phone")
ROWS = [
    ("Kis", "Anna", 36209998877),
    ("Űrhegyi", "Gergő", None),
    ("Űrhegyi", "Anna", 36301234567),
    ("Űrhegyi", "Anna", None),
    ("Kis", "Gergő", None),
    ("Űrhegyi\nGergő", "", None),
]


def a_parquet(path: Path) -> None:
    parquet.write_table(pa.table(dict(zip(COLUMNS, zip(*ROWS, strict=True), strict=True))), path)


def a_feather(path: Path) -> None:
    feather.write_feather(pa.table(dict(zip(COLUMNS, zip(*ROWS, strict=True), strict=True))), str(path))


def a_sqlite(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute('CREATE TABLE "order of ""x""" (family, given, phone)')
        database.executemany('INSERT INTO "order of ""x""" VALUES (?, ?, ?)', ROWS)
    database.close()


TABLES = {"parquet": a_parquet, "arrow": a_feather, "sqlite": a_sqlite}


def lines(report: Report) -> list[str]:
    return [hit.place.rsplit("line ")[-1] for hit in report.hits]


@pytest.mark.parametrize("kind", TABLES)
def test_rows_are_read_one_by_one(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "table"
    TABLES[kind](path)
    [report] = walk([path], AUTOMATON, workers=1)
    assert (report.kind, report.unread, lines(report)) == (kind, (), ["2", "3", "6"])
    again = search_bytes(AUTOMATON, "table", path.read_bytes())
    assert lines(again) == lines(report)


@pytest.mark.parametrize("kind", TABLES)
def test_a_table_that_was_cut_off_is_told_and_searched(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "table"
    TABLES[kind](path)
    report = search_bytes(AUTOMATON, "table", path.read_bytes()[:-700])
    assert {part.reason for part in report.unread} == {Reason.BROKEN}


def test_deleted_rows_of_sqlite_are_found_in_what_they_left(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA secure_delete = off")
        for table in ("deleted", "dropped"):
            database.execute(f"CREATE TABLE {table} (family, given)")
            database.executemany(f"INSERT INTO {table} VALUES (?, ?)", [("Űrhegyi Gergő", "x" * 300)] * 30)
    with database:
        database.execute("DELETE FROM deleted WHERE rowid % 2 = 0")
        database.execute("DROP TABLE dropped")
    database.close()
    [report] = walk([path], AUTOMATON, workers=1)
    kept = [hit for hit in report.hits if hit.place.startswith("deleted")]
    left = [hit for hit in report.hits if hit.place.startswith("free room")]
    assert len(kept) == 15
    assert len(left) >= 30
    assert path.read_bytes()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.db"]


def test_a_table_is_not_read_for_ever(tmp_path: Path) -> None:
    path = tmp_path / "table"
    for write in TABLES.values():
        write(path)
        [report] = walk([path], AUTOMATON, bounds=Bounds(seconds=-1), workers=1)
        assert {part.reason for part in report.unread} == {Reason.TOO_SLOW}
        path.unlink()
