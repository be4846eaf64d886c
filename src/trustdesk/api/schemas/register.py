"""What the register is made of: declared attributes, sources, and the inventory of what is held."""

import binascii
from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from trustdesk.api.schemas.common import Given, Id, Instant, Line, Receipt, Shown, Word
from trustdesk.register.contracts import Attribute, InventoryRow, NewSource, Source, SourceKind, ValueKind

Digest = Annotated[str, StringConstraints(pattern="^([0-9a-f]{64})?$"), Field(description="SHA-256, hexadecimal")]


class AttributeShown(Shown):
    """A declared attribute: what may be held, why, and for how long. What is not declared does not exist."""

    code: str
    label: str
    kind: ValueKind
    category: str
    purposes: list[str]
    legal_basis: str
    retention_class: str
    retention_period: str
    sealed: bool
    many: bool
    fresh_days: int

    @classmethod
    def of(cls, attribute: Attribute) -> "AttributeShown":
        return cls(
            code=attribute.code,
            label=attribute.label,
            kind=attribute.kind,
            category=attribute.category,
            purposes=list(attribute.purposes),
            legal_basis=attribute.legal_basis,
            retention_class=attribute.retention_class,
            retention_period=attribute.retention_period,
            sealed=attribute.sealed,
            many=attribute.many,
            fresh_days=attribute.fresh_days,
        )


class SourceForm(Given):
    """Where values come from. A bought list needs seller, date, legal basis and proof."""

    kind: SourceKind
    name: Word
    legal_basis: Line = ""
    seller: Line = ""
    acquired_date: date | None = None
    proof: Line = ""
    evidence_sha256: Digest = ""

    def read(self) -> NewSource:
        return NewSource(
            kind=self.kind,
            name=self.name,
            legal_basis=self.legal_basis,
            seller=self.seller,
            acquired_date=self.acquired_date,
            proof=self.proof,
            evidence_sha256=binascii.unhexlify(self.evidence_sha256),
        )


class SourceShown(Shown):
    source_id: Id
    kind: SourceKind
    name: str
    legal_basis: str
    seller: str
    acquired_date: date | None
    proof: str
    evidence_sha256: str
    created_at: Instant
    created_by: Id

    @classmethod
    def of(cls, source: Source) -> "SourceShown":
        return cls(
            source_id=source.source_id,
            kind=source.kind,
            name=source.name,
            legal_basis=source.legal_basis,
            seller=source.seller,
            acquired_date=source.acquired_date,
            proof=source.proof,
            evidence_sha256=source.evidence_sha256.hex(),
            created_at=source.created_at,
            created_by=source.created_by,
        )


class SourceReceipt(Receipt):
    source_id: Id


class Holding(Shown):
    """What is held under one attribute from one source: how much, why, until when, since when."""

    attribute: str
    attribute_label: str
    category: str
    purposes: list[str]
    legal_basis: str
    retention_class: str
    retention_period: str
    sealed: bool
    source_id: Id
    source_kind: SourceKind
    source_name: str
    values: int
    customers: int
    never_confirmed: int
    oldest_recorded_at: Instant

    @classmethod
    def of(cls, row: InventoryRow) -> "Holding":
        return cls(
            attribute=row.attribute,
            attribute_label=row.attribute_label,
            category=row.category,
            purposes=list(row.purposes),
            legal_basis=row.legal_basis,
            retention_class=row.retention_class,
            retention_period=row.retention_period,
            sealed=row.sealed,
            source_id=row.source_id,
            source_kind=row.source_kind,
            source_name=row.source_name,
            values=row.values,
            customers=row.customers,
            never_confirmed=row.never_confirmed,
            oldest_recorded_at=row.oldest_recorded_at,
        )
