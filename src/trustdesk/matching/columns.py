"""Which tokens a profile has, in which slots, and what they are tokens of.

Slots of one group compare with each other: the second family name of one may be the first of another. Groups never
meet, because a group's name is part of what its tokens are made from.
"""

from collections.abc import Mapping
from types import MappingProxyType

EDITION = 1
"""Of the columns and of how texts are made for them: profiles of another edition are made anew."""

_GROUPS = (
    ("family", 2),
    ("family_sound", 2),
    ("given", 2),
    ("given_sound", 2),
    ("initial", 1),
    ("names", 1),
    ("birth", 1),
    ("birth_year_month", 1),
    ("birth_month_day", 1),
    ("birth_year_day", 1),
    ("birth_digits", 1),
    ("phone", 3),
    ("phone_shared", 2),
    ("email", 2),
    ("national_id", 1),
    ("number", 3),
    ("home", 2),
    ("house", 2),
    ("postcode", 2),
    ("town", 2),
)

LABELS: Mapping[str, str] = MappingProxyType({group: group for group, _ in _GROUPS} | {"phone_shared": "phone"})
"""What a group's tokens are made under. A number that one calls shared and another does not is the same number."""


def _slots() -> dict[str, tuple[int, ...]]:
    slots, at = {}, 0
    for group, count in _GROUPS:
        slots[group] = tuple(range(at, at + count))
        at += count
    return slots


SLOTS: Mapping[str, tuple[int, ...]] = MappingProxyType(_slots())

WIDTH = sum(count for _, count in _GROUPS)
"""How many tokens a profile has."""

NAMES: tuple[str, ...] = tuple(
    group if count == 1 else f"{group}_{slot + 1}" for group, count in _GROUPS for slot in range(count)
)
"""The columns by name, as the batch engines know them."""
