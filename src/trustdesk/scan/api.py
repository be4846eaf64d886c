"""Finding people again: in which spellings they may stand somewhere, and where they do. Django-free, no tables."""

from collections.abc import Iterable, Iterator

from trustdesk.scan.automaton import Automaton
from trustdesk.scan.contracts import Hit, Piece
from trustdesk.scan.variants import variants
from trustdesk.scan.walking import read, search_bytes, walk

__all__ = ["Automaton", "find", "read", "search", "search_bytes", "variants", "walk"]


def find(automaton: Automaton, text: str, *, place: str = "") -> list[Hit]:
    """Everybody who stands in this text, in order; one hit a person and thing where several spellings overlap."""
    return automaton.hits(Piece(place, text))


def search(automaton: Automaton, pieces: Iterable[Piece]) -> Iterator[Hit]:
    """`find` over many short texts (cells, rows, log lines) at the price of few long ones.

    A hit never reaches over the end of a piece: what has to be near (a row's family name and birth date) stands in one.
    """
    return automaton.search(pieces)
