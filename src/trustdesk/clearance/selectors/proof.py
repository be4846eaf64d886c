"""The words of consents and objections: opened for the person, the officer and the authority, in one entry."""

from collections.abc import Sequence

from trustdesk.clearance import wire
from trustdesk.clearance.services.consents import PROOF, words_place
from trustdesk.clearance.services.objections import objection_place
from trustdesk.clearance.subjects import together
from trustdesk.kernel.context import AccessContext, Opening
from trustdesk.vault.api import SealedBox, open_many

_CONSENTS = """
SELECT id, customer_id, words FROM clearance_consent_event
WHERE controller_id = %s AND customer_id = ANY(%s) ORDER BY id
"""
_OBJECTIONS = """
SELECT id, customer_id, words FROM clearance_objection WHERE controller_id = %s AND customer_id = ANY(%s) ORDER BY id
"""


def consent_words(context: AccessContext, customer_id: int, *, reason: str) -> dict[int, str | None]:
    """By event, the words a consent was given with, and those of objections; None where their proof is destroyed.

    One opening, with its reason (a request of the authority, of the person). Needs `customer:open`.
    """
    context.check_operation("customer:open")
    with wire.within(context):
        return words_of(context, together(context, customer_id), reason=reason)


def words_of(context: AccessContext, ids: Sequence[int], *, reason: str) -> dict[int, str | None]:
    """As `consent_words`, for records whose customer may be gone."""
    wanted = [context.controller_id, list(ids)]
    consents, objections = wire.fetch(_CONSENTS, wanted), wire.fetch(_OBJECTIONS, wanted)
    boxes = [SealedBox(row[1], PROOF, words_place(row[0]), bytes(row[2])) for row in consents]
    boxes += [SealedBox(row[1], PROOF, objection_place(row[0]), bytes(row[2])) for row in objections]
    if not boxes:
        return {}
    opening = Opening("clearance.words", sorted({box.customer_id for box in boxes}), ("words",), reason)
    texts = open_many(context, opening=opening, boxes=boxes)
    return dict(zip([row[0] for row in (*consents, *objections)], texts, strict=True))
