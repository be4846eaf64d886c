"""What comes in: declared attributes, sources, and customers about to be added, with what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from trustdesk.register.contracts.kinds import ConfirmedBy, CustomerKind, NoticeKind, SourceKind, ValueKind


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
    # ISO 3166-1 alpha-2: where the customer is, and how national phone numbers are read. Where empty: the country of
    # the first phone's international prefix, and national numbers are read as the controller's.
    country: str = ""
    relationship: Relationship = Relationship()
    notice: Notice | None = None
    collected_at: datetime | None = None
    employer_id: int | None = None


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a row was not let in. `code`: bad-input, undeclared, or a gate's own, as not-admitted and erased. No personal
    data in any field.
    """

    code: str
    reason: str
    attribute: str = ""
    source_of_law: str = ""
    by_gate: bool = False


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
