"""By what candidates are found: compound keys of a profile's tokens, one set of sorted keys a rule.

Who shares one key with the one asked for is a candidate. No rule alone finds everybody: each stands for what may be
wrong or missing in the others.
"""

from collections.abc import Iterator, Mapping
from itertools import product
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from trustdesk.matching.columns import SLOTS

RULES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "national_id": ("national_id",),
        "number": ("number",),
        "phone": ("phone",),
        "email": ("email",),
        "family_birth": ("family", "birth"),
        "given_birth": ("given", "birth"),
        "sound_birth": ("family_sound", "birth_year_month"),
        "sounds_day": ("family_sound", "given_sound", "birth_month_day"),
        "sounds_postcode": ("family_sound", "given_sound", "postcode"),
        "names": ("family", "given"),
        "family_house": ("family", "house"),
        "given_house": ("given", "house"),
        "birth_postcode": ("birth", "postcode"),
    }
)
"""Groups of columns that together are a key; of groups with several slots each one counts."""

CAP = 200
"""A key that more rows share says too little of who somebody is: it finds nobody, and the others have to."""

_MIX_1, _MIX_2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_STEP = 0x9E3779B97F4A7C15


def keys(profiles: NDArray[np.int64]) -> Iterator[tuple[str, NDArray[np.uint64], NDArray[np.bool_]]]:
    """The keys of these profiles, slot by slot: name of the rule, keys, and where there is one.

    A phone that is shared is looked up among all phones: its slots are those of both.
    """
    for number, (rule, groups) in enumerate(RULES.items(), 1):
        for columns in product(*(_columns(group) for group in groups)):
            parts = [profiles[:, column] for column in columns]
            there = parts[0] != 0
            for part in parts[1:]:
                there = there & (part != 0)
            yield rule, compound(number, parts), there


def _columns(group: str) -> tuple[int, ...]:
    return SLOTS["phone"] + SLOTS["phone_shared"] if group == "phone" else SLOTS[group]


def compound(number: int, parts: list[NDArray[np.int64]]) -> NDArray[np.uint64]:
    """Several tokens as one (SplitMix64, Steele, Lea and Flood 2014): rules and orders of parts do not collide."""
    key = np.full(parts[0].shape, (number * _STEP) % (1 << 64), np.uint64)
    for part in parts:
        key = key + part.view(np.uint64) + np.uint64(_STEP)
        key = (key ^ (key >> np.uint64(30))) * _MIX_1
        key = (key ^ (key >> np.uint64(27))) * _MIX_2
        key = key ^ (key >> np.uint64(31))
    return key
