"""Finding many numbers among millions: evenly spread keys in order, and where each beginning of a key begins."""

import numpy as np
from numpy.typing import NDArray

_MOST_BITS = 22

Places = NDArray[np.int64]


class Directory:
    """Distinct keys in order. One look leads to a bucket of one or two, where a binary search would take twenty."""

    __slots__ = ("_keys", "_shift", "_starts")

    def __init__(self, keys: NDArray[np.uint64]) -> None:
        """`keys` are sorted, each once, and spread evenly, as hashes are."""
        bits = min(max(len(keys).bit_length(), 1), _MOST_BITS)
        self._keys = keys
        self._shift = np.uint64(64 - bits)
        in_bucket = np.bincount((keys >> self._shift).astype(np.int64), minlength=1 << bits)
        self._starts = np.concatenate([[0], np.cumsum(in_bucket)]).astype(np.int32)

    def __len__(self) -> int:
        return len(self._keys)

    @property
    def nbytes(self) -> int:
        return self._keys.nbytes + self._starts.nbytes

    def find(self, asked: NDArray[np.uint64]) -> tuple[Places, Places]:
        """Which of these are here (places in `asked`), and the place of each among the keys."""
        buckets = (asked >> self._shift).astype(np.int64)
        at, end = self._starts[buckets].astype(np.int64), self._starts[buckets + 1]
        left = np.flatnonzero(at < end)
        found = [np.empty(0, np.int64)]
        while len(left):
            key, wanted = self._keys[at[left]], asked[left]
            found.append(left[key == wanted])
            left = left[key < wanted]
            at[left] += 1
            left = left[at[left] < end[left]]
        who = np.concatenate(found)
        return who, at[who]


def runs(keys: NDArray[np.uint64]) -> tuple[NDArray[np.uint64], NDArray[np.int32]]:
    """Of sorted keys each once, and where its run begins, with the end of the last."""
    first = np.flatnonzero(np.append([True], keys[1:] != keys[:-1])) if len(keys) else np.empty(0, np.int64)
    return keys[first], np.append(first, len(keys)).astype(np.int32)
