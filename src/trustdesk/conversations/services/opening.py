"""Opening a conversation: it gets the reference that is said to the caller."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from trustdesk.conversations import references
from trustdesk.conversations.contracts import How, NewConversation, NewInteraction, Opened
from trustdesk.conversations.models import Conversation
from trustdesk.conversations.services.held import note_events, tell
from trustdesk.conversations.services.identifying import matching
from trustdesk.conversations.services.interacting import add_interaction
from trustdesk.isolation.api import joined, scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import ConflictError
from trustdesk.kernel.ids import new_id

_TRIES = 5
# A reference that somebody has is no fault of the transaction: no savepoint is needed to go on after it.
_INSERT = """
INSERT INTO conversations_conversation (controller_id, id, reference, channel, queue, language, line, state, subject_id,
  matches, how, opened_at, changed_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (controller_id, reference) DO NOTHING
"""


def open_conversation(context: AccessContext, *, new: NewConversation, now: datetime) -> Opened:
    """Open a conversation with somebody who is not identified yet; its id and its reference. Needs
    `conversation:work`.

    The reference is random, unique within the company, and names nobody.
    """
    context.check_operation("conversation:work")
    with scoped(context.scope):
        row = _opened(context, new, (), now)
        note_events(context, row.id, [("opened", "")], now=now)
        tell(context, row.id)
    return Opened(row.id, row.reference)


def begin_conversation(
    context: AccessContext,
    *,
    new: NewConversation,
    first: NewInteraction,
    matches: Sequence[int] = (),
    now: datetime,
) -> tuple[Opened, int]:
    """Open a conversation with the call or message it begins with, and with the customers who have its number: what
    `open_conversation`, `begin_interaction` and `note_matches` do one after the other, done as a whole. Needs
    `conversation:work`. The conversation, and the id of its interaction. A fault undoes the running transaction.
    """
    context.check_operation("conversation:work")
    with joined(context.scope):
        found = matching(context, matches)
        row = _opened(context, new, found, now)
        one = add_interaction(context, row, first)
        events = [("opened", ""), ("began", f"{first.kind} {first.direction}")]
        note_events(context, row.id, [*events, ("matched", str(len(found)))] if found else events, now=now)
        tell(context, row.id)
    return Opened(row.id, row.reference), one.id


def _opened(context: AccessContext, new: NewConversation, matches: Sequence[int], now: datetime) -> Conversation:
    """With a reference that nobody has: of 10^11 one is hardly ever met twice."""
    row = Conversation(
        controller_id=context.controller_id,
        id=new_id(),
        channel=new.channel,
        queue=new.queue,
        language=new.language,
        line=new.line,
        matches=list(matches),
        how=How.NUMBER_MATCHED if matches else How.UNIDENTIFIED,
        opened_at=now,
        changed_at=now,
    )
    row.subject_id = row.id
    for _try in range(_TRIES):
        row.reference = references.fresh()
        if _inserted(row):
            context.journal.deed(
                context,
                "conversations.opened",
                detail={"conversation": row.id, "channel": new.channel.value, "queue": new.queue},
            )
            return row
    raise ConflictError(_("No free reference was found."), place="reference", mend=_("Try again."))


def _inserted(row: Conversation) -> bool:
    values: list[Any] = [
        row.controller_id,
        row.id,
        row.reference,
        str(row.channel),
        row.queue,
        row.language,
        row.line,
    ]
    values += [str(row.state), row.subject_id, list(row.matches), str(row.how), row.opened_at, row.changed_at]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, values)
        return bool(cursor.rowcount)
