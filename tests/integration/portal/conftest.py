"""A company that writes, with a customer who reads mail."""

import functools
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from pytest_django.plugin import DjangoDbBlocker
from tests.integration.delivery import posting
from tests.integration.delivery.posting import Company
from tests.integration.portal.visiting import Rested, rest
from tests.world import World

from trustdesk.server.cluster import Cluster


@pytest.fixture
def company(world: World, django_db_blocker: DjangoDbBlocker) -> Iterator[Company]:
    with django_db_blocker.unblock():
        cache.clear()  # the throttle counts over all tests of the minute
        yield posting.company()


@pytest.fixture
def rested(cluster: Cluster) -> Rested:
    return functools.partial(rest, cluster)
