"""A call has gone to a case: what was recorded of it goes too. Files, keys and whose they are stay as they are."""

from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import ConflictError
from trustdesk.recordings.models import Recording, Unrecorded
from trustdesk.recordings.services.holding import living


def follow(context: AccessContext, *, interaction_id: int, conversation_id: int, now: datetime) -> int:
    """Move a call's recordings to another conversation (see `recordings.api`)."""
    del now  # when it was moved, the log's entry says
    own = {"controller_id": context.controller_id, "interaction_id": interaction_id}
    with scoped(context.scope):
        rows = Recording.objects.select_for_update().filter(**own).exclude(conversation_id=conversation_id)
        moved = {row.id: row.conversation_id for row in rows.order_by("id")}
        if any(living(context, left).exists() for left in set(moved.values())):
            raise ConflictError(
                _("A legal hold lies on this conversation: its recordings stay where they are."), place="hold"
            )
        Recording.objects.filter(controller_id=context.controller_id, id__in=list(moved)).update(
            conversation_id=conversation_id
        )
        Unrecorded.objects.filter(**own).update(conversation_id=conversation_id)
        if moved:
            context.journal.deed(
                context,
                "recording.moved",
                subjects=sorted({conversation_id, *moved.values()}),
                detail={"conversation": conversation_id, "recordings": list(moved)},
            )
    return len(moved)
