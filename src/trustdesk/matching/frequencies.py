"""How many rows have a token: an agreement says the more, the fewer people it could be said of."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from trustdesk.matching.columns import SLOTS
from trustdesk.matching.directory import Directory, runs
from trustdesk.matching.keys import compound

COUNTED: Mapping[str, tuple[int, ...]] = {
    "family": SLOTS["family"],
    "family_sound": SLOTS["family_sound"],
    "given": SLOTS["given"],
    "given_sound": SLOTS["given_sound"],
    "birth": SLOTS["birth"],
    "phone": SLOTS["phone"] + SLOTS["phone_shared"],
    "email": SLOTS["email"],
    "home": SLOTS["home"],
    "house": SLOTS["house"],
    "postcode": SLOTS["postcode"],
    "town": SLOTS["town"],
}
"""Whose tokens are counted, by name; slots together."""

SMALL = 1000
"""As if the register had so many more rows with tokens as frequent as strangers' are: few rows show no frequencies."""

_EVEN = frozenset({"birth"})
"""Days of birth are spread evenly: none is rarer than others. A crowd on one is no accident: a date that was guessed,
or that stands for an unknown one.
"""


def chance(group: str, counts: NDArray[np.integer], usual: float, among: int) -> NDArray[np.float64]:
    """How likely a stranger agrees in tokens that so many of a register have; one of these is who agrees."""
    if group in _EVEN:
        return np.asarray(np.maximum(usual, (counts - 1 + SMALL * usual) / (among + SMALL)), np.float64)
    return np.asarray((counts + SMALL * usual) / (among + SMALL), np.float64)


class Frequencies:
    """The tokens of one group in some rows, each with its number."""

    __slots__ = ("_columns", "_counts", "_keys")

    def __init__(self, columns: tuple[int, ...], profiles: NDArray[np.int64]) -> None:
        self._columns = columns
        keys = _there(profiles[:, columns])
        keys.sort()
        distinct, starts = runs(keys)
        self._keys, self._counts = Directory(distinct), np.diff(starts)

    @property
    def nbytes(self) -> int:
        return self._keys.nbytes + self._counts.nbytes

    def of(self, tokens: NDArray[np.int64]) -> NDArray[np.int64]:
        """The number of each of these tokens, in their shape."""
        counts = np.zeros(tokens.size, np.int64)
        there = np.flatnonzero(tokens)
        who, place = self._keys.find(compound(0, [tokens.ravel()[there]]))
        counts[there[who]] = self._counts[place]
        return counts.reshape(tokens.shape)

    def without(self, profiles: NDArray[np.int64]) -> None:
        """Rows that were counted are gone."""
        _, place = self._keys.find(_there(profiles[:, self._columns]))
        np.subtract.at(self._counts, place, 1)


def _there(tokens: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Mixed once more: a directory wants them spread evenly, and whose digest it was is not known here."""
    return compound(0, [tokens[tokens != 0]])
