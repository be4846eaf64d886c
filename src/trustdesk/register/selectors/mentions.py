"""Who may be spoken of in somebody else's notes: found by blind tokens, opened only there."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from trustdesk.kernel.context import AccessContext
from trustdesk.register import wire
from trustdesk.register.contracts import FreeText, ValueKind
from trustdesk.register.places import SERVICE, note_place, value_place
from trustdesk.register.selectors.catalog import by_id
from trustdesk.register.selectors.values import opened
from trustdesk.register.selectors.words import holding
from trustdesk.vault.api import SealedBox, TokenKind

_NOTES = (
    "SELECT id, customer_id, sealed FROM register_note WHERE controller_id = %s AND customer_id = ANY(%s) ORDER BY id"
)
_REMARKS = """
SELECT id, customer_id, sealed, attribute_id FROM register_value
WHERE controller_id = %s AND customer_id = ANY(%s) AND attribute_id = ANY(%s) AND sealed IS NOT NULL ORDER BY id
"""


def mentioning(context: AccessContext, *, texts: Iterable[str], country: str) -> Mapping[str, AbstractSet[int]]:
    """For each text the customers in whose notes or remarks all its words stand, however many texts; without those that
    stand nowhere. Opens nothing and leaves no entry.
    """
    with wire.within(context):
        return holding(context, "text", texts, country=country)


def sharing(
    context: AccessContext, *, kind: TokenKind, values: Sequence[str], country: str, among: Collection[int]
) -> frozenset[int]:
    """Those of the customers who have one of the values themselves: a number of the household, the same name."""
    with wire.within(context):
        held = holding(context, kind, values, country=country)
    return frozenset[int]().union(*held.values()) & frozenset(among)


def free_texts(context: AccessContext, customer_ids: Sequence[int], *, what: str) -> Sequence[FreeText]:
    """Notes and remarks of the customers, opened in one entry that `what` names. Needs `customer:open`.

    What lies under a destroyed key is left out.
    """
    context.check_operation("customer:open")
    with wire.within(context):
        attributes = {one: held for one, held in by_id(context).items() if held.kind is ValueKind.TEXT}
        notes = wire.fetch(_NOTES, context.controller_id, list(customer_ids))
        remarks = wire.fetch(_REMARKS, context.controller_id, list(customer_ids), list(attributes))
        boxes = [SealedBox(row[1], SERVICE, note_place(row[0]), row[2]) for row in notes]
        boxes += [SealedBox(row[1], attributes[row[3]].retention_class, value_place(row[0]), row[2]) for row in remarks]
        texts = opened(context, what, boxes, ["note", *(held.code for held in attributes.values())])
    return [
        FreeText(box.customer_id, box.place.table, box.place.row, text)
        for box, text in zip(boxes, texts, strict=True)
        if text is not None
    ]
