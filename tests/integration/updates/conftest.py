import pytest
from tests.companies import Company, companies, north, south
from tests.integration.updates.feeding import Feed

__all__ = ["companies", "north", "south"]


@pytest.fixture
def feed(north: Company) -> Feed:
    return Feed(north)
