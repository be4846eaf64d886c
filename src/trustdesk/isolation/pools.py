"""The raw connections of a process: a pool, and beside it the few that were used last."""

import time
from collections import deque

import psycopg
from psycopg.pq import TransactionStatus
from psycopg_pool import ConnectionPool

_MOST = 8
_MOST_AT_HAND = 2
_TRUSTED_SECONDS = 1.0


class RawPool(ConnectionPool[psycopg.Connection]):
    """Autocommit connections. Those used last stay at hand: the pool's bookkeeping takes as long as a short statement.

    It counts them as handed out; a broken one goes back to it, to be replaced.
    """

    def __init__(self, conninfo: str, name: str) -> None:
        self._at_hand: deque[psycopg.Connection] = deque()
        super().__init__(
            conninfo,
            kwargs={"autocommit": True, "prepare_threshold": 1},
            min_size=0,
            max_size=_MOST,
            open=True,
            name=name,
            check=_check_after_a_rest,
        )

    def take(self) -> psycopg.Connection:
        """A connection for one statement, to be given back with `give`."""
        try:
            held = self._at_hand.pop()
        except IndexError:
            return self.getconn()
        try:
            _check_after_a_rest(held)
        except psycopg.OperationalError:
            self.putconn(held)
            return self.getconn()
        return held

    def give(self, held: psycopg.Connection) -> None:
        idle = held.pgconn.transaction_status == TransactionStatus.IDLE
        if idle and len(self._at_hand) < _MOST_AT_HAND and not self.closed:
            self._at_hand.append(held)
        else:
            self.putconn(held)

    def close(self, timeout: float = 5.0) -> None:
        """Close the pool and every connection that nobody uses."""
        super().close(timeout)
        while self._at_hand:
            self.putconn(self._at_hand.pop())


def _check_after_a_rest(connection: psycopg.Connection) -> None:
    """Ask whether it is alive, but not again within the second: that would be a round trip for every opening."""
    now = time.monotonic()
    if now - getattr(connection, "trustdesk_checked", 0.0) > _TRUSTED_SECONDS:
        ConnectionPool.check_connection(connection)
        connection.trustdesk_checked = now  # type: ignore[attr-defined]
