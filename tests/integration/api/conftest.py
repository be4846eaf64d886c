from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker
from tests.integration.api.calling import Caller, Company, found_company, serving

from trustdesk.server.cluster import Cluster


@pytest.fixture(scope="session")
def open_database(cluster: Cluster, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """What a request commits is seen on other connections: these tests stand in no transaction of their own."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture(scope="session")
def address(open_database: None) -> Iterator[str]:
    with serving() as base:
        yield base


@pytest.fixture(scope="module")
def north(open_database: None) -> Company:
    return found_company("North", "FI")


@pytest.fixture(scope="module")
def south(open_database: None) -> Company:
    return found_company("South", "HU")


@pytest.fixture
def caller(address: str, north: Company) -> Iterator[Caller]:
    """North's system, which may do everything."""
    caller = Caller(address + "/api/v1", north.token().secret)
    yield caller
    caller.client.close()


@pytest.fixture
def neighbor(address: str, south: Company) -> Iterator[Caller]:
    """South's system, which may do everything there."""
    caller = Caller(address + "/api/v1", south.token().secret)
    yield caller
    caller.client.close()
