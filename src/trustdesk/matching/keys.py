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

STRONG, WEAK = 50, 10

RULES: Mapping[str, tuple[tuple[str, ...], int]] = MappingProxyType(
    {
        "national_id": (("national_id",), STRONG),
        "number": (("number",), STRONG),
        "phone": (("phone",), STRONG),
        "email": (("email",), STRONG),
        "names": (("names",), STRONG),
        "family_birth": (("family", "birth"), STRONG),
        "given_birth": (("given", "birth"), STRONG),
        "sound_month": (("family_sound", "birth_year_month"), STRONG),
        "sounds_day": (("family_sound", "given_sound", "birth_month_day"), STRONG),
        "sounds_postcode": (("family_sound", "given_sound", "postcode"), STRONG),
        "family_house": (("family", "house"), STRONG),
        "given_house": (("given", "house"), STRONG),
        "birth_postcode": (("birth", "postcode"), STRONG),
        "sound_postcode": (("family_sound", "postcode"), WEAK),
        "given_postcode": (("given_sound", "postcode"), WEAK),
        "given_town": (("given", "town"), WEAK),
        "house": (("house",), WEAK),
        "family": (("family",), WEAK),
        "digits": (("birth_digits",), WEAK),
    }
)
"""Groups of columns that together are a key, of groups with several slots each one, and by how many it may be shared.

A key that more have says too little of who somebody is: it finds nobody, and the others have to. So what is found
grows with the asked for and not with the register.
"""

_MIX_1, _MIX_2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_STEP = 0x9E3779B97F4A7C15


def keys(profiles: NDArray[np.int64]) -> Iterator[tuple[str, tuple[NDArray[np.uint64], NDArray[np.int64]]]]:
    """The keys of these profiles by rule, each with its row; a row has several where slots do.

    A phone that is shared is looked up among all phones.
    """
    for number, (rule, (groups, _)) in enumerate(RULES.items(), 1):
        values, rows = [np.empty(0, np.uint64)], [np.empty(0, np.int64)]
        for columns in product(*(_columns(group) for group in groups)):
            there = np.flatnonzero((profiles[:, list(columns)] != 0).all(axis=1))
            if len(there):
                values.append(compound(number, [profiles[there, column] for column in columns]))
                rows.append(there)
        yield rule, (np.concatenate(values), np.concatenate(rows))


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
