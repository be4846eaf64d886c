"""Conditions as packs write them, read into the one expression tree.

A list holds together (`unless`: any of it lifts). `fact` · `not fact` · `{fact: [values]}` · `{fact: {at_least: 3}}` ·
`{past: fact}` · `{known: fact}` · `{any: […]}` · `{all: […]}` · `{not: …}`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from trustdesk.decision.catalog import ABOUT, FACTS, Declared
from trustdesk.decision.messages import gettext_noop
from trustdesk.decision.source import Path, Source
from trustdesk.decision.tree import And, AtLeast, Fact, Is, Known, Node, Not, Or, Past

DECLARED: Mapping[str, Declared] = {**FACTS, **ABOUT}


def read_all(source: Source, path: Path, items: Sequence[Any]) -> Node:
    return And(tuple(_read(source, (*path, index), item) for index, item in enumerate(items)))


def read_any(source: Source, path: Path, items: Sequence[Any]) -> Node:
    return Or(tuple(_read(source, (*path, index), item) for index, item in enumerate(items)))


def _read(source: Source, path: Path, item: Any) -> Node:  # noqa: ANN401  (what the schema let through)
    if isinstance(item, str):
        name = item.removeprefix("not ")
        _check(source, path, name, bool)
        return Fact(name) if name == item else Not(Fact(name))
    ((word, value),) = item.items()
    inside = (*path, word)
    match word:
        case "any" | "all":
            return (read_any if word == "any" else read_all)(source, inside, value)
        case "not":
            return Not(_read(source, inside, value))
        case "past" | "known":
            _check(source, inside, value, datetime if word == "past" else None)
            return Past(value) if word == "past" else Known(value)
    if isinstance(value, dict):
        _check(source, inside, word, int)
        return AtLeast(word, value["at_least"])
    return _one_of(source, inside, word, value)


def _one_of(source: Source, path: Path, name: str, values: list[str]) -> Node:
    declared = _check(source, path, name, str)
    for index, value in enumerate(values):
        if declared.values and value not in declared.values:
            source.refuse((*path, index), gettext_noop("This value is not one of those that are known here."))
    return Is(name, tuple(values))


def _check(source: Source, path: Path, name: str, kind: type | None) -> Declared:
    declared = DECLARED.get(name)
    if declared is None:
        source.refuse(path, gettext_noop("No such fact is declared."), mend=", ".join(sorted(DECLARED)))
    if kind is not None and declared.kind is not kind:
        source.refuse(path, gettext_noop("The fact is of another kind than this condition asks for."))
    return declared
