"""A call goes to the case whose reference was typed: with all that is in it, in one transaction.

The conversation that the call began stays as the reference that was said already, and leads to the case. Nobody is
identified by it: whose call it was has to be found out as of any other call.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from trustdesk.conversations import places
from trustdesk.conversations.contracts import How, State
from trustdesk.conversations.models import Complaint, Conversation, Event, FollowUp, Interaction, Note, Party
from trustdesk.conversations.services.held import happened, hold, hold_interaction, no_interaction, subjects, tell
from trustdesk.conversations.services.identifying import MOST_MATCHES, reseal
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.vault.api import destroy

_FOLLOW = (Party, Note, FollowUp)
_OPENED = "opened"
_JOINED = ["joined_to", "state", "closed_at", "subject_id", "customer_id", "matches", "how", "identified_at"]
_CASE = ["state", "closed_at", "matches", "how", "assigned_to"]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a call or message stands now, and with whom it is. `unconfirmed`: it came there by a reference that was
    typed, and who it was is not known: then the case's customer is not named here.
    """

    conversation_id: int
    customer_id: int | None
    unconfirmed: bool


def bring_to_case(context: AccessContext, *, interaction_id: int, case_id: int, now: datetime) -> int:
    """A call that came in goes to this case; the conversation in which it stands then. Needs `conversation:work`.

    Everything of the conversation it began goes with it, sealed anew under the case's keys, and its own key is
    destroyed. Its reference leads to the case from then on. It stays where it is where something has grown there that a
    reference can't move: another call, a complaint file, or a customer who was identified and is not the case's. A
    closed case is open again. A second time changes nothing.
    """
    context.check_operation("conversation:work")
    with scoped(context.scope):
        own = Interaction.objects.filter(controller_id=context.controller_id, id=interaction_id)
        source_id = own.values_list("conversation_id", flat=True).first()
        if source_id is None:
            raise no_interaction()
        # In the order of their ids: of two calls that go to each other's case, one waits.
        held = {each: hold(context, each) for each in sorted({source_id, case_id})}
        source, case = held[source_id], held[case_id]
        if source.id == case.id or not _may_go(context, source, case):
            return source.id
        _row, one = hold_interaction(context, interaction_id)
        _move(context, source, case, one, now=now)
        happened(context, case, "brought", now=now, detail=source.reference)
        tell(context, source.id)
        context.journal.deed(
            context,
            "conversations.brought",
            subjects=subjects(case),
            detail={"conversation": case.id, "from": source.id, "interaction": one.id},
        )
    return case.id


def standings(context: AccessContext, interaction_ids: Collection[int]) -> Mapping[int, Standing]:
    """Where these calls and messages stand now, and with whom they are as far as that is known; those there are none of
    are left out. Needs `conversation:read`.
    """
    context.check_operation("conversation:read")
    with scoped(context.scope):
        rows = Interaction.objects.filter(controller_id=context.controller_id, id__in=interaction_ids).order_by("id")
        found = list(rows.values_list("id", "conversation_id", "unconfirmed"))
        own = Conversation.objects.filter(controller_id=context.controller_id, id__in={row[1] for row in found})
        customers = dict(own.order_by("id").values_list("id", "customer_id"))
    return {
        each: Standing(place, None if unconfirmed else customers.get(place), unconfirmed)
        for each, place, unconfirmed in found
    }


def _may_go(context: AccessContext, source: Conversation, case: Conversation) -> bool:
    """What a person found out or took down in it is not moved by twelve digits."""
    inside = {"controller_id": context.controller_id, "conversation_id": source.id}
    if source.customer_id is not None and source.customer_id != case.customer_id:
        return False
    return Interaction.objects.filter(**inside).count() == 1 and not Complaint.objects.filter(**inside).exists()


def _move(context: AccessContext, source: Conversation, case: Conversation, one: Interaction, *, now: datetime) -> None:
    if source.subject_id != case.subject_id:
        reseal(context, source, to=case.subject_id, customer_id=None, what="conversations.bring")
        for retention_class in (places.SERVICE, places.COMPLAINT):
            destroy(context, source.subject_id, retention_class, now=now)
    inside = {"controller_id": context.controller_id, "conversation_id": source.id}
    for model in _FOLLOW:
        model.objects.filter(**inside).update(conversation_id=case.id)
    Event.objects.filter(**inside).exclude(kind=_OPENED).update(conversation_id=case.id)
    one.conversation_id, one.queue = case.id, case.queue
    one.unconfirmed = source.customer_id is None
    one.save(update_fields=["conversation_id", "queue", "unconfirmed"])
    if case.customer_id is None:
        case.matches = list(dict.fromkeys([*case.matches, *source.matches]))[:MOST_MATCHES]
        case.how = How.NUMBER_MATCHED if case.matches else How.UNIDENTIFIED
    case.state, case.closed_at, case.assigned_to = State.OPEN, None, case.assigned_to or source.assigned_to
    case.save(update_fields=_CASE)
    source.joined_to, source.state, source.closed_at = case.id, State.CLOSED, now
    source.subject_id, source.customer_id, source.matches, source.how = source.id, None, [], How.UNIDENTIFIED
    source.identified_at = source.identified_by = None
    source.save(update_fields=[*_JOINED, "identified_by", "assigned_to"])
