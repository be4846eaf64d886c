"""The Python reader of the tree: conditions as closures over facts and the instant, and the mask they give."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from trustdesk.decision.catalog import ABOUT, FACTS, Declared
from trustdesk.decision.contracts import Facts, UnknownFactError
from trustdesk.decision.messages import BECAUSE, gettext_noop
from trustdesk.decision.program import Clause, Mask, Reader
from trustdesk.decision.tree import And, AtLeast, Const, Fact, Is, Known, Node, Not, Or, Past


def reader(node: Node) -> Reader:  # noqa: PLR0911  (one line a node)
    match node:
        case Const(value):
            return lambda _facts, _at: value
        case Fact(name):
            return lambda facts, _at: facts.get(name)  # type: ignore[return-value]  # `check` saw to it
        case Is(name, values):
            return _is(name, frozenset(values))
        case AtLeast(name, number):
            return lambda facts, _at: None if (have := facts.get(name)) is None else have >= number  # type: ignore[operator]
        case Past(name):
            return lambda facts, at: (have := facts.get(name)) is not None and have <= at  # type: ignore[operator]
        case Known(name):
            return lambda facts, _at: facts.get(name) is not None
        case Not(part):
            return _not(reader(part))
        case And(parts):
            return _joined(tuple(reader(part) for part in parts), deciding=False)
        case Or(parts):
            return _joined(tuple(reader(part) for part in parts), deciding=True)


def _is(name: str, values: frozenset[str]) -> Reader:
    def read(facts: Facts, _at: datetime) -> bool | None:
        value = facts.get(name)
        return None if value is None else value in values

    return read


def _not(inner: Reader) -> Reader:
    def read(facts: Facts, at: datetime) -> bool | None:
        value = inner(facts, at)
        return None if value is None else not value

    return read


def _joined(parts: Sequence[Reader], *, deciding: bool) -> Reader:
    idle = not deciding

    def read(facts: Facts, at: datetime) -> bool | None:
        result: bool | None = idle
        for part in parts:
            value = part(facts, at)
            if value is deciding:
                return deciding
            if value is None:
                result = None
        return result

    return read


def mask_reader(clauses: Sequence[Clause]) -> Mask:
    steps = [
        (reader(clause.applies), reader(clause.holds), clause.when_true, clause.when_false, clause.when_unknown)
        for clause in clauses
    ]

    def read(facts: Facts, at: datetime) -> int:
        bits = 0
        for applies, holds, when_true, when_false, when_unknown in steps:
            if applies(facts, at) is not True:
                continue
            value = holds(facts, at)
            if value is True:
                bits |= when_true
            elif value is False:
                bits |= when_false
            else:
                bits |= when_unknown
        return bits

    return read


def check_facts(facts: Facts) -> None:
    """Raise UnknownFactError on a name that the catalog does not declare or a value of another type."""
    _check(facts, FACTS)


def check_about(about: Mapping[str, object]) -> None:
    """As `check_facts`, of the facts of the undertaking."""
    _check(about, ABOUT)


def _check(given: Mapping[str, object], catalog: Mapping[str, Declared]) -> None:
    for name, value in given.items():
        declared = catalog.get(name)
        if declared is None:
            raise UnknownFactError(gettext_noop("No such fact is declared."), place=name)
        if value is not None and not _fits(value, declared):
            raise UnknownFactError(gettext_noop("The fact has a value of another kind than declared."), place=name)


def _fits(value: object, declared: Declared) -> bool:
    kind = declared.kind
    if type(value) is kind and kind is not datetime:
        return not declared.values or value in declared.values
    if isinstance(value, datetime):
        return kind is datetime and value.tzinfo is not None
    return kind is str and isinstance(value, str) and (not declared.values or value in declared.values)


def why_not(node: Node, facts: Mapping[str, object], at: datetime) -> tuple[str, ...]:
    """What of the single facts keeps the condition from being true, in the words of `BECAUSE`."""
    return tuple(dict.fromkeys(text for text in _blamed(node, facts, at, wanted=True) if text))


def _blamed(node: Node, facts: Facts, at: datetime, *, wanted: bool) -> list[str]:
    value = reader(node)(facts, at)
    if value is wanted:
        return []
    match node:
        case Not(part):
            return _blamed(part, facts, at, wanted=not wanted)
        case And(parts) | Or(parts):
            return [text for part in parts for text in _blamed(part, facts, at, wanted=wanted)]
        case Const():
            return []
    said = BECAUSE[node.name]
    if value is None:
        return [said.unknown]
    return [said.stands] if value is said.bad else []
