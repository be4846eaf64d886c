"""Two companies with purposes, and one of a test's own for tests that commit."""

from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker
from tests.clearing import declare
from tests.companies import Company, companies, found_company
from tests.companies import north as north_of_the_register
from tests.companies import south as south_of_the_register

from trustdesk.kernel.ids import new_id
from trustdesk.server.cluster import Cluster

__all__ = ["companies", "north_of_the_register", "south_of_the_register"]


@pytest.fixture
def north(north_of_the_register: Company) -> Company:
    declare(north_of_the_register)
    return north_of_the_register


@pytest.fixture
def south(south_of_the_register: Company) -> Company:
    declare(south_of_the_register)
    return south_of_the_register


@pytest.fixture
def alone(cluster: Cluster, django_db_blocker: DjangoDbBlocker) -> Iterator[Company]:
    """A company of this test's own, committed: other processes see what is done with it."""
    with django_db_blocker.unblock():
        yield found_company(f"Alone {new_id()}", "HU")
