"""One conversation with all that is in it, opened in one entry of the log."""

from collections.abc import Mapping, Sequence
from typing import Any

from trustdesk.conversations import places
from trustdesk.conversations.contracts import Conversation, Note, Party
from trustdesk.conversations.models import Conversation as Row
from trustdesk.conversations.models import Event, FollowUp
from trustdesk.conversations.models import Note as NoteRow
from trustdesk.conversations.models import Party as PartyRow
from trustdesk.conversations.people import hidden
from trustdesk.conversations.selectors import lists
from trustdesk.conversations.selectors.complaints import lines_of
from trustdesk.conversations.services.held import no_conversation
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext, Opening
from trustdesk.vault.api import Place, SealedBox, open_many

_EVENTS = 200


def conversation(context: AccessContext, conversation_id: int) -> Conversation:
    """All of it: calls and messages, the other side's numbers, notes, follow-ups, what happened. Needs
    `conversation:read`. One logged opening where there is anything sealed. Of a call that has gone to a case: the case.

    While the customer is restricted (GDPR Art. 18), or was erased and a legal hold keeps this, only an operator who may
    lift the restriction sees texts.
    """
    context.check_operation("conversation:read")
    with scoped(context.scope):
        row = _standing(context, conversation_id)
        own = {"controller_id": context.controller_id, "conversation_id": row.id}
        parties = list(PartyRow.objects.filter(**own, sealed__isnull=False).order_by("joined_at", "id"))
        notes = list(NoteRow.objects.filter(**own).order_by("written_at", "id"))
        due = list(FollowUp.objects.filter(**own).order_by("due_at", "id"))
        kept = row.restricted_at is not None and not context.allows("customer:lock")
        closed = kept or hidden(context, row.customer_id)
        texts = {} if closed else _opened(context, row, parties, notes, due)
        return Conversation(
            line=lists.line(context, row.id),
            own_line=row.line,
            matches=tuple(row.matches),
            identified_at=row.identified_at,
            identified_by=row.identified_by,
            interactions=lists.interactions(context, row.id),
            parties=[
                Party(party_id=each.id, interaction_id=each.interaction_id, text=texts.get(each.id)) for each in parties
            ],
            notes=[
                Note(
                    note_id=each.id,
                    interaction_id=each.interaction_id,
                    text=texts.get(each.id),
                    written_at=each.written_at,
                    written_by=each.written_by,
                )
                for each in notes
            ],
            follow_ups=[lists.follow_up_view(each, row.reference, texts.get(each.id)) for each in due],
            happenings=[
                lists.happening(each, row) for each in Event.objects.filter(**own).order_by("-at", "-id")[:_EVENTS]
            ],
            complaints=lines_of(context, conversation_id=row.id),
            hidden=closed,
        )


def _standing(context: AccessContext, conversation_id: int) -> Row:
    row = Row.objects.filter(controller_id=context.controller_id, id=conversation_id).first()
    if row is None:
        raise no_conversation()
    return row if row.joined_to is None else _standing(context, row.joined_to)


def _opened(
    context: AccessContext, row: Row, parties: Sequence[PartyRow], notes: Sequence[NoteRow], due: Sequence[FollowUp]
) -> Mapping[int, str | None]:
    """The texts by the ids of their rows, which are never alike."""
    held: list[tuple[int, Place, Any]] = [
        *((each.id, places.party_place(each.id), each.sealed) for each in parties),
        *((each.id, places.note_place(each.id), each.sealed) for each in notes),
        *((each.id, places.follow_up_place(each.id), each.sealed) for each in due if each.sealed is not None),
    ]
    if not held:
        return {}
    boxes = [SealedBox(row.subject_id, places.SERVICE, place, bytes(box)) for _id, place, box in held]
    fields = sorted({place.table.removeprefix("conversations_") for _id, place, _box in held})
    opening = Opening("conversations.conversation", [row.subject_id], fields)
    texts = open_many(context, opening=opening, boxes=boxes)
    return {row_id: text for (row_id, _place, _box), text in zip(held, texts, strict=True)}
