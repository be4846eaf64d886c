"""Merges that stand, and what would come apart."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, LiteralString

from django.utils.translation import gettext as _

from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import ConflictError, NotFoundError
from trustdesk.register import wire
from trustdesk.register.contracts import Merge, MergeRecord, Parting, Record
from trustdesk.register.selectors.named import named
from trustdesk.register.selectors.values import together

_COLUMNS: LiteralString = "SELECT id, into_id, customer_id, moved, reason, merged_at, merged_by FROM register_merge"
_STANDING: LiteralString = (
    _COLUMNS + " WHERE controller_id = %s AND customer_id = ANY(%s) AND undone_at IS NULL ORDER BY id DESC"
)
_EVERY = """
SELECT id, into_id, customer_id, reason, merged_at, merged_by, undone_at, undone_by FROM register_merge
WHERE controller_id = %s AND (into_id = ANY(%s) OR customer_id = ANY(%s)) ORDER BY id DESC
"""
_MERGE = "SELECT customer_id, undone_at FROM register_merge WHERE controller_id = %s AND id = %s"
_HELD = """
SELECT c.id, c.created_at,
  (SELECT count(*) FROM register_value v
   WHERE v.controller_id = c.controller_id AND v.customer_id = c.id AND v.superseded_at IS NULL),
  (SELECT count(*) FROM register_note n WHERE n.controller_id = c.controller_id AND n.customer_id = c.id)
FROM register_customer c WHERE c.controller_id = %s AND c.id = ANY(%s)
"""


def merges(context: AccessContext, customer_id: int) -> Sequence[Merge]:
    """The merges by which the customer is shown as one with others, newest first; opens nothing.

    Needs `customer:open`.
    """
    context.check_operation("customer:open")
    with wire.within(context):
        return _standing(context, together(context, customer_id))


def merge_history(context: AccessContext, customer_id: int) -> Sequence[MergeRecord]:
    """The customer's merges, newest first, the undone ones too; opens nothing. Needs `customer:open`."""
    context.check_operation("customer:open")
    with wire.within(context):
        ids = together(context, customer_id)
        rows = wire.fetch(_EVERY, context.controller_id, ids, ids)
    return [MergeRecord(*row) for row in rows]


def parting(context: AccessContext, merge_id: int, *, now: datetime) -> Parting:
    """What `unmerge` of this merge would take apart: the records that stay shown as one, and those that leave.

    One opening of their names. Needs `customer:merge`. NotFoundError where there is no such merge, ConflictError where
    it was undone already.
    """
    context.check_operation("customer:merge")
    with wire.within(context):
        found = wire.fetch(_MERGE, context.controller_id, merge_id)
        if not found:
            raise NotFoundError(_("There is no such merge."), place="merge", mend=_("Open the card again."))
        customer_id, undone_at = found[0]
        if undone_at is not None:
            raise ConflictError(_("This merge was undone already."), place="merge", mend=_("Open the card again."))
        ids = together(context, customer_id)
        merge = next(one for one in _standing(context, ids) if one.merge_id == merge_id)
        held = {row[0]: row[1:] for row in wire.fetch(_HELD, context.controller_id, ids)}
        hits = {hit.customer_id: hit for hit in named(context, ids, what="register.merge", now=now)}
    leaving = {merge.customer_id, *merge.moved}
    first = sorted(ids, key=lambda one: one not in {ids[0], merge.customer_id})
    records = [Record(hits[one], *held[one]) for one in first]
    return Parting(
        merge=merge,
        staying=[record for record in records if record.hit.customer_id not in leaving],
        leaving=[record for record in records if record.hit.customer_id in leaving],
    )


def _standing(context: AccessContext, ids: Sequence[int]) -> list[Merge]:
    rows = wire.fetch(_STANDING, context.controller_id, list(ids))
    return [_merge(row, rows) for row in rows]


def _merge(row: tuple[Any, ...], standing: Sequence[tuple[Any, ...]]) -> Merge:
    carried_by = [other[0] for other in standing if row[2] in other[3]]
    return Merge(
        merge_id=row[0],
        into_id=row[1],
        customer_id=row[2],
        moved=tuple(row[3]),
        reason=row[4],
        merged_at=row[5],
        merged_by=row[6],
        carried_by=max(carried_by, default=None),
    )
