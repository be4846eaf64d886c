"""Changes that were decided: lists, one, a customer's history, and what stands for a customer. Nothing is opened."""

from collections.abc import Collection, Sequence
from typing import Any, LiteralString

from django.utils.translation import gettext as _

from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError
from trustdesk.matching.contracts import Evidence, Outcome
from trustdesk.register.api import shown_as_one
from trustdesk.updates import wire
from trustdesk.updates.contracts import AppliedView, ChangeKind, ChangeView, Fate, HistoryEntry, Order, OrderKind

_COLUMNS: LiteralString = """
SELECT id, feed_id, delivery_id, kind, fate, outcome, as_of, received_at, decided_at, customer_id, probability, second,
  reason, evidence, undone_at FROM updates_change WHERE controller_id = %s
"""
_ONE: LiteralString = _COLUMNS + " AND id = %s"
_OF_CUSTOMER: LiteralString = _COLUMNS + " AND customer_id = ANY(%b::bigint[]) ORDER BY decided_at DESC, id DESC"
_FATES: LiteralString = " AND fate = ANY(%s::text[])"
_BEFORE: LiteralString = " AND id < %s"
_LAST: LiteralString = " ORDER BY id DESC LIMIT %s"
_OF_FEED: LiteralString = " AND feed_id = %s"
_OF_DELIVERY: LiteralString = " AND delivery_id = %s"
_APPLIED = """
SELECT change_id, attribute, what, why, old_value_id, new_value_id, undone_at FROM updates_applied
WHERE controller_id = %s AND change_id = ANY(%b::bigint[]) ORDER BY id
"""
_ORDERS = """
SELECT kind, feed_id, since FROM updates_order
WHERE controller_id = %s AND customer_id = ANY(%b::bigint[]) AND ended_at IS NULL ORDER BY since, kind
"""


def changes(
    context: AccessContext,
    *,
    feed_id: int | None = None,
    delivery_id: int | None = None,
    fates: Collection[Fate] = (),
    before: int | None = None,
    limit: int = 50,
) -> Sequence[ChangeView]:
    """The changes of a feed or delivery, or all, the newest first; `before` is the last number of the page before.
    Needs `update:read`.
    """
    context.check_operation("update:read")
    statement, given = _COLUMNS, [context.controller_id]  # type: tuple[LiteralString, list[object]]
    for clause, value in ((_OF_FEED, feed_id), (_OF_DELIVERY, delivery_id), (_BEFORE, before)):
        if value is not None:
            statement, given = statement + clause, [*given, value]
    if fates:
        statement, given = statement + _FATES, [*given, [fate.value for fate in fates]]
    with wire.within(context):
        return [_view(row) for row in wire.fetch(statement + _LAST, *given, limit)]


def change(context: AccessContext, change_id: int) -> HistoryEntry:
    """One change and its fields. Needs `update:read`. NotFoundError where there is none."""
    context.check_operation("update:read")
    with wire.within(context):
        rows = wire.fetch(_ONE, context.controller_id, change_id)
        if not rows:
            raise NotFoundError(_("There is no such change."), place="change", mend=_("Look at the list again."))
        return _with_fields(context, rows)[0]


def history_of(context: AccessContext, customer_id: int) -> Sequence[HistoryEntry]:
    """All that feeds changed of a customer or tried to, all who are shown as one together, the newest first: for the
    timeline. What waits for a review is nobody's yet and is left out. Needs `customer:open`.
    """
    context.check_operation("customer:open")
    with wire.within(context):
        ids = shown_as_one(context, customer_id)
        rows = wire.fetch(_OF_CUSTOMER, context.controller_id, ids)
        return _with_fields(context, [row for row in rows if row[4] != Fate.REVIEW])


def orders_of(context: AccessContext, customer_id: int) -> Sequence[Order]:
    """What sources ordered for the customer and have not taken back: that contact data be given to nobody, that nobody
    be contacted any more. Needs `customer:open`.
    """
    context.check_operation("customer:open")
    with wire.within(context):
        rows = wire.fetch(_ORDERS, context.controller_id, shown_as_one(context, customer_id))
    return [Order(kind=OrderKind(kind), feed_id=feed_id, since=since) for kind, feed_id, since in rows]


def _with_fields(context: AccessContext, rows: Sequence[tuple[Any, ...]]) -> list[HistoryEntry]:
    fields: dict[int, list[AppliedView]] = {}
    for change_id, attribute, what, why, old, new, undone_at in wire.fetch(
        _APPLIED, context.controller_id, [row[0] for row in rows]
    ):
        fields.setdefault(change_id, []).append(
            AppliedView(
                attribute=attribute, what=what, why=why, old_value_id=old, new_value_id=new, undone_at=undone_at
            )
        )
    return [HistoryEntry(change=_view(row), fields=fields.get(row[0], [])) for row in rows]


def _view(row: tuple[Any, ...]) -> ChangeView:
    return ChangeView(
        change_id=row[0],
        feed_id=row[1],
        delivery_id=row[2],
        kind=ChangeKind(row[3]),
        fate=Fate(row[4]),
        outcome=Outcome(row[5]),
        as_of=row[6],
        received_at=row[7],
        decided_at=row[8],
        customer_id=row[9],
        probability=row[10],
        second=row[11],
        reason=row[12],
        evidence=[Evidence(about, level, weight) for about, level, weight in row[13]],
        undone_at=row[14],
    )
