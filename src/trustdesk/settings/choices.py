"""What an installation chooses: `settings.toml`, overridden by `TRUSTDESK_*` variables."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from trustdesk.kernel.errors import BadInputError

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off", ""}


@dataclass(frozen=True, slots=True)
class Choices:
    """Typed access; a value of the wrong type is refused with its place."""

    values: Mapping[str, object]
    path: Path

    @classmethod
    def read(cls, path: Path) -> "Choices":
        try:
            values = tomllib.loads(path.read_text()) if path.exists() else {}
        except tomllib.TOMLDecodeError as fault:
            raise BadInputError(
                f"The settings can't be read: {fault}", place=str(path), mend="Mend the line."
            ) from None
        return cls(values, path)

    def text(self, name: str, default: str) -> str:
        value = self._value(name, default)
        if not isinstance(value, str):
            raise self._wrong(name, "text in quotes")
        return value

    def number(self, name: str, default: int) -> int:
        value = self._value(name, default)
        if isinstance(value, str) and value.lstrip("-").isdigit():
            return int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self._wrong(name, "a whole number")
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self._value(name, default)
        if isinstance(value, str) and value.lower() in _TRUE | _FALSE:
            return value.lower() in _TRUE
        if not isinstance(value, bool):
            raise self._wrong(name, "true or false")
        return value

    def words(self, name: str, default: list[str]) -> list[str]:
        value = self._value(name, default)
        if isinstance(value, str):
            return value.split()
        if not isinstance(value, list):
            raise self._wrong(name, "a list of texts")
        return [str(word) for word in value]

    def _value(self, name: str, default: object) -> object:
        return os.environ.get(f"TRUSTDESK_{name.upper()}", self.values.get(name, default))

    def _wrong(self, name: str, wanted: str) -> BadInputError:
        return BadInputError(f"The setting {name} must be {wanted}.", place=str(self.path), mend=f"Correct {name}.")
