"""A company of its own for every test, in which things grow old."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.plugin import DjangoDbBlocker
from tests.companies import Company, companies, found_company, north, south
from tests.integration.campaigns.campaigning import Campaigning, campaigning

from trustdesk.kernel.ids import new_id
from trustdesk.server.cluster import Cluster

__all__ = ["companies", "north", "south"]


@pytest.fixture
def alone(cluster: Cluster, django_db_blocker: DjangoDbBlocker) -> Iterator[Company]:
    with django_db_blocker.unblock():
        yield found_company(f"Retention {new_id()}", "FI")


@pytest.fixture
def room(cluster: Cluster, tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Campaigning]:
    with django_db_blocker.unblock():
        yield campaigning(tmp_path)
