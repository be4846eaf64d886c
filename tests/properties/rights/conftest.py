"""The company that writes, as the integration tests have it."""

from tests.companies import companies
from tests.integration.rights.conftest import north, north_of_the_register

__all__ = ["companies", "north", "north_of_the_register"]
