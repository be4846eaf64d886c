"""Rows of bytes and whose they are, behind the engine that finds them all in one pass."""

from collections.abc import Iterator, Mapping, Sequence
from threading import Lock
from typing import NamedTuple

import hyperscan
import numpy as np

from trustdesk.scan.patterns import Key, spelled

_BARRIER = b"\x00"  # nothing reaches over it
_LOOKED_FOR = 12
"""So many of its last bytes are looked for of each row: the engine is made many times as fast, and few more are met."""


class Row(NamedTuple):
    """Each thing that what is looked for may be, with the numbers of its variants."""

    owners: list[tuple[Key, tuple[int, ...]]]


class Index:
    """Made once, for all that one process searches."""

    def __init__(self, rows: Mapping[bytes, Row]) -> None:
        self._rows = rows
        lengths: dict[bytes, set[int]] = {}
        for content in rows:
            lengths.setdefault(content[-_LOOKED_FOR:], set()).add(len(content))
        self._lengths = [tuple(sorted(some)) for some in lengths.values()]
        self._engine = hyperscan.Database()
        self._engine.compile(expressions=list(lengths), ids=list(range(len(lengths))), literal=True)
        self._one_by_one = Lock()  # what the engine notes down while it searches is there once

    @classmethod
    def of(cls, keys: Mapping[Key, Sequence[int]], *, digits: bool) -> "Index | None":
        """Over the words or over the digits among the keys; None where there are none."""
        rows: dict[bytes, Row] = {}
        for key, owners in keys.items():
            if key.digits is digits and _BARRIER not in key.content:
                for content in spelled(key):
                    rows.setdefault(in_pairs(content) if digits else content, Row([])).owners.append(
                        (key, tuple(owners))
                    )
        return cls(rows) if rows else None

    def found(self, content: bytes) -> Iterator[tuple[int, int, Row]]:
        """Where rows stand, from and to; those inside others too."""
        ends: list[tuple[int, int]] = []
        if content:
            with self._one_by_one:
                self._engine.scan(content, lambda number, _, end, *__: ends.append((number, end)))
        for number, end in ends:
            for length in self._lengths[number]:
                start = end - length
                if start >= 0 and (row := self._rows.get(content[start:end])) is not None:
                    yield start, end, row


def in_pairs(digits: bytes) -> bytes:
    """Each digit with the one behind it as one byte: ten kinds of bytes would keep the engine stopping everywhere."""
    values = np.frombuffer(digits, dtype=np.uint8) - np.uint8(ord("0"))
    return (values[:-1] * np.uint8(10) + values[1:] + np.uint8(1)).tobytes()
