"""The raw connections at hand: the last one first, the broken ones replaced, none left when the pool is closed."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import psycopg
import pytest
from django.conf import settings
from django.db import connection as current
from psycopg_pool import PoolClosed
from pytest_django.plugin import DjangoDbBlocker

from trustdesk.isolation import pools
from trustdesk.isolation.pools import RawPool
from trustdesk.server.cluster import Cluster

THREADS = 4


@pytest.fixture
def pool(cluster: Cluster) -> Iterator[RawPool]:
    made = RawPool(settings.TRUSTDESK_CONNINFO["app"], "of-a-test")
    yield made
    made.close()


def pid(connection: psycopg.Connection) -> int:
    return connection.info.backend_pid


def terminate(connection: psycopg.Connection) -> None:
    with psycopg.connect(settings.TRUSTDESK_CONNINFO["app"], autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid(connection)])


def test_the_one_used_last_is_taken_again(pool: RawPool) -> None:
    first, second = pool.take(), pool.take()
    pool.give(first)
    pool.give(second)
    assert pool.take() is second
    assert pool.take() is first


def test_all_connections_can_be_taken_at_once_and_come_back(pool: RawPool) -> None:
    for _ in range(3):
        taken = [pool.take() for _ in range(8)]
        assert len({pid(one) for one in taken}) == 8
        for one in taken:
            pool.give(one)
    with pool.connection() as beside:
        assert beside.execute("SELECT 1").fetchone() == (1,)


def test_a_broken_one_is_not_kept(pool: RawPool) -> None:
    held = pool.take()
    terminate(held)
    with pytest.raises(psycopg.OperationalError):
        held.execute("SELECT 1")
    pool.give(held)
    again = pool.take()
    assert again is not held
    assert again.execute("SELECT 1").fetchone() == (1,)
    pool.give(again)


def test_one_that_broke_while_it_rested_is_replaced(pool: RawPool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "_TRUSTED_SECONDS", 0.0)
    held = pool.take()
    pool.give(held)
    terminate(held)
    again = pool.take()
    assert again.execute("SELECT 1").fetchone() == (1,)
    pool.give(again)


def test_one_inside_a_transaction_is_not_kept(pool: RawPool) -> None:
    held = pool.take()
    held.execute("BEGIN")
    held.execute("SELECT set_config('trustdesk.scope', 'left behind', true)")
    pool.give(held)
    again = pool.take()
    assert again.execute("SELECT current_setting('trustdesk.scope', true)").fetchone() in {(None,), ("",)}
    pool.give(again)


def test_nothing_is_left_open_when_it_is_closed(pool: RawPool) -> None:
    kept, held = pool.take(), pool.take()
    pool.give(kept)
    pool.close()
    assert kept.closed
    pool.give(held)
    assert held.closed
    with pytest.raises(PoolClosed):
        pool.take()


def test_djangos_own_pool_hands_out_none_that_broke_while_it_rested(
    cluster: Cluster, django_db_blocker: DjangoDbBlocker
) -> None:
    """As after a restart of the database: every request that follows is served."""
    together = Barrier(THREADS, timeout=30)

    def served() -> int:
        with django_db_blocker.unblock(), current.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (found,) = cursor.fetchone()
            together.wait()
            current.close()
        return int(found)

    def all_served() -> set[int]:
        with ThreadPoolExecutor(THREADS) as threads:
            return {one.result() for one in [threads.submit(served) for _ in range(THREADS)]}

    before = all_served()
    assert len(before) == THREADS
    with psycopg.connect(settings.TRUSTDESK_CONNINFO["app"], autocommit=True) as other:
        for one in before:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [one])
    assert not before & all_served()
