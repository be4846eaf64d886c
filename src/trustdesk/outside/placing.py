"""Values placed into what a setup declares, and read out of what comes back: never anything but values."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from trustdesk.outside.contracts import Fault
from trustdesk.outside.faults import OutsideError
from trustdesk.outside.setups import PAGES, PLACEHOLDER

_NOTHING = object()
_STEPS = frozenset({".", ".."})
_COUNTERS = frozenset(f"{{{name}}}" for name in PAGES)  # alone in a text they are numbers


def placed_in_address(path: str, values: Mapping[str, str]) -> str:
    """Each value percent-encoded, slashes too: it stays one part of the address (RFC 3986). OutsideError for the two
    that no encoding keeps from being a step up.
    """
    if not _STEPS.isdisjoint(values.values()):
        raise OutsideError(Fault.UNREADABLE)
    return PLACEHOLDER.sub(lambda found: quote(values[found[1]], safe=""), path)


def placed_in_body(body: Any, values: Mapping[str, str]) -> Any:  # noqa: ANN401 - JSON
    """The same JSON with values in its texts. Parts that name what there is no value for are left out."""
    placed = _placed(body, values)
    return None if placed is _NOTHING else placed


def pointed(document: Any, pointer: str) -> Any:  # noqa: ANN401 - JSON
    """What a JSON pointer (RFC 6901) points to. LookupError where there is no such thing."""
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(document, Mapping):
            document = document[name]
        elif isinstance(document, list) and name.isdigit():
            document = document[int(name)]
        else:
            raise LookupError("it points to nothing")
    return document


def combinations(keys: Sequence[str], values: Mapping[str, Sequence[str]]) -> Iterator[dict[str, str]]:
    """Every way to give each key one of its values; none where a key has none."""
    for chosen in itertools.product(*(values.get(key, ()) for key in keys)):
        yield dict(zip(keys, chosen, strict=True))


def _placed(part: Any, values: Mapping[str, str]) -> Any:  # noqa: ANN401 - JSON
    if isinstance(part, str):
        if part in _COUNTERS and part[1:-1] in values:
            return int(values[part[1:-1]])
        if any(name not in values for name in PLACEHOLDER.findall(part)):
            return _NOTHING
        return PLACEHOLDER.sub(lambda found: values[found[1]], part)
    if isinstance(part, Mapping):
        placed = {name: _placed(value, values) for name, value in part.items()}
        return {name: value for name, value in placed.items() if value is not _NOTHING}
    if isinstance(part, list | tuple):
        return [value for value in (_placed(value, values) for value in part) if value is not _NOTHING]
    return part
