"""Tables: of the company's database, of its queue of jobs, and of another system's database."""

import json
from typing import Any

import psycopg
from psycopg import sql

from benchmarks._residual.plan import Row
from benchmarks._residual.texts import COLUMNS, record

QUEUE = "procrastinate_jobs"
_TASK = "trustdesk.residual.bench"


def plant_tables(connection: "psycopg.Connection[Any]", kind: str, containers: dict[str, list[Row]]) -> dict[str, str]:
    """Where each container has come to: a table, or the queue's table and the name of a queue."""
    return {container: _PLANTERS[kind](connection, kind, container, rows) for container, rows in containers.items()}


def _table(kind: str, container: str) -> str:
    return f"bench_{kind}_{container.replace('-', '_').lower()}"


def _notes(connection: "psycopg.Connection[Any]", kind: str, container: str, rows: list[Row]) -> str:
    """What was written about one customer mentions another."""
    columns = ("id", "controller_id", "ticket", "body")
    values = [(number, 1, row.ticket, f"{row.remark} {row.contact}".strip()) for number, row in enumerate(rows, 1)]
    return _filled(connection, _table(kind, container), dict.fromkeys(columns[2:], "text"), values)


def _documents(connection: "psycopg.Connection[Any]", kind: str, container: str, rows: list[Row]) -> str:
    """Binary JSON in the first half; in the second as it was sent, by a program that escapes."""
    binary = container.endswith("0")
    values = [
        (number, 1, json.dumps({"source": "form", "entry": record(row)}, ensure_ascii=not binary))
        for number, row in enumerate(rows, 1)
    ]
    return _filled(connection, _table(kind, container), {"data": "jsonb" if binary else "json"}, values)


def _columns(connection: "psycopg.Connection[Any]", kind: str, container: str, rows: list[Row]) -> str:
    values = [(number, 1, *record(row).values()) for number, row in enumerate(rows, 1)]
    return _filled(connection, _table(kind, container), dict.fromkeys(COLUMNS, "text"), values)


def _filled(
    connection: "psycopg.Connection[Any]", table: str, columns: dict[str, str], values: list[tuple[Any, ...]]
) -> str:
    name = sql.Identifier(table)
    declared = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(column), sql.SQL(kind)) for column, kind in columns.items()
    )
    connection.execute(
        sql.SQL("CREATE TABLE {} (id bigint PRIMARY KEY, controller_id bigint NOT NULL, {})").format(name, declared)
    )
    with connection.cursor() as cursor, cursor.copy(sql.SQL("COPY {} FROM STDIN").format(name)) as copy:
        for each in values:
            copy.write_row(each)
    return table


def _jobs(connection: "psycopg.Connection[Any]", _kind: str, container: str, rows: list[Row]) -> str:
    """Arguments of jobs; every second one has its message as a text of JSON within the JSON."""
    queue = f"bench-{container}"
    with connection.cursor() as cursor:
        cursor.executemany(
            sql.SQL("INSERT INTO {} (queue_name, task_name, args) VALUES (%s, %s, %s)").format(sql.Identifier(QUEUE)),
            [(queue, _TASK, json.dumps(_arguments(number, row))) for number, row in enumerate(rows)],
        )
    return f"{QUEUE}/{queue}"


def _arguments(number: int, row: Row) -> dict[str, Any]:
    payload = record(row)
    return {"controller_id": 1, "payload": json.dumps(payload) if number % 2 else payload}


_PLANTERS = {"note": _notes, "json": _documents, "text": _columns, "queue": _jobs, "outside": _columns}
TABLES = tuple(_PLANTERS)
