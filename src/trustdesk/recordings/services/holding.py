"""Legal holds: what keeps recordings and their conversation beyond their day, visibly, with the ground and who placed
it.

A held recording of a known customer is wrapped under a class of its own, so that an erasure of what else is kept of the
person does not destroy the evidence (GDPR Art. 17(3)(e)). Released, it goes back under its own class; where that was
destroyed meanwhile, the person was forgotten, and the recording goes too.
"""

import re
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from trustdesk.conversations.api import let_go, stand_still
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, ConflictError, NotFoundError, RefusedError
from trustdesk.kernel.ids import new_id
from trustdesk.recordings.contracts import Because, Ground
from trustdesk.recordings.models import Hold, Recording
from trustdesk.recordings.services.removing import remove
from trustdesk.vault.api import RetentionClass, refile_stream_key

HELD_CLASS: RetentionClass = "statutory:legal-hold"
_FILE_NUMBER = re.compile(r"[\w./ -]{1,60}\Z")


def class_to_file(context: AccessContext, conversation_id: int, retention_class: RetentionClass) -> RetentionClass:
    """The class a recording of the conversation is filed under now. Inside the scope."""
    return HELD_CLASS if living(context, conversation_id).exists() else retention_class


def living(context: AccessContext, conversation_id: int) -> QuerySet[Hold]:
    """The conversation's holds that are not released."""
    return Hold.objects.filter(
        controller_id=context.controller_id, conversation_id=conversation_id, released_at__isnull=True
    )


def hold(context: AccessContext, *, conversation_id: int, ground: Ground, file_number: str, now: datetime) -> int:
    """Keep a conversation's recordings (see `recordings.api`)."""
    context.check_operation("recording:hold")
    if not _FILE_NUMBER.match(file_number.strip()):
        raise BadInputError(
            _("A legal hold needs the number of a file."),
            place="file_number",
            mend=_("Up to 60 letters, digits, points, strokes: no names."),
        )
    hold_id = new_id()
    with scoped(context.scope):
        stand_still(context, conversation_id)  # before its recordings, as everywhere
        rows = _rows(context, conversation_id)
        if not rows:
            raise NotFoundError(_("There is no recording of this conversation."), place="conversation")
        Hold.objects.create(
            controller_id=context.controller_id,
            id=hold_id,
            conversation_id=conversation_id,
            ground=ground,
            file_number=file_number.strip(),
            placed_at=now,
            placed_by=context.operator_id,
        )
        for row in rows:
            _file(context, row, HELD_CLASS)
        _entry(context, "recording.held", conversation_id, hold_id, rows)
    return hold_id


def release(context: AccessContext, *, hold_id: int, now: datetime) -> None:
    """End a legal hold (see `recordings.api`)."""
    context.check_operation("recording:hold")
    with scoped(context.scope):
        held = Hold.objects.select_for_update().filter(controller_id=context.controller_id, id=hold_id).first()
        if held is None:
            raise NotFoundError(_("There is no such legal hold."), place="hold")
        if held.released_at is not None:
            raise ConflictError(_("This legal hold is released already."), place="hold")
        held.released_at, held.released_by = now, context.operator_id
        held.save(update_fields=["released_at", "released_by"])
        stand_still(context, held.conversation_id)
        rows = _rows(context, held.conversation_id)
        _entry(context, "recording.released", held.conversation_id, hold_id, rows)
        if not living(context, held.conversation_id).exists():
            for row in rows:
                _let_go(context, row, now=now)
            let_go(context, held.conversation_id, now=now)


def _let_go(context: AccessContext, row: Recording, *, now: datetime) -> None:
    try:
        _file(context, row, row.retention_class)
    except RefusedError:  # the customer was erased while it was held: now nothing keeps it any more
        remove(context, row, Because.ERASED, now=now)


def _file(context: AccessContext, row: Recording, filed_class: RetentionClass) -> None:
    if row.customer_id is None:
        return
    refile_stream_key(context, file_id=row.id, customer_id=row.customer_id, retention_class=filed_class)
    row.filed_class = filed_class
    row.save(update_fields=["filed_class"])


def _rows(context: AccessContext, conversation_id: int) -> list[Recording]:
    found = Recording.objects.select_for_update().filter(
        controller_id=context.controller_id, conversation_id=conversation_id
    )
    return list(found.order_by("id"))


def _entry(context: AccessContext, what: str, conversation_id: int, hold_id: int, rows: list[Recording]) -> None:
    subjects = sorted({row.customer_id or conversation_id for row in rows}) or [conversation_id]
    detail = {"conversation": conversation_id, "hold": hold_id, "recordings": [row.id for row in rows]}
    context.journal.deed(context, what, subjects=subjects, detail=detail)
