"""The one expression tree, with Kleene's three values. Every reader reads these nodes and no others.

A fact that is not known is None; a comparison with it is None; And, Or and Not follow Kleene, as SQL does.
"""

from collections.abc import Iterator, Mapping
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
    """The fact is an instant, and the instant asked about is not before it. Never unknown: no instant is not past."""

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

TRUE, FALSE, UNKNOWN = Const(True), Const(False), Const(None)


def negated(value: bool | None) -> bool | None:  # noqa: FBT001  (the third value is the point)
    return None if value is None else not value


def fold(node: Node, about: Mapping[str, object]) -> Node:
    """The same condition with the values of `about` put in and everything dropped that no longer matters.

    A name that `about` holds with None is unknown for good. The result is as small as what is left to ask.
    """
    match node:
        case Not(part):
            inner = fold(part, about)
            if isinstance(inner, Const):
                return Const(negated(inner.value))
            return inner.part if isinstance(inner, Not) else Not(inner)
        case And(parts) | Or(parts):
            return _joined(type(node), parts, about)
        case Const():
            return node
    return _put_in(node, about[node.name]) if node.name in about else node


def _put_in(node: Fact | Is | AtLeast | Past | Known, value: object) -> Const:
    match node:
        case Known():
            return Const(value is not None)
        case _ if value is None:
            return UNKNOWN
        case Fact():
            return Const(bool(value))
        case Is(_, values):
            return Const(value in values)
        case AtLeast(_, number) if isinstance(value, int):
            return Const(value >= number)
    msg = f"{node} can't be decided before it is asked"
    raise TypeError(msg)


def _joined(kind: type[And] | type[Or], parts: tuple[Node, ...], about: Mapping[str, object]) -> Node:
    """Parts of parts of the same kind join; what decides alone decides; nothing idle stays and nothing twice."""
    deciding, idle = (FALSE, TRUE) if kind is And else (TRUE, FALSE)
    left: dict[Node, None] = {}
    for part in parts:
        inner = fold(part, about)
        left.update(dict.fromkeys(inner.parts if isinstance(inner, kind) else (inner,)))
    left.pop(idle, None)
    if deciding in left:
        return deciding
    if not left:
        return idle
    return next(iter(left)) if len(left) == 1 else kind(tuple(left))


def names(node: Node) -> Iterator[str]:
    """The facts a condition asks for, with repetitions."""
    match node:
        case Const():
            return
        case Not(part):
            yield from names(part)
        case And(parts) | Or(parts):
            for part in parts:
                yield from names(part)
        case _:
            yield node.name


def possible(node: Node) -> frozenset[bool | None]:
    """The values the condition can take: never too few, so that no bit is missing."""
    match node:
        case Const(value):
            return frozenset({value})
        case Known() | Past():
            return frozenset({True, False})
        case Not(part):
            return frozenset(negated(value) for value in possible(part))
        case And(parts):
            return _possible(parts, deciding=False)
        case Or(parts):
            return _possible(parts, deciding=True)
    return frozenset({True, False, None})


def _possible(parts: tuple[Node, ...], *, deciding: bool) -> frozenset[bool | None]:
    each = [possible(part) for part in parts]
    found: set[bool | None] = set()
    if any(deciding in values for values in each):
        found.add(deciding)
    if all((not deciding) in values for values in each):
        found.add(not deciding)
    if any(None in values for values in each) and all(values - {deciding} for values in each):
        found.add(None)
    return frozenset(found)
