"""The peer of the log: a hash chain with a locked head, in three forms.

Every form seals the same body as the log does, over a connection that stays open, with prepared statements and
`synchronous_commit` on, and hashes the link onto the head it has locked: nobody can write until that is committed.

- *a chain*: a transaction block with one statement after the other, as applications keep it.
- *a chain, pipelined*: what follows the hash goes out in one round trip. Few applications do that: it takes psycopg's
  pipeline mode, and the hash still has to wait for the head.
- *a chain in one statement*: the database hashes. Nothing an application can do is faster, and few would move the hash
  out of the reach of their own code.
"""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

PLAIN, PIPELINED, ONE_STATEMENT = "a chain", "a chain, pipelined", "a chain in one statement"
TABLES = """
CREATE TABLE bench_chain (id bigint PRIMARY KEY, at timestamptz NOT NULL, body bytea NOT NULL, hash bytea NOT NULL);
CREATE TABLE bench_head (id smallint PRIMARY KEY, hash bytea NOT NULL);
INSERT INTO bench_head VALUES (1, sha256(''));
GRANT SELECT, INSERT, UPDATE ON bench_chain, bench_head TO trustdesk_app;
"""
_LOCK = "SELECT hash FROM bench_head WHERE id = 1 FOR UPDATE"
_LINK = "INSERT INTO bench_chain (id, at, body, hash) VALUES (%b, %b, %b, %b)"
_MOVE = "UPDATE bench_head SET hash = %b WHERE id = 1"
_WHOLE = """
WITH head AS (SELECT hash FROM bench_head WHERE id = 1 FOR UPDATE),
     link AS (INSERT INTO bench_chain (id, at, body, hash)
              SELECT %(id)s, %(at)s, %(body)s, sha256(head.hash || %(body)s) FROM head RETURNING hash)
UPDATE bench_head SET hash = link.hash FROM link WHERE bench_head.id = 1
"""


@dataclass(frozen=True, slots=True)
class Chain:
    """One writer's hands on the chain. `sealed(number)` gives the entry that is to be linked."""

    connection: Any
    sealed: Callable[[int], Any]

    def plain(self, number: int) -> None:
        one = self.sealed(number)
        with self.connection.transaction():
            [head] = self.connection.execute(_LOCK, binary=True).fetchone()
            hashed = sha256(head + one.body).digest()
            self.connection.execute(_LINK, [one.id, one.at, one.body, hashed])
            self.connection.execute(_MOVE, [hashed])

    def pipelined(self, number: int) -> None:
        one = self.sealed(number)
        with self.connection.pipeline():
            self.connection.execute("BEGIN")
            [head] = self.connection.execute(_LOCK, binary=True).fetchone()
            hashed = sha256(head + one.body).digest()
            self.connection.execute(_LINK, [one.id, one.at, one.body, hashed])
            self.connection.execute(_MOVE, [hashed])
            self.connection.execute("COMMIT")

    def one_statement(self, number: int) -> None:
        one = self.sealed(number)
        self.connection.execute(_WHOLE, {"id": one.id, "at": one.at, "body": one.body})


def chains(conninfo: str, sealed: Callable[[int], Any]) -> dict[str, Callable[[int], None]]:
    """One link, committed, in each of the forms."""
    import psycopg  # noqa: PLC0415

    chain = Chain(psycopg.connect(conninfo, autocommit=True, prepare_threshold=1), sealed)
    return {PLAIN: chain.plain, PIPELINED: chain.pipelined, ONE_STATEMENT: chain.one_statement}
