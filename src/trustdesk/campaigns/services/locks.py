"""The lock of a campaign: the database session's, so it falls with the process that holds it, however that dies."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from trustdesk.isolation.api import raw_pool


@contextmanager
def held(campaign_id: int) -> Iterator[bool]:
    """Work one campaign alone; False where somebody else does."""
    key = int.from_bytes(hashlib.sha256(f"campaigns|{campaign_id}".encode()).digest()[:8], signed=True)
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
