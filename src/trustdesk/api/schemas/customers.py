"""Customers as this interface shows them: every value with its origin and its freshness."""

from datetime import date
from typing import Annotated

from pydantic import Field

from trustdesk.api.schemas.common import Country, Given, GivenId, Id, Instant, Line, Prose, Receipt, Shown, Word
from trustdesk.register.contracts import (
    SHOWN,
    Card,
    CardValue,
    ConfirmedBy,
    CustomerKind,
    Hit,
    NewValue,
    Note,
    Notice,
    NoticeKind,
    Relationship,
    Restriction,
    RestrictionGround,
    SearchResult,
    SourceKind,
    TimelineEntry,
    ValueKind,
)

Language = Annotated[str, Field(pattern="^([A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*)?$", description="BCP 47")]


class Search(Given):
    """A query goes in the body: addresses are written down by proxies and logs."""

    query: Word
    limit: Annotated[int, Field(ge=1, le=1000)] = SHOWN
    country: Country = ""


class Found(Shown):
    customer_id: Id
    kind: CustomerKind
    name: str
    detail: str
    restricted: bool
    erased: bool

    @classmethod
    def of(cls, hit: Hit) -> "Found":
        return cls(
            customer_id=hit.customer_id,
            kind=hit.kind,
            name=hit.name,
            detail=hit.detail,
            restricted=hit.restricted,
            erased=hit.erased,
        )


class Findings(Shown):
    """`order` is "name" where all are shown, else "newest": then narrow the query."""

    items: list[Found]
    total_at_least: int
    truncated: bool
    order: str

    @classmethod
    def of(cls, result: SearchResult) -> "Findings":
        return cls(
            items=[Found.of(hit) for hit in result.rows],
            total_at_least=result.total_at_least,
            truncated=result.truncated,
            order=result.order,
        )


class Origin(Shown):
    source_id: Id
    kind: SourceKind
    name: str


class Value(Shown):
    """`text` is null where the value is restricted or erased."""

    value_id: Id
    customer_id: Id
    attribute: str
    kind: ValueKind
    text: str | None
    label: str
    shared_line: bool
    source: Origin
    recorded_at: Instant
    confirmed_at: Instant | None
    confirmed_by: ConfirmedBy | None
    stale: bool
    rectified: bool
    restricted: bool
    superseded_at: Instant | None
    superseded_by: Id | None

    @classmethod
    def of(cls, value: CardValue) -> "Value":
        return cls(
            value_id=value.value_id,
            customer_id=value.customer_id,
            attribute=value.attribute,
            kind=value.kind,
            text=value.text,
            label=value.label,
            shared_line=value.shared_line,
            source=Origin(source_id=value.source_id, kind=value.source_kind, name=value.source_name),
            recorded_at=value.recorded_at,
            confirmed_at=value.confirmed_at,
            confirmed_by=value.confirmed_by,
            stale=value.stale,
            rectified=value.rectified,
            restricted=value.restricted,
            superseded_at=value.superseded_at,
            superseded_by=value.superseded_by,
        )


class WrittenNote(Shown):
    note_id: Id
    text: str | None
    written_at: Instant
    written_by: Id

    @classmethod
    def of(cls, note: Note) -> "WrittenNote":
        return cls(note_id=note.note_id, text=note.text, written_at=note.written_at, written_by=note.written_by)


class Restricted(Shown):
    """GDPR Art. 18."""

    restricted_at: Instant
    ground: RestrictionGround

    @classmethod
    def of(cls, restriction: Restriction) -> "Restricted":
        return cls(restricted_at=restriction.restricted_at, ground=restriction.ground)


class NoticeForm(Given):
    """The information given under GDPR Art. 13 or 14, and its version."""

    kind: NoticeKind
    version: Word
    given_at: Instant

    def read(self) -> Notice:
        return Notice(self.kind, self.version, self.given_at)


class NoticeGiven(Shown):
    kind: NoticeKind
    version: str
    given_at: Instant


