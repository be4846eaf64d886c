"""Customers by the one sealed line a list shows of each, where it is not a search that found them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, LiteralString

from trustdesk.kernel.context import AccessContext
from trustdesk.register import wire
from trustdesk.register.contracts import CustomerKind, Hit
from trustdesk.register.headline import parse
from trustdesk.register.places import HEADLINE, SERVICE
from trustdesk.register.selectors.catalog import covers_names
from trustdesk.register.selectors.values import Sealed, open_values
from trustdesk.vault.api import SealedBox

_LINES: LiteralString = """
SELECT id, kind, headline, restricted_at IS NOT NULL FROM register_customer
WHERE controller_id = %s AND id = ANY(%s) ORDER BY id DESC
"""


def named(context: AccessContext, ids: Sequence[int], *, what: str, now: datetime) -> list[Hit]:
    """The customers with name and town, newest first; one opening. Restricted ones (Art. 18) are not opened."""
    lines = wire.fetch(_LINES, context.controller_id, list(ids)) if ids else []
    unrestricted = context.allows("customer:lock")
    readable = [line for line in lines if covers_names(context) and (unrestricted or not line[3])]
    boxes = [Sealed(SealedBox(line[0], SERVICE, HEADLINE, line[2]), "name") for line in readable]
    _values, opened = open_values(context, [], what=what, now=now, others=boxes)
    texts = dict(zip((line[0] for line in readable), opened, strict=True))
    return [_hit(line, texts) for line in lines]


def _hit(line: tuple[Any, ...], texts: dict[int, str | None]) -> Hit:
    customer_id, kind, _headline, restricted = line
    name, detail = parse(texts.get(customer_id))
    erased = customer_id in texts and texts[customer_id] is None
    return Hit(customer_id, CustomerKind(kind), name, detail, restricted=restricted, erased=erased)
