"""A company that writes, with customers who have a history, and the copy of one of them as it is opened."""

from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from pytest_django.plugin import DjangoDbBlocker
from tests.integration.copies.copying import aged
from tests.integration.delivery import posting
from tests.integration.delivery.posting import Company
from tests.world import World

from trustdesk.server.cluster import Cluster

Rested = Callable[..., None]


@pytest.fixture
def company(world: World, django_db_blocker: DjangoDbBlocker) -> Iterator[Company]:
    with django_db_blocker.unblock():
        cache.clear()  # the throttle counts over all tests of the minute
        yield posting.company()


@pytest.fixture
def rested(cluster: Cluster) -> Rested:
    """As if contact points had been on file for so long. No program may do that: the owner of the database does."""

    def age(company: Company, days: int = 31, *, but: int = 0) -> None:
        aged(cluster, company.id, days, but=but)

    return age
