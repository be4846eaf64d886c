"""By what persons are known: every name, number and address that was ever recorded, opened in one entry."""

from collections.abc import Iterable, Mapping, Sequence
from typing import LiteralString, NamedTuple

from trustdesk.kernel.context import AccessContext
from trustdesk.register import wire
from trustdesk.register.contracts import Attribute, KnownBy, ValueKind
from trustdesk.register.findable import NAME_PARTS, TOKEN_KINDS
from trustdesk.register.places import value_place
from trustdesk.register.selectors import catalog
from trustdesk.register.selectors.values import opened
from trustdesk.vault.api import SealedBox

_IDENTIFYING = frozenset(TOKEN_KINDS) - {ValueKind.TEXT, ValueKind.PLACE}
_VALUES: LiteralString = """
SELECT id, customer_id, attribute_id, sealed, open_text FROM register_value
WHERE controller_id = %s AND customer_id = ANY(%s) ORDER BY recorded_at DESC, id DESC
"""


class _Value(NamedTuple):
    attribute: Attribute
    text: str


def known_by(context: AccessContext, people: Sequence[Sequence[int]], *, what: str) -> Sequence[Sequence[KnownBy]]:
    """For each person (all who are shown as one) names, birth dates, numbers and addresses, superseded ones too; names
    that are recorded in parts also as a whole. All of them are opened in one entry `what`, whatever restricts them: for
    whoever forgets the persons and keeps no text of them. Needs `customer:lock`. Strangers are known by nothing.
    """
    context.check_operation("customer:lock")
    values = _values(context, [each for person in people for each in person], what)
    return [
        list(dict.fromkeys(known for each in person for known in _known(each, values.get(each, ()))))
        for person in people
    ]


def _values(context: AccessContext, customer_ids: Sequence[int], what: str) -> Mapping[int, Sequence[_Value]]:
    """The texts that identify, the newest first."""
    found: dict[int, list[_Value]] = {}
    with wire.within(context):
        wanted = {
            number: attribute
            for number, attribute in catalog.by_id(context).items()
            if attribute.kind in _IDENTIFYING and catalog.covered(context, attribute)
        }
        rows = [row for row in wire.fetch(_VALUES, context.controller_id, list(customer_ids)) if row[2] in wanted]
        sealed = [row for row in rows if row[3] is not None]
        boxes = [SealedBox(row[1], wanted[row[2]].retention_class, value_place(row[0]), row[3]) for row in sealed]
        texts = opened(context, what, boxes, {wanted[row[2]].code for row in sealed})
    clear = dict(zip((row[0] for row in sealed), texts, strict=True))
    for value_id, customer_id, attribute_id, _box, open_text in rows:
        text = clear.get(value_id, open_text)
        if text:
            found.setdefault(customer_id, []).append(_Value(wanted[attribute_id], text))
    return found


def _known(customer_id: int, values: Sequence[_Value]) -> Iterable[KnownBy]:
    for attribute, text in values:
        if attribute.code not in NAME_PARTS:
            yield KnownBy(customer_id, attribute.kind, TOKEN_KINDS[attribute.kind], text)
    parts = {attribute.code: text for attribute, text in reversed(values)}
    whole = " ".join(filter(None, (parts.get(part) for part in NAME_PARTS)))
    if whole:
        yield KnownBy(customer_id, ValueKind.NAME, TOKEN_KINDS[ValueKind.NAME], whole)
