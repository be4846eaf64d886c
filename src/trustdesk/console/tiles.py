"""A number on a page that answers in one look."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A number, what it counts, a word about it, and the rows behind it. `tone` is that of the design's badges."""

    name: str
    icon: str
    figure: str
    note: str
    address: str
    tone: str = ""