class RelationshipForm(Given):
    customer_since: date | None = None
    last_sale_date: date | None = None
    product_groups: Annotated[list[Word], Field(max_length=100)] = []

    def read(self) -> Relationship:
        return Relationship(
            customer_since=self.customer_since,
            last_sale_date=self.last_sale_date,
            product_groups=tuple(self.product_groups),
        )


class RelationshipShown(Shown):
    customer_since: date | None
    last_sale_date: date | None
    product_groups: list[str]


class CustomerCard(Shown):
    """All that is current about one customer. Reading it is entered in the log before it is answered."""

    customer_id: Id
    kind: CustomerKind
    name: str
    detail: str
    language: str
    employer_id: Id | None
    relationship: RelationshipShown
    restriction: Restricted | None
    merged_from: list[Id]
    notice: NoticeGiven | None
    art14_due_at: Instant | None
    created_at: Instant
    updated_at: Instant
    values: list[Value]
    notes: list[WrittenNote]

    @classmethod
    def of(cls, card: Card) -> "CustomerCard":
        relationship, restriction, notice = card.relationship, card.restriction, card.notice
        return cls(
            customer_id=card.customer_id,
            kind=card.kind,
            name=card.name,
            detail=card.detail,
            language=card.language,
            employer_id=card.employer_id,
            relationship=RelationshipShown(
                customer_since=relationship.customer_since,
                last_sale_date=relationship.last_sale_date,
                product_groups=list(relationship.product_groups),
            ),
            restriction=Restricted(restricted_at=restriction.restricted_at, ground=restriction.ground)
            if restriction
            else None,
            merged_from=list(card.merged_from),
            notice=NoticeGiven(kind=notice.kind, version=notice.version, given_at=notice.given_at) if notice else None,
            art14_due_at=card.art14_due_at,
            created_at=card.created_at,
            updated_at=card.updated_at,
            values=[Value.of(value) for value in card.values],
            notes=[WrittenNote.of(note) for note in card.notes],
        )


class ValueForm(Given):
    """One fact. `attribute` must be declared: see /attributes."""

    attribute: Word
    text: Prose
    label: Line = ""
    shared_line: bool = False
    confirmed_at: Instant | None = None
    confirmed_by: ConfirmedBy | None = None

    def read(self) -> NewValue:
        return NewValue(
            attribute=self.attribute,
            text=self.text,
            label=self.label,
            shared_line=self.shared_line,
            confirmed_at=self.confirmed_at,
            confirmed_by=self.confirmed_by,
        )


class AddedValueForm(ValueForm):
    """One more fact, and where it comes from."""

    source_id: GivenId


class CustomerForm(Given):
    """A customer with origin. From a direct source the Art. 13 notice is required; else the Art. 14 clock runs."""

    kind: CustomerKind
    values: Annotated[list[ValueForm], Field(min_length=1, max_length=200)]
    source_id: GivenId
    notice: NoticeForm | None = None
    language: Language = ""
    country: Country = ""
    relationship: RelationshipForm | None = None
    employer_id: GivenId | None = None
    collected_at: Instant | None = None


class ConfirmationForm(Given):
    by: ConfirmedBy


class CorrectionForm(Given):
    text: Prose
    source_id: GivenId
    by: ConfirmedBy


class NoteForm(Given):
    text: Prose


class CustomerReceipt(Receipt):
    customer_id: Id


class ValueReceipt(Receipt):
    """`value_id` is the value that holds now."""

    customer_id: Id
    value_id: Id


class NoteReceipt(Receipt):
    customer_id: Id
    note_id: Id


class Event(Shown):
    """`kind`: created, recorded, corrected, confirmed, ended, taken_back, withdrawn, noted, disclosed, restricted,
    released, merged, unmerged, notice, communicated.
    """

    at: Instant
    kind: str
    operator_id: Id | None
    value_id: Id | None
    detail: str

    @classmethod
    def of(cls, entry: TimelineEntry) -> "Event":
        return cls(
            at=entry.at,
            kind=entry.kind,
            operator_id=entry.operator_id,
            value_id=entry.value_id,
            detail=entry.detail,
        )
