"""Two companies; what a test saves is rolled back."""

from tests.companies import companies, north, south

__all__ = ["companies", "north", "south"]
