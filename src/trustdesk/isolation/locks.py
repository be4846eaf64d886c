"""Locks of the database's session: they fall with the process that holds them, however that dies."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from trustdesk.isolation.connections import raw_pool


@contextmanager
def held_alone(name: str) -> Iterator[bool]:
    """Do the work of this name alone; False where somebody else does. Who holds it knows that what is begun of it was
    left behind by a process that is dead.
    """
    key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
    pool = raw_pool()
    connection = pool.getconn()
    try:
        taken = connection.execute("SELECT pg_try_advisory_lock(%s)", [key]).fetchone() == (True,)
        try:
            yield taken
        finally:
            if taken:
                _give_back(connection, key)
    finally:
        pool.putconn(connection)


def _give_back(connection: psycopg.Connection, key: int) -> None:
    try:
        connection.execute("SELECT pg_advisory_unlock(%s)", [key])
    except psycopg.OperationalError:
        connection.close()
