"""By what a person is known: every name, number and address that was ever recorded, opened in one entry."""

from collections.abc import Sequence
from datetime import datetime

from trustdesk.kernel.context import AccessContext
from trustdesk.register import wire
from trustdesk.register.contracts import KnownBy, ValueKind
from trustdesk.register.findable import NAME_PARTS, TOKEN_KINDS
from trustdesk.register.selectors.values import EVERY, open_values, together

_IDENTIFYING = frozenset(TOKEN_KINDS) - {ValueKind.TEXT, ValueKind.PLACE}


def known_by(context: AccessContext, customer_id: int, *, what: str, now: datetime) -> Sequence[KnownBy]:
    """Names, birth dates, numbers and addresses of the customer and of all who are shown as one, superseded ones too;
    names that are recorded in parts also as a whole. Opened in one entry `what`, whatever restricts them: for whoever
    forgets the person and keeps no text of it. Needs `customer:lock`. NotFoundError for a stranger.
    """
    context.check_operation("customer:lock")
    with wire.within(context):
        rows = wire.fetch(EVERY, context.controller_id, together(context, customer_id))
        values, _none = open_values(context, rows, what=what, now=now)
    found = [
        KnownBy(value.customer_id, value.kind, TOKEN_KINDS[value.kind], value.text)
        for value in values
        if value.text and value.kind in _IDENTIFYING and value.attribute not in NAME_PARTS
    ]
    for owner in dict.fromkeys(value.customer_id for value in values):
        parts = {value.attribute: value.text for value in reversed(values) if value.customer_id == owner}
        whole = " ".join(filter(None, (parts.get(part) for part in NAME_PARTS)))
        if whole:
            found.append(KnownBy(owner, ValueKind.NAME, TOKEN_KINDS[ValueKind.NAME], whole))
    return list(dict.fromkeys(found))
