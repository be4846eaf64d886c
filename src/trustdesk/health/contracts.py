"""What an examination finds. Codes and numbers only: nothing of a person is examined."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.utils.formats import localize
from django.utils.translation import gettext


class State(StrEnum):
    """How a check ended. What could not be decided is broken, never sound."""

    SOUND = "sound"
    WARNING = "warning"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Finding:
    """One check's answer. `message` and `mend` are untranslated texts with %(name)s places for `values`."""

    check: str
    state: State
    message: str
    values: Mapping[str, str | int | float] = field(default_factory=dict)
    mend: str = ""

    @property
    def text(self) -> str:
        """The message in the reader's language, and its numbers in the reader's manner."""
        if not self.values:
            return gettext(self.message)
        return gettext(self.message) % {
            name: localize(value) if isinstance(value, float) else value for name, value in self.values.items()
        }

    @property
    def mend_text(self) -> str:
        """What to do, in the reader's language; empty where there is nothing to do."""
        return gettext(self.mend) if self.mend else ""


@dataclass(frozen=True, slots=True)
class Examination:
    """All findings of one run, in the order of the checks."""

    at: datetime
    findings: tuple[Finding, ...]

    @property
    def state(self) -> State:
        """The worst state found."""
        found = {finding.state for finding in self.findings}
        return next(state for state in (State.BROKEN, State.WARNING, State.SOUND) if state in found | {State.SOUND})
