"""Headline and tokens made anew from what is current, after a value changed."""

from collections.abc import Collection, Mapping, Sequence

from trustdesk.kernel.context import AccessContext, Opening
from trustdesk.register import wire
from trustdesk.register.contracts import CustomerKind, ValueKind
from trustdesk.register.findable import tokens_of
from trustdesk.register.headline import compose
from trustdesk.register.home import country_of
from trustdesk.register.places import HEADLINE, SERVICE, note_place, value_place
from trustdesk.register.selectors import catalog as catalog_of
from trustdesk.register.services.insertion import insert_tokens
from trustdesk.register.services.joining import rejoin
from trustdesk.vault.api import SealedBox, Sealer, Tokeniser, open_many, token_editions

_CURRENT = """
SELECT customer_id, id, attribute_id, sealed, open_text FROM register_value
WHERE controller_id = %s AND customer_id = ANY(%s) AND superseded_at IS NULL ORDER BY customer_id, attribute_id, id
"""
_NOTES = "SELECT customer_id, id, sealed FROM register_note WHERE controller_id = %s AND customer_id = ANY(%s)"
_CUSTOMER = "SELECT kind, language, country FROM register_customer WHERE controller_id = %s AND id = %s"
_EDITION = "SELECT token_edition FROM register_customer WHERE controller_id = %s AND id = %s"
_RENEWED = "UPDATE register_customer SET headline = %s, token_edition = %s WHERE controller_id = %s AND id = %s"
_TOKENS = "SELECT token FROM register_token WHERE controller_id = %s AND customer_id = %s"
_DROP = "DELETE FROM register_token WHERE controller_id = %s AND token = ANY(%s) AND customer_id = %s"

Text = tuple[str, ValueKind, str]
"""Attribute, kind and text of what is current; a note's attribute is "note"."""


def reindex(context: AccessContext, customer_id: int) -> None:
    """Opens the customer's current values and notes, in an entry of its own; shows them to nobody."""
    texts = current_texts(context, [customer_id], what="register.reindex")[customer_id]
    kind, language, country = wire.fetch(_CUSTOMER, context.controller_id, customer_id)[0]
    country = country or country_of(context)
    first: dict[str, str] = {}
    for code, _kind, text in texts:
        first.setdefault(code, text)
    line = compose(CustomerKind(kind), first, language=language, country=country)
    with Sealer(context) as sealer:
        box = sealer.seal(customer_id, SERVICE, HEADLINE, line)
    tokeniser = Tokeniser(context)
    wire.run(_RENEWED, box, tokeniser.edition, context.controller_id, customer_id)
    wanted = tokens_of(tokeniser, ((kind, text) for _code, kind, text in texts), country=country)
    held = {row[0] for row in wire.fetch(_TOKENS, context.controller_id, customer_id)}
    if gone := held - wanted:
        wire.run(_DROP, context.controller_id, wire.Int8Column(sorted(gone)), customer_id)
    fresh = list(wanted - held)
    insert_tokens(context, fresh, [customer_id] * len(fresh))
    rejoin(context, [customer_id])


def stands_under_newest(context: AccessContext, customer_id: int) -> bool:
    """Whether the customer's tokens are of the newest edition: all of one customer are of one."""
    edition: int = wire.fetch(_EDITION, context.controller_id, customer_id)[0][0]
    return edition >= token_editions()[-1]


def current_texts(
    context: AccessContext,
    customer_ids: Sequence[int],
    *,
    what: str,
    kinds: Collection[ValueKind] = tuple(ValueKind),
) -> Mapping[int, list[Text]]:
    """All that is current of each customer, opened in one entry; notes included where texts are asked for."""
    attributes = catalog_of.by_id(context)
    ids = list(customer_ids)
    texts: dict[int, list[Text]] = {customer_id: [] for customer_id in ids}
    named: list[tuple[str, ValueKind]] = []
    boxes: list[SealedBox] = []
    for customer_id, value_id, attribute_id, sealed, open_text in wire.fetch(_CURRENT, context.controller_id, ids):
        attribute = attributes[attribute_id]
        if attribute.kind not in kinds:
            continue
        if sealed is None:
            texts[customer_id].append((attribute.code, attribute.kind, open_text))
        else:
            named.append((attribute.code, attribute.kind))
            boxes.append(SealedBox(customer_id, attribute.retention_class, value_place(value_id), sealed))
    notes = wire.fetch(_NOTES, context.controller_id, ids) if ValueKind.TEXT in kinds else []
    for customer_id, note_id, sealed in notes:
        named.append(("note", ValueKind.TEXT))
        boxes.append(SealedBox(customer_id, SERVICE, note_place(note_id), sealed))
    if boxes:
        subjects = list(dict.fromkeys(box.customer_id for box in boxes))
        opening = Opening(what, subjects, sorted({code for code, _kind in named}))
        opened = open_many(context, opening=opening, boxes=boxes)
        for box, (code, kind), text in zip(boxes, named, opened, strict=True):
            if text is not None:
                texts[box.customer_id].append((code, kind, text))
    return texts
