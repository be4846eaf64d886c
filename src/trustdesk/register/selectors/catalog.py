"""Reading the catalog and the sources."""

from collections.abc import Mapping, Sequence
from typing import Any, LiteralString

from django.utils.translation import gettext as _

from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError
from trustdesk.register import wire
from trustdesk.register.contracts import Attribute, Source, SourceKind, ValueKind
from trustdesk.register.standard import STANDARD

_ATTRIBUTES = """
SELECT id, code, label, kind, category, purposes, legal_basis, retention_class, retention_period, sealed, many,
  fresh_days
FROM register_attribute WHERE controller_id = %s ORDER BY id
"""
_SOURCES: LiteralString = """
SELECT id, kind, name, legal_basis, seller, acquired_date, proof, evidence_sha256, created_at, created_by
FROM register_source WHERE controller_id = %s
"""
_SOURCE: LiteralString = _SOURCES + " AND id = %s"
_NEWEST_FIRST: LiteralString = _SOURCES + " ORDER BY id DESC"
_KINDS = "SELECT id, kind FROM register_source WHERE controller_id = %s"
_EVERYTHING = "dpv:PersonalData"  # the root of DPV's categories: a mandate that names it covers all of them
_NAMES = "pd:Name"


def catalog(context: AccessContext) -> Sequence[Attribute]:
    """The controller's declared attributes in their order."""
    with wire.within(context):
        return [_attribute(row) for row in wire.fetch(_ATTRIBUTES, context.controller_id)]


def standard_categories() -> Mapping[str, str]:
    """The categories of data that every company holds, in DPV's terms, each with the names of its attributes."""
    named: dict[str, list[str]] = {}
    for attribute in STANDARD:
        named.setdefault(attribute.category, []).append(_(attribute.label))
    return {term: ", ".join(labels) for term, labels in named.items()}


def by_code(context: AccessContext) -> Mapping[str, Attribute]:
    return {attribute.code: attribute for attribute in catalog(context)}


def by_id(context: AccessContext) -> Mapping[int, Attribute]:
    return {attribute.attribute_id: attribute for attribute in catalog(context)}


def covered(context: AccessContext, attribute: Attribute) -> bool:
    """Whether the mandate covers the attribute's category of data (GDPR Art. 28(3): "the type of personal data")."""
    return _EVERYTHING in context.categories or attribute.category in context.categories


def covers_names(context: AccessContext) -> bool:
    return _EVERYTHING in context.categories or _NAMES in context.categories


def source(context: AccessContext, source_id: int) -> Source:
    """One source. NotFoundError where there is none."""
    with wire.within(context):
        rows = wire.fetch(_SOURCE, context.controller_id, source_id)
    if not rows:
        raise NotFoundError(_("There is no such source."), place="source", mend=_("Choose one from the list."))
    return _source(rows[0])


def sources(context: AccessContext) -> Sequence[Source]:
    """The controller's sources, newest first."""
    with wire.within(context):
        return [_source(row) for row in wire.fetch(_NEWEST_FIRST, context.controller_id)]


def source_kinds(context: AccessContext) -> Mapping[int, SourceKind]:
    """Of which kind each source is. Whoever reads many values asks once: joined to every value, a source is looked up
    as often as there are values, or the values as often as there are sources.
    """
    with wire.within(context):
        return {number: SourceKind(kind) for number, kind in wire.fetch(_KINDS, context.controller_id)}


def _attribute(row: tuple[Any, ...]) -> Attribute:
    number, code, label, kind, category, purposes, legal_basis, *kept, sealed, many, fresh_days = row
    retention_class, retention_period = kept
    return Attribute(
        code=code,
        label=_(label) if label else code,
        kind=ValueKind(kind),
        category=category,
        purposes=tuple(purposes),
        legal_basis=legal_basis,
        retention_class=retention_class,
        retention_period=retention_period,
        sealed=sealed,
        many=many,
        fresh_days=fresh_days,
        attribute_id=number,
    )


def _source(row: tuple[Any, ...]) -> Source:
    number, kind, name, legal_basis, seller, acquired_date, proof, evidence_sha256, created_at, created_by = row
    return Source(
        source_id=number,
        kind=SourceKind(kind),
        name=name,
        legal_basis=legal_basis,
        seller=seller,
        acquired_date=acquired_date,
        proof=proof,
        evidence_sha256=bytes(evidence_sha256),
        created_at=created_at,
        created_by=created_by,
    )
