"""The declared part of a connected system as people type it: TOML, read by the standard library and written here."""

import json
import re
import tomllib
from collections.abc import Mapping

from django.utils.translation import gettext as _

from trustdesk.kernel.errors import BadInputError

_ORDER = ("name", "identified", "personal", "others", "fate", "replacement", "method", "path", "body")
"""How a table or a question is read; the database keeps parts in an order of its own."""
_BARE = re.compile(r"[A-Za-z0-9_-]+")


def read_declaration(text: str) -> dict[str, object]:
    """BadInputError names the line that can't be read."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        found = re.search(r"at line (\d+)", str(fault))
        line = found[1] if found else "1"
        raise BadInputError(
            _("Line %(line)s can't be read.") % {"line": line},
            place="declaration",
            mend=_("Each line is a name, an equals sign and a value: texts stand in quotation marks."),
        ) from None


def written(values: Mapping[str, object]) -> str:
    """The same values as text: plain ones first, then each table under its heading."""
    lines = _body({name: value for name, value in values.items() if not _heads(value)})
    for name, value in values.items():
        if isinstance(value, Mapping):
            lines += ["", f"[{_name(name)}]", *_body(value)]
        elif _heads(value) and isinstance(value, list):
            for one in value:
                lines += ["", f"[[{_name(name)}]]", *_body(one)]
    return "\n".join(lines).strip() + "\n"


def _heads(value: object) -> bool:
    return isinstance(value, Mapping) or (isinstance(value, list) and bool(value) and isinstance(value[0], Mapping))


def _body(values: Mapping[str, object]) -> list[str]:
    """What is empty is left out: it is so anyway, and there is no word for nothing in TOML."""
    told = [(name, value) for name, value in values.items() if value not in ("", [], {}, None)]
    told.sort(key=lambda one: _ORDER.index(one[0]) if one[0] in _ORDER else len(_ORDER))
    return [f"{_name(name)} = {_value(value)}" for name, value in told]


def _value(value: object) -> str:
    """A value on one line. Texts of JSON are texts of TOML."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_name(name)} = {_value(one)}" for name, one in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def _name(name: str) -> str:
    return name if _BARE.fullmatch(name) else json.dumps(name, ensure_ascii=False)
