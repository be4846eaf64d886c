"""Pairs of records that may be one person: lists, and two records side by side."""

from collections.abc import Sequence
from typing import Any, LiteralString

from django.utils.translation import gettext as _

from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError
from trustdesk.matching.contracts import Said
from trustdesk.register.api import known_as
from trustdesk.register.contracts import HeldValue
from trustdesk.updates import wire
from trustdesk.updates.candidates import ERASED, closed, compared
from trustdesk.updates.contracts import DuplicateLine, DuplicateState, DuplicateView
from trustdesk.updates.services.payloads import read_evidence

MOST = 200
_COLUMNS: LiteralString = """
SELECT d.id, d.left_id, d.right_id, d.probability, d.second, d.evidence, d.found_at, d.state, d.decided_by, d.decided_at
FROM updates_duplicate d WHERE d.controller_id = %s
"""
# Who was shown as one otherwise, at the desk, waits no more.
_OPEN: LiteralString = """
 AND d.state = 'open' AND NOT EXISTS (
  SELECT 1 FROM register_customer one JOIN register_customer other ON other.controller_id = one.controller_id
  WHERE one.controller_id = d.controller_id AND one.id = d.left_id AND other.id = d.right_id
    AND coalesce(one.merged_into, one.id) = coalesce(other.merged_into, other.id))
"""
_LIKELIEST: LiteralString = " ORDER BY d.probability DESC, d.id LIMIT %s"
_DECIDED: LiteralString = " AND d.state <> 'open' ORDER BY d.decided_at DESC, d.id DESC LIMIT %s"
_OWN: LiteralString = " FROM updates_duplicate d WHERE d.controller_id = %s"
_COUNT: LiteralString = "SELECT count(*)" + _OWN + _OPEN
_ONE: LiteralString = _COLUMNS + " AND d.id = %s"
_AFTER: LiteralString = """
 AND d.id <> %s ORDER BY (-d.probability, d.id) < (SELECT -p.probability, p.id FROM updates_duplicate p
  WHERE p.controller_id = %s AND p.id = %s), d.probability DESC, d.id LIMIT 1
"""
_NEXT: LiteralString = "SELECT d.id" + _OWN + _OPEN + _AFTER


def duplicates(context: AccessContext, *, decided: bool = False, limit: int = 100) -> Sequence[DuplicateLine]:
    """The pairs that wait for a decision, the likeliest first, at most 200; or those decided, the newest first. Needs
    `update:review`; opens nothing.
    """
    context.check_operation("update:review")
    statement = _COLUMNS + _DECIDED if decided else _COLUMNS + _OPEN + _LIKELIEST
    with wire.within(context):
        return [_line(row) for row in wire.fetch(statement, context.controller_id, min(limit, MOST))]


def count_duplicates(context: AccessContext) -> int:
    """How many pairs wait for a decision. Needs `update:read`."""
    context.check_operation("update:read")
    with wire.within(context):
        return int(wire.fetch(_COUNT, context.controller_id)[0][0])


def duplicate_line(context: AccessContext, duplicate_id: int) -> DuplicateLine:
    """One pair; opens nothing. Needs `update:review`. NotFoundError for one that can't be seen from here."""
    context.check_operation("update:review")
    with wire.within(context):
        rows = wire.fetch(_ONE, context.controller_id, duplicate_id)
    if not rows:
        raise NotFoundError(_("There is no such pair."), place="duplicate", mend=_("Look at the list again."))
    return _line(rows[0])


def duplicate(context: AccessContext, duplicate_id: int) -> DuplicateView:
    """Two records side by side, opened in one entry, with the evidence of when they were found. Needs `update:review`.
    Where one is restricted or was erased nothing is opened (GDPR Art. 17, 18). NotFoundError as for `duplicate_line`.
    """
    line = duplicate_line(context, duplicate_id)
    why = closed(context, [line.left_id, line.right_id])
    shut = next(iter(why.values()), "")
    rows = []
    if not shut:
        held = known_as(context, [line.left_id, line.right_id])
        of = {record: person for person in held.values() for record in person.records}
        left, right = of.get(line.left_id), of.get(line.right_id)
        if left is None or right is None:
            shut = ERASED
        elif left.shown_as == right.shown_as:
            rows = compared(
                _said([one for one in left.values if one.customer_id != line.right_id]),
                [one for one in left.values if one.customer_id == line.right_id],
                line.evidence,
            )
        else:
            rows = compared(_said(left.values), right.values, line.evidence)
    return DuplicateView(line=line, compared=rows, closed=shut, next_id=next_duplicate(context, duplicate_id))


def next_duplicate(context: AccessContext, duplicate_id: int) -> int | None:
    """The likeliest pair after this one that waits, then the likeliest of all; None where none does. Needs
    `update:review`.
    """
    context.check_operation("update:review")
    company = context.controller_id
    with wire.within(context):
        rows = wire.fetch(_NEXT, company, duplicate_id, company, duplicate_id)
    return rows[0][0] if rows else None


def _said(values: Sequence[HeldValue]) -> list[Said]:
    return [Said(one.attribute, one.kind.value, one.text, one.shared_line) for one in values]


def _line(row: Sequence[Any]) -> DuplicateLine:
    return DuplicateLine(
        duplicate_id=row[0],
        left_id=row[1],
        right_id=row[2],
        probability=row[3],
        second=row[4],
        evidence=read_evidence(row[5]),
        found_at=row[6],
        state=DuplicateState(row[7]),
        decided_by=row[8],
        decided_at=row[9],
    )
