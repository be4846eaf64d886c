"""Customers about to be changed by a feed: locked in one order, their values opened together, and what stands of them
while one change after the other is applied.

What is compared and made findable anew is what was opened here, under the lock: of what somebody opened before, part
may have been changed since, and no token is made of a text that the register did not read from its own rows.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, LiteralString

from trustdesk.kernel.context import AccessContext, Opening
from trustdesk.register import wire
from trustdesk.register.contracts import Attribute, ConfirmedBy, CustomerKind, RestrictionGround, SourceKind, ValueKind
from trustdesk.register.home import country_of
from trustdesk.register.places import value_place
from trustdesk.register.selectors.catalog import by_id, source_kinds
from trustdesk.register.selectors.persons import hold_persons
from trustdesk.vault.api import SealedBox, open_many

_RECORDS = """
SELECT id, kind, language, country, token_edition, restricted_at IS NOT NULL, restriction_ground, created_at,
  collected_at
FROM register_customer WHERE controller_id = %s AND id = ANY(%s)
"""
_VALUES: LiteralString = """
SELECT v.customer_id, v.id, v.attribute_id, v.sealed, v.open_text, v.label, v.shared_line, v.source_id, v.recorded_at,
  v.confirmed_at, v.confirmed_by, v.rectified, v.restricted_at IS NOT NULL, v.superseded_at IS NULL, v.superseded_by
