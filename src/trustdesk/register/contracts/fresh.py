"""How long a confirmation counts, what is asked once, and what needs no asking."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from trustdesk.register.contracts.kinds import ConfirmedBy, SourceKind, ValueKind
from trustdesk.register.contracts.shown import CardValue

MOST_FRESH_DAYS = 3650


@dataclass(frozen=True, slots=True, kw_only=True)
class FreshnessRule:
    """For how many days a confirmation of the attribute counts: one `by` something, or one by the named source."""

    attribute: str
    by: ConfirmedBy | None
    source_id: int | None
    source_name: str
    days: int
    set_at: datetime
    set_by: int


class Answer(StrEnum):
    """What became of the one question of a conversation. Empty while it stands."""

    TRUE = "true"
    CHANGED = "changed"  # what it is now is still to be said
    CORRECTED = "corrected"
    NOT_NOW = "not_now"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """The one thing to ask in a conversation; `changed`: it is known to be wrong, and what is right is to be said."""

    value: CardValue
    changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Of the current values of one attribute from one source, confirmed by one thing or never, how many are fresh."""

    attribute: str
    attribute_label: str
    kind: ValueKind
    source_id: int
    source_kind: SourceKind
    source_name: str
    by: ConfirmedBy | None
    held: int
    fresh: int
    counted_at: datetime


@dataclass(frozen=True, slots=True)
class SparedOfDay:
    """Questions of an attribute that a day spared; days are those of UTC."""

    day: date
    attribute: str
    attribute_label: str
    count: int


@dataclass(frozen=True, slots=True)
class DuePoint:
    """A value that is due, without what it says."""

    customer_id: int
    value_id: int
    source_name: str
    fresh_from: datetime
    by: ConfirmedBy | None
