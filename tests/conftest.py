"""What every test stands on: a real PostgreSQL, the runtime role, and a small committed world."""

import asyncio
from collections.abc import Generator, Iterator

import pytest
from django.db import DEFAULT_DB_ALIAS, connections
from hypothesis import HealthCheck, settings
from pytest_django.plugin import DjangoDbBlocker

from tests.database import start_cluster, stop_cluster
from tests.integration.outside.databases import shops
from tests.world import World, create_world
from trustdesk.server.cluster import Cluster

__all__ = ["shops"]

# A machine that has other things to do is no fault of what is tested: how long something may take, benchmarks say.
settings.register_profile("trustdesk", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("trustdesk")
_MOST_LOST = 4


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes give a test no name: a packed file holds the second it was packed in, and runners must agree on names."""
    return argname if isinstance(val, bytes | bytearray) else None


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Playwright keeps its loop the running one of the thread: no other test could have one of its own.

    It is put away before the first fixture and until after the last: Django keeps one connection for a thread with a
    running loop and another for one without, and a test begun on the one would go on, in no transaction, on the other.
    """
    running = asyncio._get_running_loop()
    if running is None or item.get_closest_marker("browser"):
        _let_go()
        return (yield)
    asyncio._set_running_loop(None)
    _let_go()
    try:
        return (yield)
    finally:
        if not running.is_closed():
            asyncio._set_running_loop(running)


def _let_go() -> None:
    """As after a request: some tests kill the server under all connections, and nobody keeps one from before it.

    A thread of a test that ends with its connection takes a place in the pool along. Where a few are gone, the next
    test begins with a whole pool.
    """
    for held in connections.all(initialized_only=True):
        if not held.in_atomic_block:
            held.close()
    held = connections[DEFAULT_DB_ALIAS]
    pool = held._connection_pools.get(DEFAULT_DB_ALIAS)  # type: ignore[attr-defined]  # of PostgreSQL's
    if pool is not None and not held.in_atomic_block:
        counted = pool.get_stats()
        if counted["pool_size"] - counted["pool_available"] > _MOST_LOST:
            held.close_pool()  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def cluster(django_db_blocker: DjangoDbBlocker) -> Iterator[Cluster]:
    """The run's cluster, migrated."""
    with django_db_blocker.unblock():
        cluster = start_cluster()
        yield cluster
        stop_cluster(cluster)


@pytest.fixture(scope="session")
def django_db_setup(cluster: Cluster) -> None:
    """pytest-django's own test database is not used: ours has roles, policies and a scope key."""


@pytest.fixture(scope="session")
def world(cluster: Cluster, django_db_blocker: DjangoDbBlocker) -> World:
    """The run's world: committed, so that connections apart from Django's see it too. Leave it as it is."""
    with django_db_blocker.unblock():
        return create_world()


@pytest.fixture
def committed(world: World, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """The world for tests that commit. What they add stays until the run ends: they look at their own rows."""
    with django_db_blocker.unblock():
        yield world
