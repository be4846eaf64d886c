"""Rows of bytes and whose they are, behind the engine that finds them all in one pass."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from ahocorasick_rs import BytesAhoCorasick, Implementation

from trustdesk.scan.patterns import Key, spelled

_STATES_OF_A_TABLE = 600_000
"""A full table is twice as fast to search; with 64 kinds of bytes, 256 bytes a state, it is 150 MB at most."""


class Index(NamedTuple):
    """An engine and, for each of its patterns, whose it is."""

    engine: BytesAhoCorasick
    owners: list[list[tuple[Key, tuple[int, ...]]]]

    @classmethod
    def of(cls, keys: dict[Key, list[int]]) -> "Index | None":
        if not keys:
            return None
        owned: dict[bytes, list[tuple[Key, tuple[int, ...]]]] = {}
        for key, owners in keys.items():
            for pattern in spelled(key):
                owned.setdefault(pattern, []).append((key, tuple(owners)))
        sought = sorted(owned)
        small = _states(sought) <= _STATES_OF_A_TABLE
        engine = BytesAhoCorasick(sought, implementation=Implementation.DFA if small else Implementation.ContiguousNFA)
        return cls(engine, [owned[pattern] for pattern in sought])


def _states(ordered: Sequence[bytes]) -> int:
    """How many beginnings the patterns have, which is how many states the engine will hold."""
    states = len(ordered[0])
    for one, following in pairwise(ordered):
        shared = next((at for at, pair in enumerate(zip(one, following, strict=False)) if pair[0] != pair[1]), len(one))
        states += len(following) - shared
    return states
