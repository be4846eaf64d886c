"""Everything recorded of a customer, handed out (GDPR Art. 15(1), (3), 20): superseded values and what happened too."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, LiteralString

from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import to_public
from trustdesk.register import wire
from trustdesk.register.contracts import CardValue
from trustdesk.register.places import SERVICE, note_place
from trustdesk.register.selectors import catalog, lists
from trustdesk.register.selectors.merges import merge_history
from trustdesk.register.selectors.values import EVERY, Sealed, open_values, together
from trustdesk.vault.api import SealedBox

Told = Mapping[str, object]

_NOTES: LiteralString = """
SELECT id, customer_id, sealed, written_at FROM register_note
WHERE controller_id = %s AND customer_id = ANY(%s) ORDER BY id
"""
_CUSTOMERS: LiteralString = """
SELECT c.id, c.kind, c.language, c.country, c.employer_id, c.customer_since, c.last_sale_date, c.product_groups, s.name,
  c.collected_at, c.notice_kind, c.notice_version, c.notice_given_at, c.art14_due_at, c.restricted_at,
  c.restriction_ground, c.merged_into
FROM register_customer c JOIN register_source s ON s.controller_id = c.controller_id AND s.id = c.source_id
WHERE c.controller_id = %s AND c.id = ANY(%s) ORDER BY c.merged_into IS NOT NULL, c.id
"""
_RESTRICTED: LiteralString = """
SELECT id, restricted_at, restriction_ground FROM register_value
WHERE controller_id = %s AND customer_id = ANY(%s) AND restricted_at IS NOT NULL
"""
_EVENTS: LiteralString = """
SELECT customer_id, at, kind, value_id, detail FROM register_event
WHERE controller_id = %s AND customer_id = ANY(%s) ORDER BY at, id
"""
_QUESTIONS: LiteralString = """
SELECT customer_id, at, attribute_id, value_id, spared, answer FROM register_question
WHERE controller_id = %s AND customer_id = ANY(%s) ORDER BY at, value_id
"""


def export(context: AccessContext, customer_id: int) -> Iterator[Told]:
    """Everything recorded of the customer, all who are shown as one together, in one opening."""
    now = clock.now()
    with scoped(context.scope):
        ids = together(context, customer_id)
        notes = wire.fetch(_NOTES, context.controller_id, ids)
        boxes = [Sealed(SealedBox(note[1], SERVICE, note_place(note[0]), note[2]), "note") for note in notes]
        rows = wire.fetch(EVERY, context.controller_id, ids)
        values, texts = open_values(context, rows, what="register.export", now=now, others=boxes)
        customers = wire.fetch(_CUSTOMERS, context.controller_id, ids)
        restricted = {row[0]: row[1:] for row in wire.fetch(_RESTRICTED, context.controller_id, ids)}
        events = wire.fetch(_EVENTS, context.controller_id, ids)
        questions = wire.fetch(_QUESTIONS, context.controller_id, ids)
    yield from map(_customer, customers)
    yield from _values(context, values, restricted)
    for note, text in zip(notes, texts, strict=True):
        yield {"kind": "note", "customer": to_public(note[1]), "text": text, "written_at": note[3]}
    yield from _disclosures(context, customer_id)
    for owner, at, what, value_id, detail in events:
        yield {
            "kind": "record-event",
            "customer": to_public(owner),
            "at": at,
            "what": what,
            "value": _public(value_id),
            "detail": detail,
        }
    labels = catalog.by_id(context)
    for owner, at, attribute_id, value_id, spared, answer in questions:
        yield {
            "kind": "question",
            "customer": to_public(owner),
            "at": at,
            "attribute": labels[attribute_id].code,
            "attribute_label": labels[attribute_id].label,
            "value": to_public(value_id),
            "what": "spared" if spared else "asked",
            "answer": answer,
        }
    for merge in merge_history(context, customer_id):
        yield {
            "kind": "merge",
            "customer": to_public(merge.customer_id),
            "into": to_public(merge.into_id),
            "reason": merge.reason,
            "at": merge.merged_at,
            "undone_at": merge.undone_at,
        }


def _customer(row: tuple[Any, ...]) -> Told:
    return {
        "kind": "customer",
        "customer": to_public(row[0]),
        "person": row[1],
        "language": row[2],
        "country": row[3],
        "employer": _public(row[4]),
        "customer_since": row[5],
        "last_sale_date": row[6],
        "product_groups": list(row[7]),
        "source": row[8],
        "collected_at": row[9],
        "notice_kind": row[10],
        "notice_version": row[11],
        "notice_given_at": row[12],
        "notice_due_at": row[13],
        "restricted_at": row[14],
        "restriction_ground": row[15],
        "shown_as": _public(row[16]),
    }


def _values(
    context: AccessContext, values: Sequence[CardValue], restricted: Mapping[int, tuple[Any, ...]]
) -> Iterator[Told]:
    attributes = catalog.by_code(context)
    for value in values:
        attribute = attributes[value.attribute]
        restricted_at, ground = restricted.get(value.value_id, (None, None))
        yield {
            "kind": "value",
            "customer": to_public(value.customer_id),
            "value": to_public(value.value_id),
            "attribute": value.attribute,
            "attribute_label": value.attribute_label,
            "attribute_kind": value.kind.value,
            "text": value.text,
            "label": value.label,
            "shared_line": value.shared_line,
            "source": value.source_name,
            "source_kind": value.source_kind.value,
            "recorded_at": value.recorded_at,
            "confirmed_at": value.confirmed_at,
            "confirmed_by": value.confirmed_by,
            "rectified": value.rectified,
            "restricted_at": restricted_at,
            "restriction_ground": ground,
            "superseded_at": value.superseded_at,
            "superseded_by": _public(value.superseded_by),
            "category": attribute.category,
            "purposes": list(attribute.purposes),
            "legal_basis": attribute.legal_basis,
            "retention": attribute.retention_period,
        }


def _disclosures(context: AccessContext, customer_id: int) -> Iterator[Told]:
    attributes = catalog.by_code(context)
    for given in lists.disclosures(context, customer_id):
        yield {
            "kind": "disclosure",
            "customer": to_public(given.customer_id),
            "attribute": given.attribute,
            "attribute_label": attributes[given.attribute].label,
            "value": to_public(given.value_id),
            "recipient": given.recipient,
            "purpose": given.purpose,
            "legal_basis": given.legal_basis,
            "disclosed_at": given.disclosed_at,
        }


def _public(identifier: int | None) -> str | None:
    return None if identifier is None else to_public(identifier)