FROM register_value v WHERE v.controller_id = %s AND v.customer_id = ANY(%s)
"""
_CURRENT: LiteralString = _VALUES + " AND v.superseded_at IS NULL"
_FORMER: LiteralString = _VALUES + " AND v.superseded_at IS NOT NULL"
_ERASED = RestrictionGround.KEPT_BY_LAW.value
_OWN_WORD = frozenset({ConfirmedBy.CUSTOMER.value, ConfirmedBy.DOCUMENT.value})


@dataclass(slots=True)
class Standing:
    """A value as it stands by now. `stood`: it was current before anything was changed.

    `since` is when it was last found true, `given_at` when the customer last gave it, where the customer did.
    """

    value_id: int
    customer_id: int
    attribute: Attribute
    text: str | None = field(repr=False)  # None: not opened
    label: str
    shared_line: bool
    since: datetime
    given_at: datetime | None
    confirmed_at: datetime | None
    confirmed_by: str | None
    rectified: bool
    restricted: bool
    stood: bool
    current: bool
    superseded_by: int | None = None

    @property
    def on_their_word(self) -> bool:
        """Whether the customer or a document is the last that found it true."""
        return self.confirmed_by in _OWN_WORD

    @property
    def order(self) -> tuple[int, int]:
        """The first current text of an attribute is the one that a list shows."""
        return self.attribute.attribute_id, self.value_id


@dataclass(slots=True)
class Record:
    customer_id: int
    kind: CustomerKind
    language: str
    country: str
    edition: int
    restricted: bool
    created_at: datetime
    collected_at: datetime
    values: list[Standing] = field(default_factory=list, repr=False)


@dataclass(slots=True)
class Person:
    """All records that are shown as one, the one as which they are shown first."""

    records: Sequence[Record]

    @property
    def restricted(self) -> bool:
        return any(record.restricted for record in self.records)

    def record(self, customer_id: int) -> Record:
        return next(record for record in self.records if record.customer_id == customer_id)

    def values(self, attribute: Attribute) -> Iterator[Standing]:
        """Those that count by now, those of the record that is shown first before others."""
        for record in self.records:
            for value in record.values:
                if value.current and value.attribute.attribute_id == attribute.attribute_id:
                    yield value

    def struck_out(self, attribute: Attribute) -> Iterator[str]:
        """What a value said in whose place the customer, or a document, put another (GDPR Art. 16)."""
        values = [value for record in self.records for value in record.values]
        rectified = {value.value_id for value in values if value.rectified}
        for value in values:
            if value.superseded_by in rectified and value.attribute.attribute_id == attribute.attribute_id:
                yield value.text or ""

    def value(self, value_id: int | None) -> Standing | None:
        return next((each for record in self.records for each in record.values if each.value_id == value_id), None)


def stand(
    context: AccessContext, customer_ids: Iterable[int], *, what: str, former: Sequence[int] = ()
) -> Mapping[int, Person]:
    """Each of the customers with all who are shown as one, locked until the transaction ends; their values opened in
    one entry, those of `former` too that count no more. Call inside `scoped`.

    Nothing is opened of who is restricted (GDPR Art. 18). Strangers and who was erased are left out.
    """
    together = hold_persons(context, sorted(set(customer_ids)))
    records = _records(context, sorted({each for ids in together.values() for each in ids}))
    # Whoever asks for one of those shown as one gets the same person.
    known: dict[tuple[int, ...], Person] = {}
    for ids in together.values():
        if ids[0] in records:
            known.setdefault(ids, Person([records[each] for each in ids if each in records]))
    free = {record.customer_id: record for each in known.values() if not each.restricted for record in each.records}
    if free:
        _fill(context, free, what=what, former=former)
    return {asked: known[ids] for asked, ids in together.items() if ids in known}


def _records(context: AccessContext, ids: Sequence[int]) -> dict[int, Record]:
    home = country_of(context)
    rows = wire.fetch(_RECORDS, context.controller_id, wire.Int8Column(ids)) if ids else []
    return {
        row[0]: Record(row[0], CustomerKind(row[1]), row[2], row[3] or home, row[4], row[5], row[7], row[8])
        for row in rows
        if row[6] != _ERASED
    }


def _fill(context: AccessContext, records: Mapping[int, Record], *, what: str, former: Sequence[int]) -> None:
    attributes, ids = by_id(context), wire.Int8Column(list(records))
    rows = wire.fetch(_CURRENT, context.controller_id, ids)
    rows += _former(context, rows, records, former)
    kinds = source_kinds(context)
    sealed: list[tuple[Standing, SealedBox]] = []
    for row in rows:
        value = _standing(row, attributes[row[2]], records[row[0]], direct=kinds[row[7]] is SourceKind.DIRECT)
        records[row[0]].values.append(value)
        if row[3] is not None and value.attribute.kind is not ValueKind.TEXT:
            box = SealedBox(row[0], value.attribute.retention_class, value_place(row[1]), row[3])
            sealed.append((value, box))
    if sealed:
        subjects = list(dict.fromkeys(box.customer_id for _value, box in sealed))
        opening = Opening(what, subjects, sorted({value.attribute.code for value, _box in sealed}))
        texts = open_many(context, opening=opening, boxes=[box for _value, box in sealed])
        for (value, _box), text in zip(sealed, texts, strict=True):
            value.text = text
    for record in records.values():
        record.values.sort(key=lambda value: value.order)


def _former(
    context: AccessContext, current: Sequence[tuple[Any, ...]], records: Mapping[int, Record], former: Sequence[int]
) -> list[tuple[Any, ...]]:
    """Of what counts no more, what was asked for, and what was struck out on the person's own word."""
    owners = list(records) if former else sorted({row[0] for row in current if row[11]})
    if not owners:
        return []
    # Picked here: of two arrays an index of both columns would try every pair.
    rows = wire.fetch(_FORMER, context.controller_id, wire.Int8Column(owners))
    asked, rectified = frozenset(former), {row[1] for row in (*current, *rows) if row[11]}
    return [row for row in rows if row[1] in asked or row[14] in rectified]


def _standing(row: tuple[Any, ...], attribute: Attribute, record: Record, *, direct: bool) -> Standing:
    # What came with the customer is as old as the list it stood in.
    recorded_at = min(row[8], record.collected_at) if row[8] == record.created_at else row[8]
    given_at = row[9] if row[10] in _OWN_WORD else recorded_at if direct else None
    return Standing(
        value_id=row[1],
        customer_id=row[0],
        attribute=attribute,
        text=row[4],
        label=row[5],
        shared_line=row[6],
        since=row[9] or recorded_at,
        given_at=given_at,
        confirmed_at=row[9],
        confirmed_by=row[10],
        rectified=row[11],
        restricted=row[12],
        stood=row[13],
        current=row[13],
        superseded_by=row[14],
    )
