"""A company of its own for every test that posts."""

from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker
from tests.integration.delivery import posting
from tests.integration.delivery.posting import Company
from tests.world import World


@pytest.fixture
def company(world: World, django_db_blocker: DjangoDbBlocker) -> Iterator[Company]:
    with django_db_blocker.unblock():
        yield posting.company()
