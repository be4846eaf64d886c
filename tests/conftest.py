"""What every test stands on: a real PostgreSQL, the runtime role, and a small committed world."""

from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.database import start_cluster, stop_cluster
from trustdesk.server.cluster import Cluster


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
