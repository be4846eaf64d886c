"""Two companies with purposes that write to people."""

import pytest
from tests.clearing import declare
from tests.companies import Company, companies
from tests.companies import north as north_of_the_register
from tests.companies import south as south_of_the_register
from tests.requesting import writing

__all__ = ["companies", "north_of_the_register", "south_of_the_register"]


@pytest.fixture
def north(north_of_the_register: Company) -> Company:
    declare(north_of_the_register)
    return writing(north_of_the_register)


@pytest.fixture
def south(south_of_the_register: Company) -> Company:
    declare(south_of_the_register)
    return writing(south_of_the_register)
