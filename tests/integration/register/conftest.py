from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker
from tests.companies import Company, companies, found_company, north, south

from trustdesk.kernel.ids import new_id
from trustdesk.server.cluster import Cluster

__all__ = ["companies", "north", "south"]


@pytest.fixture
def alone(cluster: Cluster, django_db_blocker: DjangoDbBlocker) -> Iterator[Company]:
    """A company of this test's own, committed: other processes see what is done with it."""
    with django_db_blocker.unblock():
        yield found_company(f"Alone {new_id()}", "FI")
