"""What crosses the door of live: no contents, only which thing."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Thing:
    """Something a page shows and that can change: a word of ours for its kind ("import"), and its opaque id."""

    kind: str
    identifier: int
