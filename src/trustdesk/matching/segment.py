"""Rows that came together, sorted by id, with their keys sorted: never changed, only crossed out."""

import numpy as np
from numpy.typing import NDArray

from trustdesk.matching.directory import Directory, runs
from trustdesk.matching.frequencies import COUNTED, Frequencies
from trustdesk.matching.keys import keys


class Segment:
    """Profiles by row; `alive` says which rows still count."""

    __slots__ = ("_keys", "_rows", "_starts", "alive", "frequencies", "ids", "profiles")

    def __init__(self, ids: NDArray[np.int64], profiles: NDArray[np.int64]) -> None:
        """Of an id that is given twice the later row counts."""
        order = np.argsort(ids, kind="stable")
        if len(ids) > 1:
            sorted_ids = ids[order]
            order = order[np.append(sorted_ids[1:] != sorted_ids[:-1], [True])]
        self.ids = ids[order]
        self.profiles = profiles[order]
        self.alive = np.ones(len(self.ids), np.bool_)
        self.frequencies = {name: Frequencies(columns, self.profiles) for name, columns in COUNTED.items()}
        self._keys: dict[str, Directory] = {}
        self._starts: dict[str, NDArray[np.int32]] = {}
        self._rows: dict[str, NDArray[np.int32]] = {}
        self._sort()

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def nbytes(self) -> int:
        arrays = [self.ids, self.profiles, self.alive, *self._starts.values(), *self._rows.values()]
        found = sum(keys.nbytes for keys in self._keys.values())
        return found + sum(array.nbytes for array in arrays) + sum(of.nbytes for of in self.frequencies.values())

    def _sort(self) -> None:
        for rule, (values, rows) in keys(self.profiles):
            order = np.argsort(values)
            distinct, self._starts[rule] = runs(values[order])
            self._keys[rule], self._rows[rule] = Directory(distinct), rows[order].astype(np.int32)

    def ranges(self, rule: str, asked: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where the rows that have each of these keys stand: from, and how many."""
        first, many = np.zeros((2, len(asked)), np.int64)
        who, place = self._keys[rule].find(asked)
        starts = self._starts[rule]
        first[who] = starts[place]
        many[who] = starts[place + 1] - first[who]
        return first, many

    def rows(self, rule: str, first: NDArray[np.int64], many: NDArray[np.int64]) -> NDArray[np.int32]:
        """The rows of these ranges, one after the other."""
        ends = np.cumsum(many)
        total = int(ends[-1]) if len(ends) else 0
        places = np.arange(total) + np.repeat(first - ends + many, many)
        return self._rows[rule][places]

    def living(self, pairs: NDArray[np.int64]) -> NDArray[np.int64]:
        """Those of these pairs whose row, their lower half, still counts."""
        return np.asarray(pairs[self.alive[pairs & 0xFFFFFFFF]], np.int64)

    def find(self, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """The rows of these ids as far as they are here and count."""
        if not len(self.ids):
            return np.empty(0, np.int64)
        at = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
        return np.unique(at[(self.ids[at] == ids) & self.alive[at]])

    def cross_out(self, rows: NDArray[np.int64]) -> None:
        """The rows count no more and their tokens are overwritten; keys, which lead to nobody now, go with a merge."""
        self.alive[rows] = False
        for frequencies in self.frequencies.values():
            frequencies.without(self.profiles[rows])
        self.profiles[rows] = 0
