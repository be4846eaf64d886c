"""Public holidays of a recipient's place."""

from datetime import date
from functools import cache
from types import ModuleType


def keeps_holidays(country: str, region: str) -> bool:
    """Whether the public holidays of the country, or of its region, are known."""
    try:
        _library().country_holidays(country, subdiv=region or None)
    except NotImplementedError:
        return False
    return True


@cache
def of_year(country: str, region: str, regions: tuple[str, ...], year: int) -> frozenset[tuple[int, int]]:
    """Month and day of each. Region unknown: a day that is a holiday in any region is one, the strictest reading.

    A holiday of a part of a region only (Assumption Day in the Catholic communities of Bavaria) counts for all of it.
    """
    parts = [region] if region in regions else [None, *regions]
    return frozenset((day.month, day.day) for part in parts for day in _days(country, part, year) if day.year == year)


def _days(country: str, part: str | None, year: int) -> list[date]:
    kept = _library().country_holidays(country, subdiv=part)
    kinds = tuple(kind for kind in ("public", "catholic") if kind in kept.supported_categories)
    return list(_library().country_holidays(country, subdiv=part, years=year, categories=kinds))


def _library() -> ModuleType:
    # It knows every country of the world and takes half a second to say so; only who asks for a day waits for it.
    import holidays  # noqa: PLC0415

    return holidays
