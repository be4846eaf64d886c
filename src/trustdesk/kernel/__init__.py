"""Ids, clock, periods, errors, the access context and the three registries. Knows no framework."""
