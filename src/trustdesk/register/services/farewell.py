"""Handing out and forgetting one customer: called through the privacy registry."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import to_public
from trustdesk.register import wire
from trustdesk.register.contracts import RestrictionGround
from trustdesk.register.places import SERVICE, note_place
from trustdesk.register.selectors import lists
from trustdesk.register.selectors.values import EVERY, Sealed, open_values, together
from trustdesk.register.services.customers import hold
from trustdesk.vault.api import SealedBox, destroy

_NOTES = """
SELECT id, customer_id, sealed, written_at FROM register_note
WHERE controller_id = %s AND customer_id = ANY(%s) ORDER BY id
"""
_FALLING = """
SELECT v.id FROM register_value v
JOIN register_attribute a ON a.controller_id = v.controller_id AND a.id = v.attribute_id
WHERE v.controller_id = %s AND v.customer_id = ANY(%s) AND a.retention_class = %s
"""
# In an order that the foreign keys allow. Values that a law keeps stay, and the customer's row with them.
_DELETIONS = (
    "DELETE FROM register_token WHERE controller_id = %s AND customer_id = ANY(%s)",
    "DELETE FROM register_joint_token WHERE controller_id = %s AND customer_id = ANY(%s)",
    "DELETE FROM register_note WHERE controller_id = %s AND customer_id = ANY(%s)",
    "DELETE FROM register_event WHERE controller_id = %s AND customer_id = ANY(%s)",
)
_DISCLOSURES = (
    "DELETE FROM register_disclosure WHERE controller_id = %s AND customer_id = ANY(%s) AND value_id = ANY(%s)"
)
_VALUES = "DELETE FROM register_value WHERE controller_id = %s AND customer_id = ANY(%s) AND id = ANY(%s)"
_KEPT = "SELECT DISTINCT customer_id FROM register_value WHERE controller_id = %s AND customer_id = ANY(%s)"
_MERGES = "DELETE FROM register_merge WHERE controller_id = %s AND (customer_id = ANY(%s) OR into_id = ANY(%s))"
_APART = "UPDATE register_customer SET merged_into = NULL WHERE controller_id = %s AND id = ANY(%s)"
_EMPLOYED = "UPDATE register_customer SET employer_id = NULL WHERE controller_id = %s AND employer_id = ANY(%s)"
_CUSTOMERS = "DELETE FROM register_customer WHERE controller_id = %s AND id = ANY(%s)"
_RESTRICT = """
UPDATE register_customer SET restricted_at = %s, restriction_ground = %s, language = '', country = '',
  customer_since = NULL, last_sale_date = NULL, product_groups = '{}'
WHERE controller_id = %s AND id = ANY(%s)
"""


def export(context: AccessContext, customer_id: int) -> Iterator[Mapping[str, object]]:
    """Everything recorded of the customer, superseded values too, in one opening (GDPR Art. 15(3), 20)."""
    now = clock.now()
    with scoped(context.scope):
        ids = together(context, customer_id)
        notes = wire.fetch(_NOTES, context.controller_id, ids)
        boxes = [Sealed(SealedBox(note[1], SERVICE, note_place(note[0]), note[2]), "note") for note in notes]
        rows = wire.fetch(EVERY, context.controller_id, ids)
        values, texts = open_values(context, rows, what="register.export", now=now, others=boxes)
    for value in values:
        yield {
            "kind": "value",
            "customer": to_public(value.customer_id),
            "attribute": value.attribute,
            "text": value.text,
            "label": value.label,
            "shared_line": value.shared_line,
            "source": value.source_name,
            "recorded_at": value.recorded_at,
            "confirmed_at": value.confirmed_at,
            "confirmed_by": value.confirmed_by,
            "superseded_at": value.superseded_at,
        }
    for note, text in zip(notes, texts, strict=True):
        yield {"kind": "note", "customer": to_public(note[1]), "text": text, "written_at": note[3]}
    for given in lists.disclosures(context, customer_id):
        yield {
            "kind": "disclosure",
            "customer": to_public(given.customer_id),
            "attribute": given.attribute,
            "recipient": given.recipient,
            "purpose": given.purpose,
            "legal_basis": given.legal_basis,
            "disclosed_at": given.disclosed_at,
        }


def erase(context: AccessContext, customer_id: int) -> int:
    """Destroy the service key and delete all that no law keeps; the number of rows deleted (GDPR Art. 17).

    What a statutory retention class keeps stays sealed under its own key, restricted, until that key's day.
    """
    now = clock.now()
    with scoped(context.scope):
        ids = hold(context, customer_id, now=now)
        deleted = _delete(context, ids, now)
        for each in ids:
            destroy(context, each, SERVICE, now=now)
        context.journal.deed(context, "register.erased", subjects=ids, detail={"rows": deleted})
    return deleted


def _delete(context: AccessContext, ids: list[int], now: datetime) -> int:
    controller = context.controller_id
    falling = [row[0] for row in wire.fetch(_FALLING, controller, ids, SERVICE)]
    deleted = sum(wire.run(statement, controller, ids) for statement in _DELETIONS)
    deleted += wire.run(_DISCLOSURES, controller, ids, falling)
    deleted += wire.run(_VALUES, controller, ids, falling)
    kept = {row[0] for row in wire.fetch(_KEPT, controller, ids)}
    gone = [each for each in ids if each not in kept]
    deleted += wire.run(_MERGES, controller, ids, ids)
    wire.run(_APART, controller, ids)
    wire.run(_EMPLOYED, controller, gone)
    deleted += wire.run(_CUSTOMERS, controller, gone)
    if kept:
        wire.run(_RESTRICT, now, RestrictionGround.KEPT_BY_LAW.value, controller, sorted(kept))
    return deleted
