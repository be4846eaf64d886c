"""Frozen values that cross the register's door. No model and no queryset does."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class CustomerKind(StrEnum):
    PERSON = "person"
    COMPANY = "company"
    SOLE_TRADER = "sole_trader"
    NAMED_EMPLOYEE = "named_employee"  # a contact of a company: `employer_id` names the company's customer


class SourceKind(StrEnum):
    DIRECT = "direct"  # from the customer, GDPR Art. 13
    IMPORT = "import"  # the controller's own older system
    BOUGHT = "bought"
    FEED = "feed"
    OTHER = "other"


class ValueKind(StrEnum):
    """How a value is checked, normalised and made findable."""

    NAME = "name"
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    HANDLE = "handle"  # chat or social network
    PLACE = "place"  # town, municipality
    REGION = "region"
    BIRTH_DATE = "birth_date"
    DATE = "date"
    EXTERNAL_ID = "external_id"
    CODE = "code"
    TEXT = "text"


CONTACT_POINTS = frozenset({ValueKind.PHONE, ValueKind.EMAIL, ValueKind.ADDRESS, ValueKind.HANDLE})


SHOWN = 20
"""So many customers a search shows where nobody asks for more. Each one shown is a person opened: who is not among the
first twenty is found by another word, not by reading on (GDPR Art. 5(1)(c)).
"""


class ConfirmedBy(StrEnum):
    """By what a value was found still true."""

    CUSTOMER = "customer"
    DOCUMENT = "document"
    FEED = "feed"
    DELIVERY = "delivery"  # a letter or message arrived
    OPERATOR = "operator"


class RestrictionGround(StrEnum):
    """GDPR Art. 18(1), and what is left after erasure because a law keeps it (Art. 17(3)(b))."""

    ACCURACY_CONTESTED = "a"
    UNLAWFUL_BUT_KEEP = "b"
    NEEDED_FOR_CLAIMS = "c"
    OBJECTION_PENDING = "d"
    KEPT_BY_LAW = "law"


class NoticeKind(StrEnum):
    ART13 = "art13"
    ART14 = "art14"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One declared attribute. What is not declared does not exist.

    `category` ("pd:Name"), `purposes` ("dpv:CustomerCare") and `legal_basis` ("eu-gdpr:A6-1-b") are terms of the Data
    Privacy Vocabulary 2.3.
    `retention_class` names the data key its values are sealed under ("service", "proof", "statutory:<rule>"),
    `retention_period` is an ISO 8601 duration counted from the end of the relationship. A value that is not sealed
    can be filtered by and must not identify a person. `fresh_days`: without confirmation for longer it is stale.
    """

    code: str
    label: str
    kind: ValueKind
    category: str
    purposes: Sequence[str]
    legal_basis: str
    retention_class: str = "service"
    retention_period: str = "P3Y"
    sealed: bool = True
    many: bool = False  # several current values may stand side by side
    fresh_days: int = 365
    attribute_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSource:
    """Where values come from. A bought list needs seller, date, legal basis and proof."""

    kind: SourceKind
    name: str
    legal_basis: str = ""
    seller: str = ""
    acquired_date: date | None = None
    proof: str = ""  # reference of the contract or document
    evidence_sha256: bytes = b""  # digest of the stored evidence file


@dataclass(frozen=True, slots=True, kw_only=True)
class Source(NewSource):
    source_id: int
    created_at: datetime
    created_by: int


@dataclass(frozen=True, slots=True)
class NewValue:
    """One fact about a customer; `label` says which of several ("mobile", "work", "billing")."""

    attribute: str
    text: str = field(repr=False)
    label: str = ""
    shared_line: bool = False
    confirmed_at: datetime | None = None
    confirmed_by: ConfirmedBy | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """The information given to the customer under GDPR Art. 13 or 14, and its version."""

    kind: NoticeKind
    version: str
    given_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Relationship:
    """How the customer stands to the controller; law on existing customers (soft opt-in) reads it."""

    customer_since: date | None = None
    last_sale_date: date | None = None
    product_groups: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCustomer:
    """A customer about to be added by a list. `collected_at` starts the Art. 14 clock (now where it is not known)."""

    kind: CustomerKind
    values: Sequence[NewValue] = field(repr=False)
    language: str = ""  # BCP 47
    country: str = ""  # ISO 3166-1 alpha-2: how national phone numbers are read; the controller's where empty
    relationship: Relationship = Relationship()
    notice: Notice | None = None
    collected_at: datetime | None = None
    employer_id: int | None = None


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a row was not let in. `code`: bad-input, undeclared, not-admitted. No personal data in any field."""

    code: str
    reason: str
    attribute: str = ""
    source_of_law: str = ""


@dataclass(frozen=True, slots=True)
class AddOutcome:
    """Exactly one of the two is set."""

    customer_id: int | None
    rejection: Rejection | None = None


@dataclass(frozen=True, slots=True)
class AddResult:
    """One outcome a row, in the order given."""

    outcomes: Sequence[AddOutcome]

    @property
    def added(self) -> int:
        return sum(outcome.customer_id is not None for outcome in self.outcomes)

    @property
    def rejected(self) -> int:
        return len(self.outcomes) - self.added


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
    stale: bool
    rectified: bool  # corrected on the customer's own word (Art. 16): lists and feeds don't overwrite it
    restricted: bool
    withheld: bool
    superseded_at: datetime | None
    superseded_by: int | None

    @property
    def contact_point(self) -> bool:
        return self.kind in CONTACT_POINTS


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
class TimelineEntry:
    """What happened, newest first. `kind`: created, recorded, corrected, confirmed, noted, disclosed, restricted,
    released, merged, unmerged, notice, communicated. `detail` holds codes and names of sources or recipients.
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
