"""How many rows have a token: an agreement says the more, the fewer people it could be said of."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from trustdesk.matching.columns import SLOTS

COUNTED: Mapping[str, tuple[int, ...]] = {
    "family": SLOTS["family"],
    "family_sound": SLOTS["family_sound"],
    "given": SLOTS["given"],
    "given_sound": SLOTS["given_sound"],
    "phone": SLOTS["phone"] + SLOTS["phone_shared"],
    "email": SLOTS["email"],
    "home": SLOTS["home"],
    "house": SLOTS["house"],
    "postcode": SLOTS["postcode"],
    "town": SLOTS["town"],
}
"""Whose tokens are counted, by name; slots together."""


class Frequencies:
    """The tokens of one group in some rows, each with its number."""

    __slots__ = ("_columns", "_counts", "_tokens")

    def __init__(self, columns: tuple[int, ...], profiles: NDArray[np.int64]) -> None:
        self._columns = columns
        tokens, counts = np.unique(_there(profiles[:, columns]), return_counts=True)
        self._tokens = tokens
        self._counts = counts.astype(np.int32)

    @property
    def nbytes(self) -> int:
        return self._tokens.nbytes + self._counts.nbytes

    def of(self, tokens: NDArray[np.int64]) -> NDArray[np.int64]:
        """The number of each of these tokens, in their shape."""
        if not len(self._tokens):
            return np.zeros(tokens.shape, np.int64)
        at = np.minimum(np.searchsorted(self._tokens, tokens), len(self._tokens) - 1)
        return np.where(self._tokens[at] == tokens, self._counts[at], 0).astype(np.int64)

    def without(self, profiles: NDArray[np.int64]) -> None:
        """Rows that were counted are gone."""
        gone = _there(profiles[:, self._columns])
        np.subtract.at(self._counts, np.searchsorted(self._tokens, gone), 1)


def _there(tokens: NDArray[np.int64]) -> NDArray[np.int64]:
    flat = tokens.ravel()
    return np.asarray(flat[flat != 0], np.int64)
