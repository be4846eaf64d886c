"""Results of Deutsche Post's Addressfactory as a table: whoever moved or died, told by status codes.

The order of the columns and their names are agreed with every job, so they are declared like those of any table. What
is the same in every job are the codes: three letters of the module, three digits of what was looked at (040 household,
050 person), three digits of what was found (112 moved, 120 deceased, 121 said to be deceased).
"""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import AfterValidator, Field

from trustdesk.batch.contracts import ListFile
from trustdesk.feeds.readers.mapping import Columns, checked
from trustdesk.feeds.readers.tables import records_of
from trustdesk.feeds.readers.values import Records, Setting
from trustdesk.updates.contracts import ChangeKind

STATUSES: Mapping[str, ChangeKind] = {"050112": ChangeKind.MOVE, "050120": ChangeKind.DEATH}
"""What is told of the person. A household that moved need not have taken everybody along, and what is only said of a
death is nobody's death: who wants these names them in `statuses`.
"""
_FIRST = (ChangeKind.DEATH, *(kind for kind in ChangeKind if kind is not ChangeKind.DEATH))
_STATUS = re.compile(r"(?<![0-9A-Za-z])(?:[A-Z]{3})?([0-9]{6})(?![0-9])")
_KEY = re.compile(r"[0-9]{6}")


def _key(text: str) -> str:
    if not _KEY.fullmatch(text):
        raise ValueError("status")
    return text


class Addressfactory(Columns):
    """A table with its codes. `status` names the columns that hold them, several in one cell or not.

    Without a column that says when, a change is of the day on which the result came in.
    """

    status: Annotated[tuple[str, ...], Field(min_length=1, max_length=20)]
    statuses: dict[Annotated[str, AfterValidator(_key)], ChangeKind] = Field(default_factory=lambda: dict(STATUSES))

    @property
    def named(self) -> Sequence[str]:
        return (*self.columns, *self.status)


def read_declared(given: Mapping[str, object]) -> Addressfactory:
    return checked(Addressfactory, given)


def read_addressfactory(file: ListFile, declared: Addressfactory, setting: Setting) -> Records:
    """A row without one of the codes tells of nobody. Somebody who moved and died, died."""

    def kind_of(values: Mapping[str, str]) -> ChangeKind | None:
        told = {
            declared.statuses.get(code)
            for column in declared.status
            for code in _STATUS.findall(values.get(column, ""))
        }
        return next((kind for kind in _FIRST if kind in told), None)

    return records_of(file, declared, setting, "csv", kind_of)
