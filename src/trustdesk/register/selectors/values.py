"""Rows of values turned into what a card shows, opened together in one entry."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

from django.utils.translation import gettext as _

from trustdesk.kernel.context import AccessContext, Opening
from trustdesk.kernel.errors import NotFoundError
from trustdesk.register import wire
from trustdesk.register.contracts import CardValue, ConfirmedBy, SourceKind
from trustdesk.register.fresh import is_stale
from trustdesk.register.places import value_place
from trustdesk.register.selectors import catalog as catalog_of
from trustdesk.register.selectors.fresh import rules
from trustdesk.vault.api import SealedBox, open_many

_COLUMNS: LiteralString = """
SELECT v.id, v.customer_id, v.attribute_id, v.sealed, v.open_text, v.label, v.shared_line, v.source_id, s.kind, s.name,
  v.recorded_at, v.confirmed_at, v.confirmed_by, v.confirmed_by_operator, v.rectified, v.restricted_at IS NOT NULL,
  v.superseded_at, v.superseded_by
FROM register_value v JOIN register_source s ON s.controller_id = v.controller_id AND s.id = v.source_id
WHERE v.controller_id = %s AND v.customer_id = ANY(%s)
"""
CURRENT: LiteralString = _COLUMNS + " AND v.superseded_at IS NULL ORDER BY v.attribute_id, v.id"
EVERY: LiteralString = _COLUMNS + " ORDER BY v.recorded_at DESC, v.id DESC"

_TOGETHER = """
SELECT id FROM register_customer
WHERE controller_id = %s AND (id = %s OR merged_into = %s) ORDER BY id <> %s, id
"""
_ROOT = "SELECT coalesce(merged_into, id) FROM register_customer WHERE controller_id = %s AND id = %s"
_RESTRICTED = "SELECT FROM register_customer WHERE controller_id = %s AND id = %s AND restricted_at IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Sealed:
    """Something else to open in the same entry: a headline, a note."""

    box: SealedBox
    fields: str


def together(context: AccessContext, customer_id: int) -> list[int]:
    """The customer as which this one is shown, first, and all who are merged into it. NotFoundError for a stranger."""
    found = wire.fetch(_ROOT, context.controller_id, customer_id)
    if not found:
        raise NotFoundError(_("There is no such customer."), place="customer", mend=_("Search again."))
    root = found[0][0]
    return [row[0] for row in wire.fetch(_TOGETHER, context.controller_id, root, root, root)]


def shown_as_one(context: AccessContext, customer_id: int) -> list[int]:
    """All who are shown as one with the customer, the one as which they are shown first. Who is not in the register
    (any more) stands alone: what others keep of them is still found by the number.
    """
    with wire.within(context):
        try:
            return together(context, customer_id)
        except NotFoundError:
            return [customer_id]


def open_values(
    context: AccessContext,
    rows: Sequence[tuple[Any, ...]],
    *,
    what: str,
    now: datetime,
    hidden: bool = False,
    others: Sequence[Sealed] = (),
) -> tuple[list[CardValue], list[str | None]]:
    """The values and the other things, opened in one entry. `hidden`: the customer is restricted, show no text."""
    attributes = catalog_of.by_id(context)
    boxes: list[SealedBox] = []
    owners: list[int] = []
    unsealed: dict[int, str | None] = {}
    for row in rows:
        attribute = attributes[row[2]]
        if hidden or (row[15] and not context.allows("customer:lock")) or not catalog_of.covered(context, attribute):
            unsealed[row[0]] = None
        elif row[3] is None:
            unsealed[row[0]] = row[4]
        else:
            boxes.append(SealedBox(row[1], attribute.retention_class, value_place(row[0]), row[3]))
            owners.append(row[0])
    sealed = frozenset(owners)
    fields = {attributes[row[2]].code for row in rows if row[0] in sealed} | {other.fields for other in others}
    texts = opened(context, what, [*boxes, *(other.box for other in others)], fields)
    unsealed.update(zip(owners, texts[: len(boxes)], strict=True))
    values, fresh = [], rules(context)
    for row in rows:
        attribute = attributes[row[2]]
        days = fresh.days(row[2], attribute.fresh_days, by=row[12], source_id=row[7])
        values.append(
            CardValue(
                value_id=row[0],
                customer_id=row[1],
                attribute=attribute.code,
                attribute_label=attribute.label,
                kind=attribute.kind,
                text=unsealed[row[0]],
                label=row[5],
                shared_line=row[6],
                source_id=row[7],
                source_kind=SourceKind(row[8]),
                source_name=row[9],
                recorded_at=row[10],
                confirmed_at=row[11],
                confirmed_by=ConfirmedBy(row[12]) if row[12] else None,
                confirmed_by_operator=row[13],
                fresh_days=days,
                stale=is_stale(row[11] or row[10], days, now),
                rectified=row[14],
                restricted=row[15],
                withheld=not catalog_of.covered(context, attribute),
                superseded_at=row[16],
                superseded_by=row[17],
            )
        )
    return values, texts[len(boxes) :]


def unopened(context: AccessContext, customer_id: int, *, now: datetime) -> Sequence[CardValue]:
    """All that is current about the customer without what it says; nothing of who is restricted. Inside the scope."""
    ids = together(context, customer_id)
    if wire.fetch(_RESTRICTED, context.controller_id, ids[0]):
        return ()
    rows = wire.fetch(CURRENT, context.controller_id, ids)
    # Hidden, none is opened: no entry is written under this name.
    return open_values(context, rows, what="register.card", now=now, hidden=True)[0]


def opened(context: AccessContext, what: str, boxes: Sequence[SealedBox], fields: Iterable[str]) -> list[str | None]:
    """The texts of the boxes, opened in one entry; none leaves none."""
    if not boxes:
        return []
    subjects = list(dict.fromkeys(box.customer_id for box in boxes))
    return open_many(context, opening=Opening(what, subjects, sorted(fields)), boxes=boxes)
