"""The one expression tree, with Kleene's three values. Every reader reads these nodes and no others.

A fact that is not known is None; a comparison with it is None; And, Or and Not follow Kleene, as SQL does.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Const:
    value: bool | None


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact that is true or false by itself."""

    name: str


@dataclass(frozen=True, slots=True)
class Is:
    """The fact is one of the values."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AtLeast:
    """The fact is a number, and not below."""

    name: str
    number: int


@dataclass(frozen=True, slots=True)
class Past:
    """The fact is an instant, and the instant asked about is not before it."""

    name: str


@dataclass(frozen=True, slots=True)
class Known:
    """There is a value. Never unknown itself."""

    name: str


@dataclass(frozen=True, slots=True)
class Not:
    part: "Node"


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple["Node", ...]


Node = Const | Fact | Is | AtLeast | Past | Known | Not | And | Or
