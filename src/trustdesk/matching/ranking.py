"""Who a change could be of, from tokens alone: all pairs of all changes weighed at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import overload

import numpy as np
from numpy.typing import NDArray

from trustdesk.matching.columns import SLOTS, WIDTH
from trustdesk.matching.contracts import Candidate, Evidence, Ranking
from trustdesk.matching.frequencies import COUNTED, chance
from trustdesk.matching.index import Candidates, Index
from trustdesk.matching.levels import LEVELS, NOTHING, Columns, Reached, reach
from trustdesk.matching.model import MISSING, Model
from trustdesk.matching.odds import Floats, log_odds, shares

_AT_ONCE = 2048  # what is between is some ten megabytes then, which costs less to get than more of it
_BEST = 6
_UNLIKELY = 1e-4
ABOUT = tuple(LEVELS)
_IDS = [ABOUT.index("number"), ABOUT.index("national_id")]  # who has the same is shown even if all else speaks against
CODES = {about: (*(rule.code for rule in rules), "other", MISSING) for about, rules in LEVELS.items()}


_Row = tuple[int, float, list[int], list[float], bool]


@dataclass(frozen=True, slots=True)
class Weighed:
    """Pairs with the level of each comparison (rows as in ABOUT) and what it weighs."""

    levels: NDArray[np.int8]
    bits: Floats
    home_bits: Floats


def weigh(model: Model, asked: Columns, held: Columns, chances: "Chances") -> Weighed:
    """Levels and weights of pairs; `chances` says how likely an agreement in the asked's tokens is by accident."""
    pairs = asked.shape[1]
    levels = np.full((len(ABOUT), pairs), NOTHING, np.int8)
    bits = np.zeros((len(ABOUT), pairs))
    homes = np.zeros(pairs)
    for reached in reach(asked, held):
        row, here = ABOUT.index(reached.about), reached.pairs
        levels[row, here] = reached.number
        level = model.blind_codes[reached.about][reached.code]
        counted = reached.rule and reached.rule.counted
        against = model.against[reached.about]
        bits[row, here] = np.log2(level.m / chances.of(reached, level.u) + against) if counted else level.bits
        homes[here] += level.home_bits
    return Weighed(levels, bits, bits.sum(axis=0) + homes)


_OWN_LINES = len(SLOTS["phone"])


class Chances:
    """How likely strangers agree in a token of somebody asked for: its share of the register."""

    def __init__(self, index: Index, asked: NDArray[np.int64], who: NDArray[np.int64], size: int) -> None:
        self._size = size
        self._who = who
        self._counts = {group: index.counts(group, asked[:, columns]) for group, columns in COUNTED.items()}

    @property
    def lines(self) -> NDArray[np.int64]:
        """How many have each of the numbers asked for that are not known as shared: (asked, slots)."""
        return self._counts["phone"][:, :_OWN_LINES]

    def of(self, reached: Reached, usual: float) -> Floats:
        """For these pairs, of the rarest token they agree in."""
        counted = reached.rule.counted if reached.rule else ""
        counts = self._counts[counted][self._who[reached.pairs], : len(reached.flags)].T
        rarest = np.where(reached.flags, counts, np.iinfo(np.int64).max).min(axis=0)
        return chance(counted, rarest, usual, self._size)


class Rankings(Sequence[Ranking]):
    """One ranking for each asked for, put together when it is looked at."""

    def __init__(self, blocks: Sequence["_Block"], among: int) -> None:
        self._blocks, self._among = blocks, among
        self._starts = np.cumsum([0, *(len(block.nobody) for block in blocks)])

    @property
    def skipped(self) -> int:
        """How many keys were shared by too many to be followed."""
        return sum(block.skipped for block in self._blocks)

    def __len__(self) -> int:
        return int(self._starts[-1])

    @overload
    def __getitem__(self, at: int) -> Ranking: ...
    @overload
    def __getitem__(self, at: slice) -> list[Ranking]: ...
    def __getitem__(self, at: int | slice) -> Ranking | list[Ranking]:
        if isinstance(at, slice):
            return [self[place] for place in range(*at.indices(len(self)))]
        place = range(len(self))[at]
        number = int(np.searchsorted(self._starts, place, side="right")) - 1
        return self._blocks[number].ranking(place - int(self._starts[number]), self._among)

    def __iter__(self) -> Iterator[Ranking]:
        for block in self._blocks:
            yield from (block.ranking(place, self._among) for place in range(len(block.nobody)))


class _Block:
    """The best candidates of some who were asked for together, as columns."""

    def __init__(self, model: Model, found: Candidates, weighed: Weighed, lines: NDArray[np.int64], among: int) -> None:
        self.skipped, asked = found.skipped, len(lines)
        self._lines = lines
        starts = np.flatnonzero(np.diff(found.asked, prepend=-1))
        sizes = np.diff(np.append(starts, len(found.asked)))
        odds = log_odds(model, weighed.bits.sum(axis=0), weighed.home_bits, among)
        probabilities, nobody = shares(odds, starts, sizes)
        self.nobody = np.ones(asked)
        self.nobody[found.asked[starts]] = nobody
        likely = np.flatnonzero((probabilities >= _UNLIKELY) | (weighed.levels[_IDS] == 0).any(axis=0))
        likely = likely[np.lexsort((-probabilities[likely], found.asked[likely]))]
        first = np.searchsorted(found.asked[likely], found.asked[likely])
        kept = likely[np.arange(len(likely)) - first < _BEST]
        self._bounds = np.searchsorted(found.asked[kept], np.arange(asked + 1))
        self._columns = (
            found.ids[kept],
            probabilities[kept],
            weighed.levels[:, kept].T,
            weighed.bits[:, kept].T,
            weighed.home_bits[kept] > weighed.bits[:, kept].sum(axis=0),
        )

    @cached_property
    def _rows(self) -> list[_Row]:
        return list(zip(*(column.tolist() for column in self._columns), strict=True))

    def ranking(self, place: int, among: int) -> Ranking:
        rows = self._rows[self._bounds[place] : self._bounds[place + 1]]
        lines = tuple(self._lines[place].tolist()) if self._lines[place].any() else ()
        return Ranking(tuple(_candidate(row) for row in rows), float(self.nobody[place]), among, lines)


def _candidate(row: _Row) -> Candidate:
    customer, probability, levels, bits, household = row
    evidence = tuple(
        Evidence(about, codes[level], weight)
        for (about, codes), level, weight in zip(CODES.items(), levels, bits, strict=True)
    )
    return Candidate(customer, probability, sum(bits), evidence, household)


def rank(index: Index, model: Model, asked: NDArray[np.int64], *, but: NDArray[np.int64] | None = None) -> Rankings:
    """For each of these profiles (rows of WIDTH tokens) who of the register it could be, likeliest first.

    `but` names for each a customer who is no candidate: who looks for people who stand in the register twice asks with
    their own profiles, and without themselves (`replace(model, share=...)` says how often that is expected).
    """
    asked = np.ascontiguousarray(asked, np.int64).reshape(-1, WIDTH)
    among = len(index)
    blocks = []
    for start in range(0, len(asked), _AT_ONCE):
        part = asked[start : start + _AT_ONCE]
        found = index.candidates(part)
        if but is not None:
            found = found.without(np.asarray(but, np.int64)[start : start + _AT_ONCE])
        chances = Chances(index, part, found.asked, among)
        columns = np.ascontiguousarray(part.T).take(found.asked, axis=1)
        weighed = weigh(model, columns, np.ascontiguousarray(found.profiles.T), chances)
        blocks.append(_Block(model, found, weighed, chances.lines, among))
    return Rankings(blocks, among)
