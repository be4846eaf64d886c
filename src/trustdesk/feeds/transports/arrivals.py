"""What every way in gives: one thing after the other, each with what is to be done once it is stored."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from trustdesk.feeds.setups import Setup

BLOCK = 65_536
UNFINISHED = (".part", ".partial", ".filepart", ".tmp", ".crdownload")
"""How the usual programs call what they have not finished writing."""


@dataclass(slots=True)
class Asked:
    """One look into a source. `cursor` is how far it was asked before, and is moved on by whoever asks."""

    setup: Setup
    secret: str = field(repr=False)
    cursor: str
    lines: bool  # the format reads one record a line
    folder: Path
    known: Callable[[str], bool]
    now: datetime


@dataclass(frozen=True, slots=True)
class Arrival:
    """One file or page. `pieces` fails where it is not whole; `stored` is called when it is committed here, also where
    it was before.
    """

    place: str
    pieces: Iterator[bytes]
    cursor: str
    stored: Callable[[], None]


class Look(Protocol):
    def __call__(self, asked: Asked) -> Iterator[Arrival]:
        """What is there that was not taken, one after the other. OutsideError where it does not work."""
        ...


def nothing() -> None:
    """Nothing is to be done over there."""
