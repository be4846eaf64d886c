"""Headlines and tokens made anew from what is current, after a value changed."""

from collections.abc import Collection, Mapping, Sequence

from trustdesk.kernel.context import AccessContext, Opening
from trustdesk.register import wire
from trustdesk.register.contracts import CustomerKind, ValueKind
from trustdesk.register.findable import tokens_of
from trustdesk.register.headline import compose
from trustdesk.register.home import country_of
from trustdesk.register.places import HEADLINE, SERVICE, note_place, value_place
from trustdesk.register.selectors import catalog as catalog_of
from trustdesk.register.services.joining import rejoin
from trustdesk.register.services.tokens import held_tokens, replace
from trustdesk.register.watching import Text, tell_known
from trustdesk.vault.api import SealedBox, Sealer, Tokeniser, open_many, token_editions

_CURRENT = """
SELECT customer_id, id, attribute_id, sealed, open_text, shared_line FROM register_value
WHERE controller_id = %s AND customer_id = ANY(%s) AND superseded_at IS NULL ORDER BY customer_id, attribute_id, id
"""
_NOTES = "SELECT customer_id, id, sealed FROM register_note WHERE controller_id = %s AND customer_id = ANY(%s)"
_CUSTOMERS = """
SELECT id, kind, language, country FROM register_customer WHERE controller_id = %s AND id = ANY(%s) ORDER BY id
"""
_EDITION = "SELECT token_edition FROM register_customer WHERE controller_id = %s AND id = %s"
_RENEWED = """
UPDATE register_customer c SET headline = fresh.headline, token_edition = %s
FROM unnest(%s, %s) AS fresh (id, headline) WHERE c.controller_id = %s AND c.id = fresh.id
"""


def reindex(context: AccessContext, customer_id: int) -> None:
    """Opens the customer's current values and notes, in an entry of its own; shows them to nobody."""
    reindex_many(context, [customer_id])


def reindex_many(context: AccessContext, customer_ids: Sequence[int]) -> None:
    """As `reindex`, in one entry for all of them."""
    texts = current_texts(context, customer_ids, what="register.reindex")
    tokeniser, home = Tokeniser(context), country_of(context)
    ids, boxes, countries, wanted = [], [], {}, set()
    with Sealer(context) as sealer:
        sealer.prepare(customer_ids)
        for customer_id, kind, language, country in wire.fetch(_CUSTOMERS, context.controller_id, list(customer_ids)):
            theirs, read_in = texts[customer_id], country or home
            first: dict[str, str] = {}
            for code, _kind, text, _shared in theirs:
                first.setdefault(code, text)
            line = compose(CustomerKind(kind), first, language=language, country=read_in)
            ids.append(customer_id)
            boxes.append(sealer.seal(customer_id, SERVICE, HEADLINE, line))
            countries[customer_id] = read_in
            tokens = tokens_of(tokeniser, ((kind, text) for _code, kind, text, _shared in theirs), country=read_in)
            wanted |= {(customer_id, token) for token in tokens}
    wire.run(_RENEWED, tokeniser.edition, wire.Int8Column(ids), wire.ByteaColumn(boxes), context.controller_id)
    replace(context, held_tokens(context, ids), wanted)
    rejoin(context, ids)
    tell_known(context, ((each, countries[each], texts[each]) for each in ids))


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
    """All that is current of each customer, opened in one entry; notes included, under the attribute "note", where
    texts are asked for.
    """
    attributes = catalog_of.by_id(context)
    ids = list(customer_ids)
    texts: dict[int, list[Text]] = {customer_id: [] for customer_id in ids}
    named: list[tuple[str, ValueKind, bool]] = []
    boxes: list[SealedBox] = []
    rows = wire.fetch(_CURRENT, context.controller_id, ids)
    for customer_id, value_id, attribute_id, sealed, open_text, shared_line in rows:
        attribute = attributes[attribute_id]
        if attribute.kind not in kinds:
            continue
        if sealed is None:
            texts[customer_id].append((attribute.code, attribute.kind, open_text, shared_line))
        else:
            named.append((attribute.code, attribute.kind, shared_line))
            boxes.append(SealedBox(customer_id, attribute.retention_class, value_place(value_id), sealed))
    notes = wire.fetch(_NOTES, context.controller_id, ids) if ValueKind.TEXT in kinds else []
    for customer_id, note_id, sealed in notes:
        named.append(("note", ValueKind.TEXT, False))
        boxes.append(SealedBox(customer_id, SERVICE, note_place(note_id), sealed))
    if boxes:
        subjects = list(dict.fromkeys(box.customer_id for box in boxes))
        opening = Opening(what, subjects, sorted({code for code, _kind, _shared in named}))
        opened = open_many(context, opening=opening, boxes=boxes)
        for box, (code, kind, shared_line), text in zip(boxes, named, opened, strict=True):
            if text is not None:
                texts[box.customer_id].append((code, kind, text, shared_line))
    return texts
