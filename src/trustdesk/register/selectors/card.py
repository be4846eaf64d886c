"""All about one customer."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, LiteralString

from trustdesk.kernel.context import AccessContext
from trustdesk.register import wire
from trustdesk.register.contracts import (
    Card,
    CardValue,
    CustomerKind,
    Note,
    Notice,
    NoticeKind,
    Relationship,
    Restriction,
    RestrictionGround,
    TimelineEntry,
)
from trustdesk.register.headline import parse
from trustdesk.register.places import HEADLINE, SERVICE, note_place
from trustdesk.register.selectors.catalog import by_id, covers_names
from trustdesk.register.selectors.values import CURRENT, EVERY, Sealed, open_values, together
from trustdesk.vault.api import SealedBox

_CUSTOMER = """
SELECT kind, headline, language, employer_id, customer_since, last_sale_date, product_groups, restricted_at,
  restriction_ground, notice_kind, notice_version, notice_given_at, art14_due_at, created_at, updated_at, country
FROM register_customer WHERE controller_id = %s AND id = %s
"""
_NOTES = """
SELECT id, customer_id, sealed, written_at, written_by FROM register_note
WHERE controller_id = %s AND customer_id = ANY(%s) ORDER BY id DESC LIMIT 200
"""
_TIMELINE: LiteralString = """
SELECT at, kind, operator_id, value_id, detail FROM (
  SELECT c.created_at AS at, 'created' AS kind, c.created_by AS operator_id, NULL::bigint AS value_id, s.name AS detail
  FROM register_customer c JOIN register_source s ON s.controller_id = c.controller_id AND s.id = c.source_id
  WHERE c.controller_id = %(controller)s AND c.id = ANY(%(ids)s)
  UNION ALL
  SELECT v.recorded_at, CASE WHEN EXISTS (
      SELECT 1 FROM register_value old WHERE old.controller_id = v.controller_id AND old.customer_id = v.customer_id
        AND old.superseded_by = v.id AND old.recorded_at <= v.recorded_at
    ) THEN 'corrected' ELSE 'recorded' END, v.recorded_by, v.id, a.code
  FROM register_value v
  JOIN register_attribute a ON a.controller_id = v.controller_id AND a.id = v.attribute_id
  JOIN register_customer c ON c.controller_id = v.controller_id AND c.id = v.customer_id
  WHERE v.controller_id = %(controller)s AND v.customer_id = ANY(%(ids)s) AND v.recorded_at <> c.created_at
  UNION ALL
  SELECT at, kind, operator_id, value_id, detail FROM register_event
  WHERE controller_id = %(controller)s AND customer_id = ANY(%(ids)s)
  UNION ALL
  SELECT written_at, 'noted', written_by, NULL, '' FROM register_note
  WHERE controller_id = %(controller)s AND customer_id = ANY(%(ids)s)
  UNION ALL
  SELECT disclosed_at, 'disclosed', disclosed_by, value_id, recipient FROM register_disclosure
  WHERE controller_id = %(controller)s AND customer_id = ANY(%(ids)s)
) AS happened
WHERE %(before)s::timestamptz IS NULL OR at < %(before)s
ORDER BY at DESC, kind, value_id LIMIT %(limit)s
"""


def card(context: AccessContext, customer_id: int, *, now: datetime) -> Card:
    """All that is current about the customer, with origin and freshness; one opening. Needs `customer:open`.

    A merged customer's card is that of the customer it was merged into. While the customer is restricted (Art. 18)
    only an operator who may lift the restriction sees texts.
    """
    context.check_operation("customer:open")
    with wire.within(context):
        ids = together(context, customer_id)
        row = wire.fetch(_CUSTOMER, context.controller_id, ids[0])[0]
        hidden = row[7] is not None and not context.allows("customer:lock")
        values = wire.fetch(CURRENT, context.controller_id, ids)
        notes = [] if hidden else wire.fetch(_NOTES, context.controller_id, ids)
        others = [Sealed(SealedBox(note[1], SERVICE, note_place(note[0]), note[2]), "note") for note in notes]
        if covers_names(context) and not hidden:
            others.append(Sealed(SealedBox(ids[0], SERVICE, HEADLINE, row[1]), "name"))
        shown, texts = open_values(context, values, what="register.card", now=now, hidden=hidden, others=others)
    line = texts[len(notes)] if len(texts) > len(notes) else None
    return _card(
        ids, row, shown, line, [Note(note[0], text, note[3], note[4]) for note, text in zip(notes, texts, strict=False)]
    )


def history(context: AccessContext, customer_id: int, *, now: datetime, attribute: str = "") -> Sequence[CardValue]:
    """All values ever recorded, also superseded ones, newest first; one opening. Needs `customer:open`."""
    context.check_operation("customer:open")
    with wire.within(context):
        ids = together(context, customer_id)
        restricted_at = wire.fetch(_CUSTOMER, context.controller_id, ids[0])[0][7]
        hidden = restricted_at is not None and not context.allows("customer:lock")
        asked = {number for number, held in by_id(context).items() if attribute in {"", held.code}}
        rows = [row for row in wire.fetch(EVERY, context.controller_id, ids) if row[2] in asked]
        shown, _others = open_values(context, rows, what="register.history", now=now, hidden=hidden)
    return shown


def timeline(
    context: AccessContext, customer_id: int, *, before: datetime | None = None, limit: int = 100
) -> Sequence[TimelineEntry]:
    """What happened to the customer, newest first; opens nothing. Needs `customer:open`."""
    context.check_operation("customer:open")
    with wire.within(context):
        given = {
            "controller": context.controller_id,
            "ids": together(context, customer_id),
            "before": before,
            "limit": limit,
        }
        with wire.raw() as cursor:
            rows = cursor.execute(_TIMELINE, given, binary=True).fetchall()
    return [TimelineEntry(at=row[0], kind=row[1], operator_id=row[2], value_id=row[3], detail=row[4]) for row in rows]


def _card(
    ids: Sequence[int], row: tuple[Any, ...], values: Sequence[CardValue], line: str | None, notes: Sequence[Note]
) -> Card:
    name, detail = parse(line)
    return Card(
        customer_id=ids[0],
        kind=CustomerKind(row[0]),
        name=name,
        detail=detail,
        language=row[2],
        country=row[15],
        employer_id=row[3],
        relationship=Relationship(customer_since=row[4], last_sale_date=row[5], product_groups=tuple(row[6])),
        restriction=Restriction(restricted_at=row[7], ground=RestrictionGround(row[8])) if row[7] else None,
        merged_from=tuple(ids[1:]),
        notice=Notice(NoticeKind(row[9]), row[10], row[11]) if row[9] else None,
        art14_due_at=row[12],
        created_at=row[13],
        updated_at=row[14],
        values=values,
        notes=notes,
    )
