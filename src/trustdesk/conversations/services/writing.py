"""Notes, and what is still to be done. Texts are sealed under the key of whoever the conversation is with."""

from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.conversations import places
from trustdesk.conversations.contracts import NewFollowUp
from trustdesk.conversations.models import Conversation, FollowUp, Note
from trustdesk.conversations.services.held import happened, hold, subjects
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, NotFoundError
from trustdesk.kernel.ids import new_id
from trustdesk.vault.api import Sealer

_LONGEST = 10_000


def add_note(
    context: AccessContext, *, conversation_id: int, text: str, now: datetime, interaction_id: int | None = None
) -> int:
    """Write a note (at most 10,000 characters), sealed; its id. Needs `conversation:work`."""
    context.check_operation("conversation:work")
    with scoped(context.scope):
        return add_note_held(context, hold(context, conversation_id), text, now=now, interaction_id=interaction_id)


def add_note_held(
    context: AccessContext, row: Conversation, text: str, *, now: datetime, interaction_id: int | None = None
) -> int:
    """The same for whoever holds the row already."""
    text = checked(text)
    if not text:
        raise BadInputError(_("A note has 1 to 10,000 characters."), place="note", mend=_("Shorten it."))
    note_id = new_id()
    with Sealer(context) as sealer:
        box = sealer.seal(row.subject_id, places.SERVICE, places.note_place(note_id), text)
    Note.objects.create(
        controller_id=context.controller_id,
        id=note_id,
        conversation_id=row.id,
        interaction_id=interaction_id,
        sealed=box,
        written_at=now,
        written_by=context.operator_id,
    )
    happened(context, row, "noted", now=now)
    context.journal.deed(
        context, "conversations.note.added", subjects=subjects(row), detail={"conversation": row.id, "note": note_id}
    )
    return note_id


def follow_up(context: AccessContext, *, conversation_id: int, new: NewFollowUp, now: datetime) -> int:
    """Something to do on a day, by an operator or by whoever works the queue; its id. Needs `conversation:work`."""
    context.check_operation("conversation:work")
    with scoped(context.scope):
        return follow_up_held(context, hold(context, conversation_id), new, now=now)


def follow_up_held(context: AccessContext, row: Conversation, new: NewFollowUp, *, now: datetime) -> int:
    """The same for whoever holds the row already."""
    text = checked(new.text)
    follow_up_id, box = new_id(), None
    if text:
        with Sealer(context) as sealer:
            box = sealer.seal(row.subject_id, places.SERVICE, places.follow_up_place(follow_up_id), text)
    FollowUp.objects.create(
        controller_id=context.controller_id,
        id=follow_up_id,
        conversation_id=row.id,
        meaning=new.meaning,
        due_at=new.due_at,
        owner_id=new.owner_id,
        queue=new.queue or row.queue,
        sealed=box,
        created_at=now,
        created_by=context.operator_id,
    )
    happened(context, row, "follow-up", now=now, detail=new.meaning.value)
    context.journal.deed(
        context,
        "conversations.follow_up.added",
        subjects=subjects(row),
        detail={"conversation": row.id, "follow_up": follow_up_id},
    )
    return follow_up_id


def follow_up_done(context: AccessContext, *, follow_up_id: int, now: datetime) -> None:
    """It is done. Needs `conversation:work`. A second time it changes nothing."""
    context.check_operation("conversation:work")
    with scoped(context.scope):
        own = FollowUp.objects.filter(controller_id=context.controller_id, id=follow_up_id)
        conversation_id = own.values_list("conversation_id", flat=True).first()
        if conversation_id is None:
            raise NotFoundError(_("There is no such follow-up."), place="follow-up", mend=_("Load the page again."))
        row = hold(context, conversation_id)
        if own.filter(done_at=None).update(done_at=now, done_by=context.operator_id):
            happened(context, row, "followed-up", now=now)
            context.journal.deed(
                context,
                "conversations.follow_up.done",
                subjects=subjects(row),
                detail={"conversation": row.id, "follow_up": follow_up_id},
            )


def checked(text: str) -> str:
    """The text without what no text holds. BadInputError where it is too long."""
    text = text.replace("\0", "").strip()
    if len(text) > _LONGEST:
        raise BadInputError(_("A text has at most 10,000 characters."), place="text", mend=_("Shorten it."))
    return text
