"""What a feed changes: what somebody is known by, what is said to be so now, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from trustdesk.register.contracts.kinds import ConfirmedBy, CustomerKind, SourceKind, ValueKind

MATCHED = frozenset(
    {
        ValueKind.NAME,
        ValueKind.PHONE,
        ValueKind.EMAIL,
        ValueKind.ADDRESS,
        ValueKind.PLACE,
        ValueKind.BIRTH_DATE,
        ValueKind.EXTERNAL_ID,
    }
)
"""The kinds of values by which a person is known again. No notes, no remarks."""


@dataclass(slots=True)  # not frozen: seven of them a customer, a thousand customers at once
class HeldValue:
    """A current value, opened to compare with. `text` is empty where the value is restricted (GDPR Art. 18)."""

    value_id: int
    customer_id: int  # the customer it was recorded for: another one than it is shown as after a merge
    attribute: str
    kind: ValueKind
    text: str = field(repr=False)
    shared_line: bool
    source_id: int
    source_kind: SourceKind
    recorded_at: datetime
    confirmed_at: datetime | None
    confirmed_by: ConfirmedBy | None
    rectified: bool
    restricted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Somebody of the register: all `records` that are shown as one, the one as which they are shown first.

    Of who is restricted (Art. 18) there are no values. `country` as recorded, else the company's.
    """

    shown_as: int
    records: Sequence[int]
    kind: CustomerKind
    country: str
    restricted: bool
    values: Sequence[HeldValue] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueChange:
    """A feed says: from `as_of` on this is so. An empty `text`: what it `replaces` holds no more, without a successor.

    `replaces` is the current value meant; without it the one there is, where the attribute holds one only. For
    `outranked_for` what the customer gave outranks what a feed says. `label` where it is another than the replaced
    value's.
    """

    customer_id: int
    attribute: str
    text: str = field(repr=False)
    replaces: int | None = None
    as_of: datetime
    outranked_for: timedelta = timedelta(days=365)
    label: str = ""
    shared_line: bool = False


class Became(StrEnum):
    REPLACED = "replaced"
    ADDED = "added"
    CONFIRMED = "confirmed"
    ENDED = "ended"
    KEPT = "kept"  # nothing was written


class KeptFor(StrEnum):
    """Why what stood was kept."""

    NOTHING = ""
    RESTRICTED = "restricted"  # GDPR Art. 18: stored, and nothing else
    RECTIFIED = "rectified"  # Art. 16: on the person's own word, or a document
    CUSTOMER = "customer"  # what the customer gave outranks a feed for a while
    NEWER = "newer"  # what stands was found true later than the feed says
    BAD_VALUE = "bad-value"
    UNDECLARED = "undeclared"
    MEANWHILE = "meanwhile"  # what it replaces counts no more, or is not this customer's
    NOBODY = "nobody"  # no such customer, or erased


@dataclass(frozen=True, slots=True)
class Confirmation:
    """When a value was last found true, and by what."""

    at: datetime
    by: ConfirmedBy


@dataclass(frozen=True, slots=True)
class Changed:
    """What became of a change. Given back as `TakeBack(customer_id, new_value_id, old_value_id)` it is undone.

    A replaced value has both numbers, an added one only a new, an ended one only an old. A confirmed value has twice
    the same, or only the old where nothing was written: it had been confirmed later, or by the customer (`why`). Where
    it was written `confirmed_at` is as of when, and `before` the confirmation in whose place that came.
    """

    what: Became
    why: KeptFor = KeptFor.NOTHING
    old_value_id: int | None = None
    new_value_id: int | None = None
    confirmed_at: datetime | None = None
    before: Confirmation | None = None


@dataclass(frozen=True, slots=True)
class Removed:
    """A value that a feed gave and that was deleted, by its number; `counted`: it was current until then."""

    customer_id: int
    value_id: int
    attribute: str
    counted: bool


@dataclass(frozen=True, slots=True)
class TakeBack:
    """A change that was wrong, by what `Changed` gave."""

    customer_id: int
    new_value_id: int | None
    old_value_id: int | None
    confirmed_at: datetime | None = None
    before: Confirmation | None = None
