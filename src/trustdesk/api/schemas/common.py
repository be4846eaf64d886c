"""What the documents of this interface are made of."""

from datetime import UTC, datetime
from typing import Annotated, Generic, TypeVar

from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
)
from pydantic import WithJsonSchema as JsonForm

from trustdesk.kernel.errors import NotFoundError
from trustdesk.kernel.ids import from_public, to_public

_ID_FORM = {"type": "string", "pattern": "^[0-9A-HJKMNP-TV-Z]{13}$"}

Id = Annotated[int, PlainSerializer(to_public, return_type=str), JsonForm(_ID_FORM, mode="serialization")]
"""An identifier going out: thirteen letters of Crockford's base 32."""

PathId = Annotated[str, JsonForm(_ID_FORM)]
"""An identifier in an address: read by `identifier`, so that a wrong one is simply not found."""


def _in_utc(given: datetime) -> datetime:
    """Offsets of any size are allowed in RFC 3339; the database takes those of some place on earth."""
    try:
        return given.astimezone(UTC)
    except OverflowError:
        raise ValueError from None


Instant = Annotated[AwareDatetime, AfterValidator(_in_utc)]


def _from_public(text: object) -> int:
    if not isinstance(text, str):
        raise ValueError  # noqa: TRY004  # pydantic turns ValueError, and nothing else, into a fault of the input
    return from_public(text)


GivenId = Annotated[int, BeforeValidator(_from_public), JsonForm(_ID_FORM)]
"""An identifier in a body."""

_NO_CONTROLS = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"

Word = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=_NO_CONTROLS)]
Line = Annotated[str, StringConstraints(max_length=500, pattern=_NO_CONTROLS)]
Prose = Annotated[str, StringConstraints(min_length=1, max_length=10_000, pattern=_NO_CONTROLS)]
Country = Annotated[str, StringConstraints(pattern="^([A-Z]{2})?$"), Field(description="ISO 3166-1 alpha-2")]
Limit = Annotated[int, Field(ge=1, le=200)]


class Given(Schema):
    """What comes in: a member that is not known is a mistake, and no message quotes what was sent."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class Shown(Schema):
    """What goes out."""

    model_config = ConfigDict(hide_input_in_errors=True)


class Receipt(Shown):
    """The answer to a write: identifiers, codes and instants only, because it is remembered (ADR 9)."""


T = TypeVar("T")


class Page(Shown, Generic[T]):
    """A part of a list. `next` is given back as `cursor` for the part after it; null at the end."""

    items: list[T]
    next: str | None


def identifier(text: str) -> int:
    """The identifier in an address. NotFoundError for what is none: it is not said why."""
    try:
        return from_public(text)
    except ValueError:
        raise NotFoundError(_("Nothing of that name is to be seen from here."), mend=_("Check the address.")) from None
