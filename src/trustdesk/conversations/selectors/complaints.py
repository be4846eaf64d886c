"""Complaint files with their clocks, and one of them opened."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from trustdesk.conversations import places
from trustdesk.conversations.contracts import Complaint, ComplaintLine, ReplyOutcome
from trustdesk.conversations.models import Complaint as Row
from trustdesk.conversations.people import hidden
from trustdesk.conversations.services.keeping import ESCALATE_BEFORE
from trustdesk.decision.contracts import Statute
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext, Opening
from trustdesk.kernel.errors import NotFoundError
from trustdesk.kernel.periods import Span
from trustdesk.vault.api import SealedBox, open_many

MOST = 200


def complaints(
    context: AccessContext, *, answered: bool | None = None, queue: str = "", limit: int = 100
) -> Sequence[ComplaintLine]:
    """Complaint files: those that wait for a reply first, the one due next first of all; then the answered ones, newest
    first. Needs `conversation:read`; opens nothing. Restricted ones (Art. 18) are listed for those who may lift a
    restriction.
    """
    context.check_operation("conversation:read")
    with scoped(context.scope):
        rows = Row.objects.filter(controller_id=context.controller_id)
        if not context.allows("customer:lock"):
            rows = rows.filter(restricted_at=None)
        if queue:
            rows = rows.filter(queue=queue)
        waiting = rows.filter(replied_at=None).order_by("due_at", "id")
        done = rows.filter(replied_at__isnull=False).order_by("-replied_at", "-id")
        most = min(limit, MOST)
        found = [] if answered else list(waiting[:most])
        if answered is not False:
            found += list(done[: most - len(found)])
    return [_line(row) for row in found]


def escalations(context: AccessContext, *, now: datetime) -> Sequence[ComplaintLine]:
    """Files that are overdue or due within three days, the most urgent first. Needs `conversation:read`."""
    return [one for one in complaints(context, answered=False, limit=MOST) if one.due_at <= now + ESCALATE_BEFORE]


def complaint(context: AccessContext, complaint_id: int) -> Complaint:
    """One file with its minutes and its reply: one logged opening. Needs `conversation:read`; a restricted one also
    `customer:lock`, else its texts stay closed.
    """
    context.check_operation("conversation:read")
    with scoped(context.scope):
        row = Row.objects.filter(controller_id=context.controller_id, id=complaint_id).first()
        if row is None:
            raise NotFoundError(
                _("There is no such complaint file."), place="complaint", mend=_("Look at the list again.")
            )
        minutes, reply = None, None
        kept = row.restricted_at is not None and not context.allows("customer:lock")
        if not kept and not hidden(context, None if row.restricted_at else row.customer_id):
            minutes, reply = _opened(context, row)
    return Complaint(
        line=_line(row),
        minutes=minutes,
        reply=reply,
        authority=row.authority,
        taken_by=row.taken_by,
        copy_given_at=row.copy_given_at,
    )


def lines_of(context: AccessContext, *, conversation_id: int) -> list[ComplaintLine]:
    """Those of one conversation."""
    own = Row.objects.filter(controller_id=context.controller_id, conversation_id=conversation_id)
    return [_line(row) for row in own.order_by("received_at", "id")]


def _opened(context: AccessContext, row: Row) -> tuple[dict[str, str] | None, str | None]:
    boxes = [SealedBox(row.subject_id, places.COMPLAINT, places.minutes_place(row.id), bytes(row.minutes))]
    if row.reply is not None:
        boxes.append(SealedBox(row.subject_id, places.COMPLAINT, places.reply_place(row.id), bytes(row.reply)))
    opening = Opening("conversations.complaint", [row.subject_id], ["minutes", "reply"][: len(boxes)])
    texts = open_many(context, opening=opening, boxes=boxes)
    minutes: dict[str, str] | None = None if texts[0] is None else json.loads(texts[0])
    return minutes, texts[1] if len(texts) > 1 else None


def _line(row: Row) -> ComplaintLine:
    asked: dict[str, Any] = row.rules
    return ComplaintLine(
        complaint_id=row.id,
        number=row.number,
        conversation_id=row.conversation_id,
        customer_id=row.customer_id,
        queue=row.queue,
        countries=tuple(row.countries),
        sector=row.sector,
        rule_ids=tuple(asked["ids"]),
        law=Statute(**asked["law"]),
        keep_law=Statute(**asked.get("keep_law", {"text": ""})),  # files of before did not write it down
        received_at=row.received_at,
        due_date=row.due_date,
        due_at=row.due_at,
        extended=row.extended_at is not None,
        may_extend=None if asked["extend_by"] is None or row.extended_at else Span(**asked["extend_by"]),
        silence_accepts=asked["silence_accepts"],
        copy_due=asked["minutes_copy"] and row.copy_given_at is None,
        name_authority=asked["name_authority"],
        replied_at=row.replied_at,
        outcome=ReplyOutcome(row.outcome) if row.outcome else None,
        keep_until=row.keep_until,
        restricted=row.restricted_at is not None,
        escalated_at=row.escalated_at,
    )
