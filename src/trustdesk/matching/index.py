"""All profiles of one register in memory: who shares a key with somebody is found by one look a rule."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trustdesk.matching.columns import WIDTH
from trustdesk.matching.keys import RULES, keys
from trustdesk.matching.segment import Segment

_FACTOR = 8
_ROW = 0xFFFFFFFF  # a pair is who is asked for in the upper half of a number, and a row in the lower


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs of one asked for and one of the register, each once, by the asked.

    `skipped` counts keys that too many share.
    """

    asked: NDArray[np.int64]
    ids: NDArray[np.int64]
    profiles: NDArray[np.int64]
    skipped: int

    def without(self, ids: NDArray[np.int64]) -> "Candidates":
        """Those who are not the customer named for who was asked for."""
        kept = self.ids != ids[self.asked]
        return Candidates(self.asked[kept], self.ids[kept], self.profiles[kept], self.skipped)


class Index:
    """Profiles by customer, kept as segments of falling size: what changed lies in small ones until they are merged.

    A segment is merged into the one before it when it has come to an eighth of its size, so that a row is sorted
    anew a few times at most. Not for two threads at once.
    """

    def __init__(self, customer_ids: NDArray[np.int64], profiles: NDArray[np.int64]) -> None:
        """`profiles` has a row of WIDTH tokens for each id; of an id that comes twice the later row counts."""
        self._segments: list[Segment] = []
        self.put(customer_ids, profiles)

    def __len__(self) -> int:
        return sum(int(np.count_nonzero(segment.alive)) for segment in self._segments)

    @property
    def nbytes(self) -> int:
        return sum(segment.nbytes for segment in self._segments)

    def put(self, ids: NDArray[np.int64], profiles: NDArray[np.int64]) -> None:
        """New rows, or new profiles of customers who are here."""
        ids = np.ascontiguousarray(ids, np.int64)
        profiles = np.ascontiguousarray(profiles, np.int64).reshape(len(ids), WIDTH)
        self.drop(ids)
        if len(ids):
            self._segments.append(Segment(ids, profiles))
        while len(self._segments) > 1 and len(self._segments[-2]) <= _FACTOR * len(self._segments[-1]):
            last, before = self._segments.pop(), self._segments.pop()
            self._segments.append(
                Segment(
                    np.concatenate([before.ids[before.alive], last.ids[last.alive]]),
                    np.concatenate([before.profiles[before.alive], last.profiles[last.alive]]),
                )
            )

    def drop(self, ids: NDArray[np.int64]) -> None:
        """These customers are found no more, and their tokens are overwritten. Unknown ids are passed over."""
        for segment in self._segments:
            rows = segment.find(np.asarray(ids, np.int64))
            if len(rows):
                segment.cross_out(rows)

    def counts(self, group: str, tokens: NDArray[np.int64]) -> NDArray[np.int64]:
        """How many times the register has each of these tokens, in their shape."""
        return sum((s.frequencies[group].of(tokens) for s in self._segments), np.zeros(tokens.shape, np.int64))

    def candidates(self, asked: NDArray[np.int64]) -> Candidates:
        """Everybody who shares a key with one of these profiles."""
        pairs: list[list[NDArray[np.int64]]] = [[] for _ in self._segments]
        skipped = 0
        for rule, (values, who) in keys(asked):
            found = [segment.ranges(rule, values) for segment in self._segments]
            total = sum((many for _, many in found), np.zeros(len(who), np.int64))
            _, most = RULES[rule]
            few = np.flatnonzero((total > 0) & (total <= most))
            skipped += int((total > most).sum())
            for (first, many), segment, out in zip(found, self._segments, pairs, strict=True):
                rows = segment.rows(rule, first[few], many[few])
                out.append((np.repeat(who[few], many[few]) << 32) | rows)
        return self._gather(pairs, skipped)

    def _gather(self, pairs: list[list[NDArray[np.int64]]], skipped: int) -> Candidates:
        found = [
            segment.living(_once(np.concatenate(parts) if parts else np.empty(0, np.int64)))
            for segment, parts in zip(self._segments, pairs, strict=True)
        ]
        who = np.concatenate([np.empty(0, np.int64), *(both >> 32 for both in found)])
        order = np.argsort(who, kind="stable")
        place = np.empty_like(order)
        place[order] = np.arange(len(order))
        ids, profiles = np.empty(len(who), np.int64), np.empty((len(who), WIDTH), np.int64)
        at = 0
        for segment, both in zip(self._segments, found, strict=True):
            places, rows = place[at : at + len(both)], both & _ROW
            ids[places], profiles[places] = segment.ids[rows], segment.profiles.take(rows, axis=0)
            at += len(both)
        return Candidates(who[order], ids, profiles, skipped)


def _once(pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Sorted, each once; `numpy.unique` goes by a hash and takes some ten times as long."""
    pairs.sort()
    return pairs[np.append(pairs[1:] != pairs[:-1], [True])] if len(pairs) else pairs
