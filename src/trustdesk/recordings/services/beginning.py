"""A recording begins: asked again whether it may, then row, key and file, and the log's entry with them."""

from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext as _

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import new_id
from trustdesk.recordings import places
from trustdesk.recordings.consenting import why_not
from trustdesk.recordings.contracts import NewRecording, NoRecordingError, RecordingKey
from trustdesk.recordings.models import Recording, Unrecorded
from trustdesk.recordings.services.holding import class_to_file
from trustdesk.sipedge.api import disk_word
from trustdesk.vault.api import create_stream_key


def begin(context: AccessContext, *, new: NewRecording, now: datetime) -> RecordingKey:
    """A key and an empty file for one leg (see `recordings.api`)."""
    reason = why_not(new, now=now)
    if reason or new.heard_at is None:
        raise NoRecordingError(
            _("This leg may not be recorded."), place=reason, mend=_("The call goes on without a recording.")
        )
    recording_id = new_id()
    path = _empty_file(context, recording_id)
    try:
        with scoped(context.scope):
            key = _write(context, recording_id, new, heard_at=new.heard_at, now=now)
    except BaseException:
        places.delete(context.controller_id, recording_id)
        raise
    return RecordingKey(
        recording_id=recording_id, key=key, bound=places.bound_of(context.controller_id, recording_id), path=path
    )


def _empty_file(context: AccessContext, recording_id: int) -> Path:
    """NoRecordingError where the disk has no place for another file."""
    try:
        return places.empty_file(context.controller_id, recording_id)
    except OSError as fault:
        raise NoRecordingError(
            _("There is no place to store what is said."),
            place=disk_word(fault),
            mend=_("Make room on the disk of the recordings."),
        ) from fault


def _write(context: AccessContext, recording_id: int, new: NewRecording, *, heard_at: datetime, now: datetime) -> bytes:
    filed_class = ""
    if new.customer_id is not None:
        filed_class = class_to_file(context, new.conversation_id, new.retention_class)
    Recording.objects.create(
        controller_id=context.controller_id,
        id=recording_id,
        conversation_id=new.conversation_id,
        interaction_id=new.interaction_id,
        call_id=new.call_id,
        leg=new.leg,
        role=new.role,
        queue=new.queue,
        operator_id=new.operator_id,
        customer_id=new.customer_id,
        mode=new.mode,
        rule_ids=list(new.rule_ids),
        notice_version=new.notice_version,
        heard_at=heard_at,
        consent_key=new.consent_key,
        retention_class=new.retention_class,
        filed_class=filed_class,
        keep_until=new.keep_until,
        copy_days=new.copy_days,
        began_at=now,
    )
    subject = None if new.customer_id is None else (new.customer_id, filed_class)
    key = create_stream_key(context, file_id=recording_id, subject=subject)
    context.journal.deed(
        context,
        "recording.begun",
        subjects=[new.customer_id or new.conversation_id],
        detail={
            "recording": recording_id,
            "conversation": new.conversation_id,
            "leg": new.leg,
            "role": new.role,
            "mode": new.mode,
            "notice": new.notice_version,
            "heard_at": heard_at.isoformat(),
            "consent_key": new.consent_key,
            "rules": list(new.rule_ids),
            "keep_until": new.keep_until.isoformat(),
        },
    )
    return key


def not_recorded(
    context: AccessContext,
    *,
    conversation_id: int,
    interaction_id: int,
    call_id: int,
    reason: str,
    queue: str = "",
    now: datetime,
) -> None:
    """Keep that a call was not recorded, and why (see `recordings.api`)."""
    with scoped(context.scope):
        told = {"controller_id": context.controller_id, "call_id": call_id, "reason": reason, "at": now}
        if Unrecorded.objects.filter(**told).exists():
            return
        Unrecorded.objects.create(
            controller_id=context.controller_id,
            id=new_id(),
            conversation_id=conversation_id,
            interaction_id=interaction_id,
            call_id=call_id,
            queue=queue,
            reason=reason,
            at=now,
        )
        context.journal.deed(
            context,
            "recording.not-made",
            subjects=[conversation_id],
            detail={"conversation": conversation_id, "reason": reason},
        )
