"""What customers are known by, opened many at once to compare with what a feed says of somebody."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, LiteralString

from trustdesk.kernel.context import AccessContext, Opening
from trustdesk.register import wire
from trustdesk.register.contracts import (
    MATCHED,
    Attribute,
    ConfirmedBy,
    CustomerKind,
    Held,
    HeldValue,
    RestrictionGround,
    SourceKind,
)
from trustdesk.register.home import country_of
from trustdesk.register.places import SERVICE, value_place
from trustdesk.register.selectors.catalog import by_id, covered, source_kinds
from trustdesk.vault.api import SealedBox, open_many

# Look-ups by index: a join on one of two columns would read the whole register.
_RECORDS: LiteralString = """
WITH root AS (
  SELECT DISTINCT coalesce(merged_into, id) AS id FROM register_customer WHERE controller_id = %s AND id = ANY(%s)
), record AS (
  SELECT id AS root, id FROM root
  UNION ALL
  SELECT root.id, merged.id FROM root
  JOIN register_customer AS merged ON merged.controller_id = %s AND merged.merged_into = root.id
)
SELECT record.root, c.id, c.kind, c.country, c.restricted_at IS NOT NULL, c.restriction_ground, held.version, held.box
FROM record JOIN register_customer c ON c.controller_id = %s AND c.id = record.id
LEFT JOIN LATERAL vault_wrapped_key(c.controller_id, c.id, 'service') AS held ON true
ORDER BY record.root, c.id <> record.root, c.id
"""
_VALUES: LiteralString = """
SELECT v.customer_id, v.id, v.attribute_id, v.sealed, v.open_text, v.shared_line, v.source_id, v.recorded_at,
  v.confirmed_at, v.confirmed_by, v.rectified, v.restricted_at IS NOT NULL
FROM register_value v
WHERE v.controller_id = %s AND v.customer_id = ANY(%s) AND v.superseded_at IS NULL AND v.attribute_id = ANY(%s)
ORDER BY v.customer_id, v.id
"""
_CONFIRMED = {by.value: by for by in ConfirmedBy} | {None: None}
_ERASED = RestrictionGround.KEPT_BY_LAW.value
_Keys = Mapping[int, tuple[int | None, bytes | None]]


def known_as(context: AccessContext, customer_ids: Iterable[int]) -> Mapping[int, Held]:
    """By what these customers are known, all current values of the kinds that are matched, by the customer as which
    each is shown; one opening for all. Needs `feed:work` or `update:review`.

    Who is restricted (GDPR Art. 18) is named, without values; of a restricted value there is no text. Strangers, who
    was erased, and what the mandate does not cover are left out.
    """
    if not context.allows("update:review"):
        context.check_operation("feed:work")
    with wire.within(context):
        attributes = {
            number: attribute
            for number, attribute in by_id(context).items()
            if attribute.kind in MATCHED and covered(context, attribute)
        }
        controller = context.controller_id
        asked = wire.Int8Column(sorted(set(customer_ids)))
        people = _people(wire.fetch(_RECORDS, controller, asked, controller, controller))
        keys = {row[1]: (row[6], row[7]) for rows in people.values() for row in rows if not _restricted(rows)}
        numbers = wire.Int8Column(list(attributes))
        values = wire.fetch(_VALUES, controller, wire.Int8Column(list(keys)), numbers) if keys else []
        kinds = source_kinds(context) if values else {}
        home = country_of(context)
    opened = _opened(context, attributes, keys, values, kinds)
    return {root: _held(rows, opened, home) for root, rows in people.items()}


def _people(rows: Iterable[tuple[Any, ...]]) -> dict[int, list[tuple[Any, ...]]]:
    """The records of each person, the one shown first; who was erased is left out."""
    people: dict[int, list[tuple[Any, ...]]] = {}
    for row in rows:
        if row[5] != _ERASED:
            people.setdefault(row[0], []).append(row)
    return people


def _restricted(rows: Iterable[tuple[Any, ...]]) -> bool:
    return any(row[4] for row in rows)


def _opened(
    context: AccessContext,
    attributes: Mapping[int, Attribute],
    keys: _Keys,
    rows: Sequence[tuple[Any, ...]],
    kinds: Mapping[int, SourceKind],
) -> dict[int, list[HeldValue]]:
    """The values of each record; those whose key is destroyed are left out."""
    boxes = [
        _box(attributes[row[2]], row[0], row[1], row[3], keys[row[0]])
        for row in rows
        if row[3] is not None and not row[11]
    ]
    texts: dict[int, str | None] = {}
    if boxes:
        subjects = list(dict.fromkeys(box.customer_id for box in boxes))
        fields = sorted({attributes[number].code for number in {row[2] for row in rows}})
        opened = open_many(context, opening=Opening("register.known_as", subjects, fields), boxes=boxes)
        texts = {box.place.row: text for box, text in zip(boxes, opened, strict=True)}
    found: dict[int, list[HeldValue]] = {customer_id: [] for customer_id in keys}
    for row in rows:
        text = "" if row[11] else row[4] if row[3] is None else texts[row[1]]
        if text is not None:
            found[row[0]].append(_value(attributes[row[2]], row, text, kinds[row[6]]))
    return found


def _box(
    attribute: Attribute, customer_id: int, value_id: int, sealed: bytes, key: tuple[int | None, bytes | None]
) -> SealedBox:
    place = value_place(value_id)
    if attribute.retention_class != SERVICE:
        return SealedBox(customer_id, attribute.retention_class, place, sealed)
    return SealedBox(customer_id, SERVICE, place, sealed, *key)


def _value(attribute: Attribute, row: tuple[Any, ...], text: str, source_kind: SourceKind) -> HeldValue:
    return HeldValue(
        value_id=row[1],
        customer_id=row[0],
        attribute=attribute.code,
        kind=attribute.kind,
        text=text,
        shared_line=row[5],
        source_id=row[6],
        source_kind=source_kind,
        recorded_at=row[7],
        confirmed_at=row[8],
        confirmed_by=_CONFIRMED[row[9]],
        rectified=row[10],
        restricted=row[11],
    )


def _held(rows: Sequence[tuple[Any, ...]], values: Mapping[int, Sequence[HeldValue]], home: str) -> Held:
    first = rows[0]
    return Held(
        shown_as=first[0],
        records=[row[1] for row in rows],
        kind=CustomerKind(first[2]),
        country=first[3] or home,
        restricted=_restricted(rows),
        values=[value for row in rows for value in values.get(row[1], ())],
    )
