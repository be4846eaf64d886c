"""Statements run on libpq directly behave as those of a cursor do."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from django.conf import settings

from trustdesk.isolation.hot import changed, run
from trustdesk.server.cluster import Cluster

ECHO = "SELECT $1::int8, $2::text, $3::bytea, $4::int8[], $5::timestamptz, $6::text"
SENT = (-7, "Mäkelä '\"\\ {1}", b"\x00\xff", [1, -(2**63)], datetime(2026, 3, 29, 1, 30, tzinfo=UTC), None)


@pytest.fixture
def connection(cluster: Cluster) -> Iterator["psycopg.Connection[Any]"]:
    with psycopg.connect(settings.TRUSTDESK_CONNINFO["app"], autocommit=True) as made:
        yield made


def test_what_is_sent_arrives(connection: "psycopg.Connection[Any]") -> None:
    assert run(connection, ECHO, SENT) == [SENT]
    with connection.transaction():
        assert run(connection, ECHO, SENT) == [SENT]


def test_an_empty_list_is_a_list(connection: "psycopg.Connection[Any]") -> None:
    assert run(connection, "SELECT cardinality($1::int8[])", ([],)) == [(0,)]


def test_a_rollback_that_drops_every_prepared_statement_costs_nothing(connection: "psycopg.Connection[Any]") -> None:
    run(connection, ECHO, SENT)
    connection.execute("DEALLOCATE ALL")
    assert run(connection, ECHO, SENT) == [SENT]
    with connection.transaction(force_rollback=True):
        run(connection, ECHO, SENT)
    assert run(connection, ECHO, SENT) == [SENT]


def test_a_text_does_not_end_at_a_zero_byte(connection: "psycopg.Connection[Any]") -> None:
    with pytest.raises(psycopg.DataError):
        run(connection, "SELECT $1::text", ("a\0b",))


def test_the_servers_error_is_raised_as_by_a_cursor(connection: "psycopg.Connection[Any]") -> None:
    with pytest.raises(psycopg.errors.DivisionByZero):
        run(connection, "SELECT 1 / $1::int4", (0,))
    with pytest.raises(psycopg.errors.UndefinedTable):
        run(connection, "SELECT * FROM nobody WHERE id = $1::int4", (0,))
    assert run(connection, ECHO, SENT) == [SENT]


def test_a_lost_connection_is_said_so(connection: "psycopg.Connection[Any]") -> None:
    with psycopg.connect(settings.TRUSTDESK_CONNINFO["app"], autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [connection.info.backend_pid])
    with pytest.raises(psycopg.OperationalError):
        run(connection, ECHO, SENT)


def test_a_write_says_how_many_rows_it_has_written(connection: "psycopg.Connection[Any]") -> None:
    connection.execute("CREATE TEMPORARY TABLE kept (name text PRIMARY KEY)")
    both = "INSERT INTO kept SELECT name FROM (VALUES ($1::text), ('Päivi')) AS new (name) WHERE name <> $2::text"
    assert changed(connection, both, ("Mäkelä".encode(), b"nobody")) == 2
    assert changed(connection, both, (b"Jo", "Päivi".encode())) == 1
    assert changed(connection, both, ("Päivi".encode(), "Päivi".encode())) == 0
    with pytest.raises(psycopg.errors.UniqueViolation):
        changed(connection, both, (b"Jo", b"nobody"))
    assert connection.execute("SELECT count(*) FROM kept").fetchone() == (3,)
