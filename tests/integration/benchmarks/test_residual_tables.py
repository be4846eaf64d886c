"""The tables that the bench of leftovers fills, in a real PostgreSQL."""

import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from benchmarks._residual.people import cast
from benchmarks._residual.plan import Plan, draw
from benchmarks._residual.tables import QUEUE, TABLES, plant_tables

from trustdesk.server.cluster import Cluster

DATABASE = "residual_tables"


@pytest.fixture(scope="module")
def connection(cluster: Cluster) -> "Iterator[psycopg.Connection[Any]]":
    with cluster.connect() as superuser:
        superuser.execute(f"CREATE DATABASE {DATABASE}")
    with cluster.connect(DATABASE) as connection:
        connection.execute(f"CREATE TABLE {QUEUE} (id bigserial, queue_name text, task_name text, args jsonb)")
        yield connection
    with cluster.connect() as superuser:
        superuser.execute(f"DROP DATABASE {DATABASE}")


@pytest.fixture(scope="module")
def plan() -> Plan:
    return draw(cast(20, seed=3, crowd=200), seed=3, crowd_rows=3)


def _values(value: object) -> Iterator[str]:
    """Every text in it, and in the JSON that a text is."""
    if isinstance(value, dict):
        for each in value.values():
            yield from _values(each)
    elif isinstance(value, str):
        yield value
        if value.startswith("{"):
            yield from _values(json.loads(value))


@pytest.mark.parametrize("kind", TABLES)
def test_what_the_truth_table_says_is_in_the_table(
    kind: str, plan: Plan, connection: "psycopg.Connection[Any]"
) -> None:
    texts = {}
    for container, place in plant_tables(connection, kind, plan.rows[kind]).items():
        table, _, queue = place.partition("/")
        rows = connection.execute(
            f"SELECT * FROM {table}" + (" WHERE queue_name = %s" if queue else ""), [queue] if queue else []
        ).fetchall()
        assert len(rows) == len(plan.rows[kind][container])
        texts[container] = [text for row in rows for value in row for text in _values(value)]
    leftovers = [leftover for leftover in plan.leftovers if leftover.kind == kind]
    assert leftovers
    for leftover in leftovers:
        assert any(leftover.phrase in text for text in texts[leftover.container]), leftover
