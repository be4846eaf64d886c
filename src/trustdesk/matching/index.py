"""All profiles of one register in memory: who shares a key with somebody is found by binary search."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trustdesk.matching.columns import WIDTH
from trustdesk.matching.keys import CAP, keys
from trustdesk.matching.segment import Segment

_FACTOR = 8


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs of one asked for and one of the register, each once, by the asked; `skipped` counts keys above the cap."""

    asked: NDArray[np.int64]
    ids: NDArray[np.int64]
    profiles: NDArray[np.int64]
    skipped: int


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
        return sum(int(segment.alive.sum()) for segment in self._segments)

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
        for rule, values, there in keys(asked):
            who = np.flatnonzero(there)
            if not len(who):
                continue
            found = [segment.ranges(rule, values[who]) for segment in self._segments]
            total = sum((many for _, many in found), np.zeros(len(who), np.int64))
            few = (total > 0) & (total <= CAP)
            skipped += int((total > CAP).sum())
            for (first, many), segment, out in zip(found, self._segments, pairs, strict=True):
                rows = segment.rows(rule, first[few], many[few])
                out.append((np.repeat(who[few], many[few]) << 32) | rows)
        return self._gather(pairs, skipped)

    def _gather(self, pairs: list[list[NDArray[np.int64]]], skipped: int) -> Candidates:
        asked, ids, profiles = [], [], []
        for segment, found in zip(self._segments, pairs, strict=True):
            both = np.unique(np.concatenate(found)) if found else np.empty(0, np.int64)
            rows = both & 0xFFFFFFFF
            alive = segment.alive[rows]
            rows, who = rows[alive], both[alive] >> 32
            asked.append(who)
            ids.append(segment.ids[rows])
            profiles.append(segment.profiles[rows])
        if not asked:
            nothing = np.empty(0, np.int64)
            return Candidates(nothing, nothing, np.empty((0, WIDTH), np.int64), skipped)
        who = np.concatenate(asked)
        order = np.argsort(who, kind="stable")
        return Candidates(who[order], np.concatenate(ids)[order], np.concatenate(profiles)[order], skipped)
