"""What came of an interaction: said by the agent, and done at once, in one transaction."""

from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.clearance.api import record_objection
from trustdesk.clearance.contracts import Method, Scope
from trustdesk.conversations.contracts import DATED, Disposition, Given, Meaning, NewFollowUp, State
from trustdesk.conversations.models import Conversation, Interaction
from trustdesk.conversations.services.catalog import disposition as named
from trustdesk.conversations.services.complaining import open_complaint_held
from trustdesk.conversations.services.held import happened, hold_interaction, subjects
from trustdesk.conversations.services.steering import closable, close_held
from trustdesk.conversations.services.writing import add_note_held, follow_up_held
from trustdesk.decision.contracts import PurposeKind
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, ConflictError
from trustdesk.kernel.ids import to_public

_ENDS = frozenset({Meaning.DONE, Meaning.STOP, Meaning.OBJECTION})


def dispose(
    context: AccessContext,
    *,
    interaction_id: int,
    disposition: str,
    now: datetime,
    given: Given | None = None,
    note: str = "",
) -> None:
    """Say what came of an interaction, by a code of its queue's dispositions. Needs `conversation:work`.

    A note is written with it. `again` and `callback` make a follow-up on `given.due_at`, else after the disposition's
    own time; `objection` is recorded by clearance for purpose and channel, for all marketing where none is named (it
    also needs `consent:record`); `complaint` opens a complaint file with `given.complaint`. Settled, stopped or
    objected, the conversation is closed where nothing in it is left to do.

    ConflictError where it was said already, or where an objection has no customer yet; BadInputError where what the
    disposition asks for is missing. Then nothing of it is done.
    """
    context.check_operation("conversation:work")
    given = given or Given()
    with scoped(context.scope):
        row, one = hold_interaction(context, interaction_id)
        if one.disposition:
            raise ConflictError(_("It was said already."), place="disposition", mend=_("Load the page again."))
        said = named(context, one.queue, disposition)
        one.disposition, one.meaning = said.code, said.meaning
        one.disposed_at, one.disposed_by, one.wrap_up_by = now, context.operator_id, None
        one.save(update_fields=["disposition", "meaning", "disposed_at", "disposed_by", "wrap_up_by"])
        happened(context, row, "disposed", now=now, detail=said.code)
        if note.strip():
            add_note_held(context, row, note, now=now, interaction_id=one.id)
        _act(context, row, one, said, given, now=now)
        context.journal.deed(
            context,
            "conversations.disposed",
            subjects=subjects(row),
            detail={"interaction": one.id, "disposition": said.code, "meaning": said.meaning.value},
        )


def _act(
    context: AccessContext, row: Conversation, one: Interaction, said: Disposition, given: Given, *, now: datetime
) -> None:
    if said.meaning in DATED:
        _look_again(context, row, said, given, now=now)
    elif said.meaning is Meaning.OBJECTION:
        _object(context, row, one, given, now=now)
    elif said.meaning is Meaning.COMPLAINT:
        if given.complaint is None:
            raise BadInputError(_("A complaint needs its minutes."), place="complaint", mend=_("Fill its fields."))
        open_complaint_held(context, row, one, given.complaint, now=now)
    if said.meaning in _ENDS and row.state != State.CLOSED and closable(context, row):
        close_held(context, row, now=now)


def _look_again(context: AccessContext, row: Conversation, said: Disposition, given: Given, *, now: datetime) -> None:
    due_at = given.due_at or (now + said.after if said.after else None)
    if due_at is None or due_at <= now:
        raise BadInputError(_("Say when it is looked at again."), place="due_at", mend=_("Choose a time to come."))
    new = NewFollowUp(due_at=due_at, owner_id=given.owner_id, meaning=said.meaning)
    follow_up_held(context, row, new, now=now)
    row.state = State.WAITING
    row.save(update_fields=["state"])


def _object(context: AccessContext, row: Conversation, one: Interaction, given: Given, *, now: datetime) -> None:
    if row.customer_id is None:
        raise ConflictError(
            _("Nobody is identified yet whose objection it would be."),
            place="customer",
            mend=_("Find the customer first, then record the objection."),
        )
    scope = Scope(purpose=given.purpose, kind=None if given.purpose else PurposeKind.MARKETING, channel=given.channel)
    record_objection(
        context,
        customer_id=row.customer_id,
        scope=scope,
        method=Method.TOLD_OPERATOR,
        at=min(one.ended_at or now, now),
        reference=f"conversation {to_public(one.id)}",
        now=now,
    )
