"""What is declared of a feed of rows: which column is what. Checked as it is stored and as it is read."""

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Annotated, Literal, NamedTuple, Self, TypeVar
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from trustdesk.batch.api import ENCODINGS
from trustdesk.feeds.readers.composing import PARTS
from trustdesk.kernel.errors import BadInputError
from trustdesk.updates.contracts import ChangeKind

ROLES = ("person", "becomes", "ends")
SINGLE = ("kind", "as_of", "position", "key", "country")
_TARGET = re.compile(r"(person|becomes|ends):([a-z][a-z0-9_]{0,59})(?:/([a-z_]+))?")
ISO = "iso"
Declared = TypeVar("Declared", bound=BaseModel)
_DIRECTIVES = re.compile(r"(?:[^%]|%[dmyYHMSfzjbB%])*\Z")


class Target(NamedTuple):
    """What a column says: a value of an attribute before or after the change, or a part of an address."""

    role: str
    attribute: str = ""
    part: str = ""


def target_of(text: str) -> Target:
    """`person:family_name`, `becomes:address/street`, `kind`, …; ValueError for anything else."""
    if text in SINGLE:
        return Target(text)
    found = _TARGET.fullmatch(text)
    if not found or (found[3] and (found[2] != "address" or found[3] not in PARTS)):
        raise ValueError("target")
    return Target(found[1], found[2], found[3] or "")


class Columns(BaseModel):
    """What every table is told. `columns` says of each column what it is; those that are not named are passed over.

    `as_of` is `iso` or a pattern of days and hours (%d.%m.%Y); a day without an hour begins in `zone`, or where the
    feed's country is.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_max_length=500)

    columns: Annotated[dict[str, str], Field(min_length=1, max_length=200)]
    as_of: str = ISO
    zone: str = ""
    encoding: str = ""
    delimiter: Literal["", ",", ";", "\t", "|"] = ""

    @field_validator("columns")
    @classmethod
    def _columns(cls, columns: dict[str, str]) -> dict[str, str]:
        targets = [target_of(text) for text in columns.values()]
        singles = [target.role for target in targets if not target.attribute]
        if len(singles) != len(set(singles)):
            raise ValueError("twice")
        return columns

    @field_validator("as_of")
    @classmethod
    def _pattern(cls, text: str) -> str:
        if text != ISO and not ("%" in text and _DIRECTIVES.match(text)):
            raise ValueError("pattern")
        return text

    @field_validator("zone")
    @classmethod
    def _zone(cls, text: str) -> str:
        if text:
            try:
                ZoneInfo(text)
            except (KeyError, OSError, ValueError):
                raise ValueError("zone") from None
        return text

    @field_validator("encoding")
    @classmethod
    def _encoding(cls, text: str) -> str:
        if text and text not in ENCODINGS:
            raise ValueError("encoding")
        return text

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if not self.roles & {"person", "key"}:
            raise ValueError("person")
        return self

    @cached_property
    def targets(self) -> Mapping[str, Target]:
        return {column: target_of(text) for column, text in self.columns.items()}

    @property
    def named(self) -> Sequence[str]:
        """The columns that a table has to have."""
        return tuple(self.columns)

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(target.role for target in self.targets.values())


class Mapped(Columns):
    """A table of changes. `kind` is what every record is, where no column says it; `kinds` translates what one says."""

    kind: ChangeKind | Literal[""] = ""
    kinds: dict[str, ChangeKind] = Field(default_factory=dict, max_length=100)

    @model_validator(mode="after")
    def _dated(self) -> Self:
        if "as_of" not in self.roles:
            raise ValueError("as_of")
        if (self.kind == "") == ("kind" not in self.roles):
            raise ValueError("kind")
        return self


def read_mapping(given: Mapping[str, object]) -> Mapped:
    """The mapping, checked. BadInputError names the part that does not fit, and never what stood in it."""
    return checked(Mapped, given)


def checked(model: type[Declared], given: Mapping[str, object]) -> Declared:
    try:
        return model.model_validate(dict(given))
    except ValidationError as fault:
        first = fault.errors(include_input=False, include_url=False)[0]
        said = str(first.get("ctx", {}).get("error", first["type"]))
        place = str(first["loc"][0]) if first["loc"] else said
        raise BadInputError(_("This part of the reading does not fit."), place=place, mend=_mend(said)) from None


def _mend(said: str) -> str:
    return {
        "target": _(
            "A column is a value (person:family_name, becomes:address/street, ends:phone) or one of: {words}."
        ).format(words=", ".join(SINGLE)),
        "twice": _("Two columns say the same thing."),
        "pattern": _("Say iso, or a pattern of days and hours such as %d.%m.%Y."),
        "zone": _("A time zone such as Europe/Helsinki."),
        "encoding": _("One of: {words}.").format(words=", ".join(ENCODINGS)),
        "as_of": _("One column has to say from when on the change holds."),
        "person": _("At least one column has to say who the person is."),
        "status": _("A status is six digits, such as 050112; the module's letters are left out."),
        "kind": _("Either one column says what changed, or every record is of one kind."),
    }.get(said, _("See the reference of feed formats."))
