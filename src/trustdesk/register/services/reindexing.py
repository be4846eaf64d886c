"""Headline and tokens made anew from what is current, after a value changed."""

from collections.abc import Collection

from trustdesk.kernel.context import AccessContext, Opening
from trustdesk.register import wire
from trustdesk.register.contracts import CustomerKind, ValueKind
from trustdesk.register.findable import tokens_of
from trustdesk.register.headline import compose
from trustdesk.register.home import country_of
from trustdesk.register.places import HEADLINE, SERVICE, note_place, value_place
from trustdesk.register.selectors import catalog as catalog_of
from trustdesk.register.services.insertion import insert_tokens
from trustdesk.vault.api import SealedBox, Sealer, Tokeniser, open_many

_CURRENT = """
SELECT id, attribute_id, sealed, open_text FROM register_value
WHERE controller_id = %s AND customer_id = %s AND superseded_at IS NULL ORDER BY attribute_id, id
"""
_NOTES = "SELECT id, sealed FROM register_note WHERE controller_id = %s AND customer_id = %s"
_CUSTOMER = "SELECT kind, language FROM register_customer WHERE controller_id = %s AND id = %s"
_HEADLINE = "UPDATE register_customer SET headline = %s WHERE controller_id = %s AND id = %s"
_TOKENS = "SELECT token FROM register_token WHERE controller_id = %s AND customer_id = %s"
_DROP = "DELETE FROM register_token WHERE controller_id = %s AND token = ANY(%s) AND customer_id = %s"


def reindex(context: AccessContext, customer_id: int) -> None:
    """Opens the customer's current values and notes, in an entry of its own; shows them to nobody."""
    texts = current_texts(context, customer_id, what="register.reindex")
    kind, language = wire.fetch(_CUSTOMER, context.controller_id, customer_id)[0]
    country = country_of(context)
    first: dict[str, str] = {}
    for code, _kind, text in texts:
        first.setdefault(code, text)
    line = compose(CustomerKind(kind), first, language=language, country=country)
    with Sealer(context) as sealer:
        box = sealer.seal(customer_id, SERVICE, HEADLINE, line)
    wire.run(_HEADLINE, box, context.controller_id, customer_id)
    wanted = tokens_of(Tokeniser(context), ((kind, text) for _code, kind, text in texts), country=country)
    held = {row[0] for row in wire.fetch(_TOKENS, context.controller_id, customer_id)}
    if gone := held - wanted:
        wire.run(_DROP, context.controller_id, wire.Int8Column(sorted(gone)), customer_id)
    fresh = list(wanted - held)
    insert_tokens(context, fresh, [customer_id] * len(fresh))


def current_texts(
    context: AccessContext, customer_id: int, *, what: str, kinds: Collection[ValueKind] = tuple(ValueKind)
) -> list[tuple[str, ValueKind, str]]:
    """Attribute, kind and text of all that is current, notes included where texts are asked for."""
    attributes = catalog_of.by_id(context)
    texts: list[tuple[str, ValueKind, str]] = []
    named: list[tuple[str, ValueKind]] = []
    boxes: list[SealedBox] = []
    for value_id, attribute_id, sealed, open_text in wire.fetch(_CURRENT, context.controller_id, customer_id):
        attribute = attributes[attribute_id]
        if attribute.kind not in kinds:
            continue
        if sealed is None:
            texts.append((attribute.code, attribute.kind, open_text))
        else:
            named.append((attribute.code, attribute.kind))
            boxes.append(SealedBox(customer_id, attribute.retention_class, value_place(value_id), sealed))
    notes = wire.fetch(_NOTES, context.controller_id, customer_id) if ValueKind.TEXT in kinds else []
    for note_id, sealed in notes:
        named.append(("note", ValueKind.TEXT))
        boxes.append(SealedBox(customer_id, SERVICE, note_place(note_id), sealed))
    if boxes:
        opening = Opening(what, (customer_id,), sorted({code for code, _kind in named}))
        opened = open_many(context, opening=opening, boxes=boxes)
        texts += [(code, kind, text) for (code, kind), text in zip(named, opened, strict=True) if text is not None]
    return texts
