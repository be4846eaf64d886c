from tests.companies import companies, north, south

__all__ = ["companies", "north", "south"]
