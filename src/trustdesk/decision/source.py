"""YAML as plain values, with the line and column of every one of them.

Read from the composed nodes, so that nothing of YAML's own is run: no tags, no anchors, no key twice. Dates stay text.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from trustdesk.decision.contracts import BrokenPackError
from trustdesk.decision.messages import gettext_noop

Path = tuple[str | int, ...]
_SCALARS: dict[str, Callable[[str], Any]] = {
    "bool": lambda text: text.lower() == "true",
    "int": lambda text: int(text) if text.isdecimal() else text,
    "null": lambda _text: None,
}
_TAG = "tag:yaml.org,2002:"
_DEEPEST = 12


def shown(path: Sequence[str | int]) -> str:
    """`rules[3].effect`"""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")


@dataclass(frozen=True, slots=True)
class Source:
    """The values of a file and where they stand. `keys` are the places of a mapping's words."""

    name: str
    value: dict[str, Any]
    values: dict[Path, tuple[int, int]]
    keys: dict[Path, tuple[int, int]]

    def place(self, path: Sequence[str | int]) -> str:
        """File, line, column and path, of the path itself or of what is nearest above it."""
        line, column = self.at(path)
        return f"{self.name}:{line}:{column} {shown(path)}".strip()

    def at(self, path: Sequence[str | int]) -> tuple[int, int]:
        """Line and column."""
        known = tuple(path)
        while known not in self.values and known not in self.keys:
            known = known[:-1]
        return self.keys.get(known) or self.values[known]

    def refuse(self, path: Sequence[str | int], message: str, mend: str = "") -> NoReturn:
        raise BrokenPackError(message, place=self.place(path), mend=mend)


def read(text: str, name: str) -> Source:
    """The text's values. Raises BrokenPackError where it is no YAML or holds more than plain values."""
    try:
        node = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"{name}:{mark.line + 1}:{mark.column + 1}" if mark else name
        raise BrokenPackError(
            gettext_noop("This can't be read as YAML."), place=place, mend=str(error.problem or "")
        ) from None
    except YAMLError as error:
        raise BrokenPackError(gettext_noop("This can't be read as YAML."), place=name, mend=str(error)) from None
    except RecursionError:
        raise BrokenPackError(gettext_noop("This is nested too deeply."), place=name) from None
    if not isinstance(node, MappingNode):
        raise BrokenPackError(gettext_noop("The file does not begin with words and values."), place=f"{name}:1:1")
    source = Source(name=name, value={}, values={}, keys={})
    source.value.update(_plain(node, (), source))
    return source


def _plain(node: Node, path: Path, source: Source) -> Any:  # noqa: ANN401  (YAML holds anything)
    source.values[path] = (node.start_mark.line + 1, node.start_mark.column + 1)
    if node.anchor:  # a reference leads to a node with an anchor
        source.refuse(path, gettext_noop("Anchors and references are not used here."))
    if len(path) > _DEEPEST:
        source.refuse(path, gettext_noop("This is nested too deeply."))
    if isinstance(node, MappingNode):
        return _mapping(node, path, source)
    if isinstance(node, SequenceNode):
        return [_plain(part, (*path, index), source) for index, part in enumerate(node.value)]
    kind = str(node.tag).removeprefix(_TAG)
    if kind in _SCALARS:
        return _SCALARS[kind](node.value)
    if kind not in {"str", "timestamp", "float"}:
        source.refuse(path, gettext_noop("Tags are not used here."), mend=str(node.tag))
    return node.value


def _mapping(node: MappingNode, path: Path, source: Source) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in node.value:
        if not isinstance(key, ScalarNode):
            source.refuse(path, gettext_noop("A word before a colon is plain text."))
        word = str(key.value)
        where = (*path, word)
        if word in found:
            source.keys[where] = (key.start_mark.line + 1, key.start_mark.column + 1)
            source.refuse(where, gettext_noop("This word stands here twice."))
        source.keys[where] = (key.start_mark.line + 1, key.start_mark.column + 1)
        found[word] = _plain(value, where, source)
    return found
