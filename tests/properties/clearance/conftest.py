from tests.integration.clearance.conftest import (
    companies,
    north,
    north_of_the_register,
    south,
    south_of_the_register,
)

__all__ = ["companies", "north", "north_of_the_register", "south", "south_of_the_register"]
