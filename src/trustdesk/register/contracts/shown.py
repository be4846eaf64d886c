"""What is shown: lines of a search, the card and what stands beside it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from trustdesk.register.contracts.incoming import Notice, Relationship
from trustdesk.register.contracts.kinds import (
    CONTACT_POINTS,
    ConfirmedBy,
    CustomerKind,
    RestrictionGround,
    SourceKind,
    ValueKind,
)
from trustdesk.vault.contracts import SealedBox, TokenKind

POINT_RESTS = timedelta(days=30)
"""For how long a contact point has to have stood before anybody is known by it (GDPR Art. 5(1)(f), 12(6))."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One line of a search. A restricted customer (Art. 18) shows neither name nor detail."""

    customer_id: int
    kind: CustomerKind
    name: str = field(repr=False)
    detail: str = field(repr=False)  # town, to tell namesakes apart
    restricted: bool = False
    erased: bool = False  # the key is destroyed


@dataclass(frozen=True, slots=True)
class SearchResult:
    """`order` is "name" where all hits are shown, else "newest": then ask the operator to refine."""

    rows: Sequence[Hit]
    total_at_least: int
    truncated: bool
    order: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardValue:
    """One value with its origin and freshness.

    `text` is None where it is restricted, its category lies outside the mandate (`withheld`), or its key is destroyed.
    """

    value_id: int
    customer_id: int  # the customer it was recorded for: another one than the card's after a merge
    attribute: str
    attribute_label: str
    kind: ValueKind
    text: str | None = field(repr=False)
    label: str
    shared_line: bool
    source_id: int
    source_kind: SourceKind
    source_name: str
    recorded_at: datetime
    confirmed_at: datetime | None
    confirmed_by: ConfirmedBy | None
    confirmed_by_operator: int | None
    fresh_days: int  # for how long the confirmation counts, or the value as it was recorded where there is none
    stale: bool
    rectified: bool  # corrected on the customer's own word (Art. 16): lists and feeds don't overwrite it
    restricted: bool
    withheld: bool
    superseded_at: datetime | None
    superseded_by: int | None

    @property
    def contact_point(self) -> bool:
        return self.kind in CONTACT_POINTS


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvingPoint:
    """A contact point that has stood long enough, without what it says."""

    value_id: int
    customer_id: int  # the customer it was recorded for
    kind: ValueKind
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedValue:
    """A current value as it is stored: a box, or an open text where the attribute is not sealed."""

    value_id: int
    customer_id: int  # the customer it was recorded for
    attribute: str
    kind: ValueKind
    category: str
    box: SealedBox | None
    open_text: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Identifying:
    """A value by which a person is known elsewhere; not `current` where another has taken its place since, or it went.
    `superseded_by` is the number of that other.
    """

    value: SealedValue
    current: bool
    superseded_by: int | None


@dataclass(frozen=True, slots=True)
class Age:
    """`years` is None where no birth date is recorded, or where it is and can't be read."""

    recorded: bool
    years: int | None


@dataclass(frozen=True, slots=True)
class Note:
    note_id: int
    text: str | None = field(repr=False)
    written_at: datetime
    written_by: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    restricted_at: datetime
    ground: RestrictionGround


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """All that is current about one customer. `values` in the catalog's order."""

    customer_id: int
    kind: CustomerKind
    name: str = field(repr=False)
    detail: str = field(repr=False)
    language: str
    country: str  # ISO 3166-1 alpha-2, whose law counts; empty where it is not known
    employer_id: int | None
    relationship: Relationship
    restriction: Restriction | None
    merged_from: Sequence[int]
    notice: Notice | None
    art14_due_at: datetime | None  # None where notice was given or Art. 13 applied
    created_at: datetime
    updated_at: datetime
    values: Sequence[CardValue]
    notes: Sequence[Note]

    @property
    def contact_points(self) -> Sequence[CardValue]:
        return [value for value in self.values if value.contact_point]


@dataclass(frozen=True, slots=True, kw_only=True)
class Employment:
    """A named employee's companies, and a company's named employees; `more` where not all of these are shown."""

    employers: Sequence[Hit] = ()
    employees: Sequence[Hit] = ()
    more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """What happened, newest first. `kind`: created, recorded, corrected, confirmed, ended, taken_back, withdrawn,
    noted, disclosed, restricted, released, merged, unmerged, notice, communicated. `detail` holds codes and
    names of sources or recipients.
    """

    at: datetime
    kind: str
    operator_id: int | None
    value_id: int | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """Which value went to whom, when and why (GDPR Art. 15(1)(c), 19, 30)."""

    disclosure_id: int
    customer_id: int
    value_id: int
    attribute: str
    recipient: str
    purpose: str
    legal_basis: str
    disclosed_at: datetime
    disclosed_by: int


@dataclass(frozen=True, slots=True)
class Bases:
    """On what a customer's data rest. `related`: a relationship is on record; `parted`: one was, and has ended;
    `employs`: somebody is on record as working there. `sources`: their legal bases, as terms of the DPV.
    """

    related: bool
    parted: bool
    employs: bool
    sources: frozenset[str]


@dataclass(frozen=True, slots=True)
class KnownBy:
    """Something a person is known by: a name, a number, an address. `found_as`: how tokens are made of it."""

    customer_id: int
    kind: ValueKind
    found_as: TokenKind
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class InventoryRow:
    """What is held under one attribute from one source: how much, why, until when, since when."""

    attribute: str
    attribute_label: str
    category: str
    purposes: Sequence[str]
    legal_basis: str
    retention_class: str
    retention_period: str
    sealed: bool
    source_id: int
    source_kind: SourceKind
    source_name: str
    values: int
    customers: int
    never_confirmed: int
    oldest_recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeDue:
    """A customer whom the Art. 14 information must reach by `due_at`."""

    customer_id: int
    source_id: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Renewal:
    """How far the making anew of tokens is: customers done by this call, and customers left."""

    done: int
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """`customer_id` is shown as one with `into_id`; `moved` were shown as one with `customer_id` before.

    `carried_by` is a later merge that carried this one along and is undone before it.
    """

    merge_id: int
    into_id: int
    customer_id: int
    moved: Sequence[int]
    reason: str
    merged_at: datetime
    merged_by: int
    carried_by: int | None


@dataclass(frozen=True, slots=True)
class Record:
    """One of several records shown as one, and how much was recorded for it: current values, notes."""

    hit: Hit
    created_at: datetime
    values: int
    notes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Parting:
    """What comes apart when a merge is undone; each side's first record is the one as which it is shown then."""

    merge: Merge
    staying: Sequence[Record]
    leaving: Sequence[Record]


@dataclass(frozen=True, slots=True)
class MergeRecord:
    """Two customers shown as one: `customer_id` as `into_id`. `undone_at` is set where they are apart again."""

    merge_id: int
    into_id: int
    customer_id: int
    reason: str
    merged_at: datetime
    merged_by: int
    undone_at: datetime | None
    undone_by: int | None


@dataclass(frozen=True, slots=True)
class FreeText:
    """What somebody wrote about a customer, opened, and in which row it stands."""

    customer_id: int
    table: str
    row_id: int
    text: str = field(repr=False)
