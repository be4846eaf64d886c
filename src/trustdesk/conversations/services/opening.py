"""Opening a conversation: it gets the reference that is said to the caller."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from trustdesk.conversations import references
from trustdesk.conversations.contracts import NewConversation, Opened
from trustdesk.conversations.models import Conversation
from trustdesk.conversations.services.held import happened
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import ConflictError
from trustdesk.kernel.ids import new_id

_TRIES = 5


def open_conversation(context: AccessContext, *, new: NewConversation, now: datetime) -> Opened:
    """Open a conversation with somebody who is not identified yet; its id and its reference. Needs
    `conversation:work`.

    The reference is random, unique within the company, and names nobody.
    """
    context.check_operation("conversation:work")
    with scoped(context.scope):
        row = _created(context, new, now)
        happened(context, row, "opened", now=now)
        context.journal.deed(
            context,
            "conversations.opened",
            detail={"conversation": row.id, "channel": new.channel.value, "queue": new.queue},
        )
    return Opened(row.id, row.reference)


def _created(context: AccessContext, new: NewConversation, now: datetime) -> Conversation:
    """With a reference that nobody has: of 10^11 one is hardly ever met twice."""
    for _try in range(_TRIES):
        conversation_id = new_id()
        try:
            with transaction.atomic():
                return Conversation.objects.create(
                    controller_id=context.controller_id,
                    id=conversation_id,
                    reference=references.fresh(),
                    channel=new.channel,
                    queue=new.queue,
                    language=new.language,
                    line=new.line,
                    subject_id=conversation_id,
                    opened_at=now,
                    changed_at=now,
                )
        except IntegrityError:
            continue
    raise ConflictError(_("No free reference was found."), place="reference", mend=_("Try again."))
