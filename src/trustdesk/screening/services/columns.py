"""Whole columns into one statement: COPY FROM is refused under row-level security, arrays of a column are not."""

from collections.abc import Sequence
from typing import Any, LiteralString

import psycopg
from django.db import connection


def put(statement: LiteralString, parameters: Sequence[Any]) -> int:
    """Run one INSERT … SELECT unnest(…) with %b places, inside a scoped transaction; how many rows."""
    if not connection.in_atomic_block:
        raise RuntimeError("rows are written inside a scoped transaction only")
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        return cursor.execute(statement, parameters).rowcount
