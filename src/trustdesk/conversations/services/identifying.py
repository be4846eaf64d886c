"""Who it is. Until that is known, what was said is sealed under a key of the conversation's own; then it is sealed anew
under the customer's keys and the old key is destroyed, in one transaction: a crash leaves the one or the other.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.conversations import places, watching
from trustdesk.conversations.contracts import How
from trustdesk.conversations.models import Complaint, Conversation, FollowUp, Interaction, Note, Party
from trustdesk.conversations.people import person
from trustdesk.conversations.services.held import happened, hold, subjects
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext, Opening
from trustdesk.kernel.errors import BadInputError, ConflictError, RefusedError
from trustdesk.kernel.ids import new_id
from trustdesk.register.api import forget_questions
from trustdesk.vault.api import Place, SealedBox, Sealer, destroy, open_many

MOST_MATCHES = 20
Row = Party | Note | FollowUp | Complaint


@dataclass(frozen=True, slots=True)
class _Box:
    row: Row
    column: str
    retention_class: str
    place: Place


def note_matches(context: AccessContext, *, conversation_id: int, customer_ids: Sequence[int], now: datetime) -> None:
    """Customers who have the caller's number, at most 20: offered, never guessed; a number can be forged, and nobody is
    identified by it. Needs `conversation:work`. None found: it says so. Where it is known who it is nothing is changed.
    """
    context.check_operation("conversation:work")
    with scoped(context.scope):
        row = hold(context, conversation_id)
        if row.customer_id is not None:
            return
        row.matches = matching(context, customer_ids)
        row.how = How.NUMBER_MATCHED if row.matches else How.UNIDENTIFIED
        row.save(update_fields=["matches", "how"])
        if row.matches:
            happened(context, row, "matched", now=now, detail=str(len(row.matches)))


def matching(context: AccessContext, customer_ids: Sequence[int]) -> list[int]:
    """Each as whom they are shown, once. NotFoundError for a stranger."""
    roots = [person(context, customer_id).ids[0] for customer_id in customer_ids[:MOST_MATCHES]]
    return list(dict.fromkeys(roots))


def identify(
    context: AccessContext,
    *,
    conversation_id: int,
    customer_id: int,
    how: How,
    now: datetime,
    interaction_id: int | None = None,
) -> None:
    """It is this customer, known in this way. Needs `conversation:work`. A merged customer is the one it is shown as.

    All content of the conversation is sealed anew under the customer's keys and the conversation's own key is
    destroyed; its recordings are filed with it. BadInputError where `how` identifies nobody (a number does not),
    ConflictError where it is somebody else already: that is taken back first. RefusedError where it is kept as evidence
    only. Calls that came here by the reference are the customer's from now on too: all of them, or the one that is
    named. Else the same customer a second time changes nothing.
    """
    context.check_operation("conversation:work")
    if not how.identifies:
        raise BadInputError(
            _("A number identifies nobody: it can be forged."),
            place="how",
            mend=_("Say how the person was identified."),
        )
    with scoped(context.scope):
        row = hold(context, conversation_id)
        customer_id = person(context, customer_id, held=True).ids[0]
        if row.customer_id == customer_id:
            _once_more(context, row, interaction_id, how, now=now)
            return
        if row.restricted_at is not None:
            raise RefusedError(
                _("This conversation is kept as evidence only: whose it was, was erased."),
                place="conversation",
                mend=_("Open a new conversation."),
            )
        if row.customer_id is not None:
            raise ConflictError(
                _("It is somebody else already."), place="customer", mend=_("Take the identification back first.")
            )
        own = row.subject_id
        reseal(context, row, to=customer_id, customer_id=customer_id, what="conversations.identify")
        _confirm(context, row, interaction_id)
        row.subject_id = row.customer_id = customer_id
        row.matches, row.how, row.identified_at, row.identified_by = [], how, now, context.operator_id
        _save(row)
        for retention_class in (places.SERVICE, places.COMPLAINT):
            destroy(context, own, retention_class, now=now)
        watching.identified(context, conversation_id=row.id, customer_id=customer_id, now=now)
        happened(context, row, "identified", now=now, detail=how.value)
        context.journal.deed(
            context,
            "conversations.identified",
            subjects=subjects(row),
            detail={"conversation": row.id, "how": how.value},
        )


def _once_more(
    context: AccessContext, row: Conversation, interaction_id: int | None, how: How, *, now: datetime
) -> None:
    """It is the customer already: it was doubted only of calls that came here by the reference."""
    if row.customer_id is not None and _confirm(context, row, interaction_id):
        watching.identified(context, conversation_id=row.id, customer_id=row.customer_id, now=now)
        happened(context, row, "confirmed", now=now, detail=how.value)
        context.journal.deed(
            context,
            "conversations.call.confirmed",
            subjects=subjects(row),
            detail={"conversation": row.id, "how": how.value},
        )


def take_back(context: AccessContext, *, conversation_id: int, now: datetime) -> None:
    """It was not this customer: the conversation is nobody's again, sealed under a fresh key of its own, and complaint
    files with it; its recordings leave the customer's keys too. Needs `conversation:work`. What was recorded at the
    customer meanwhile, as an objection, is not undone by it. ConflictError where nobody was identified.
    """
    context.check_operation("conversation:work")
    with scoped(context.scope):
        row = hold(context, conversation_id)
        if row.customer_id is None:
            raise ConflictError(_("Nobody was identified."), place="customer", mend=_("Load the page again."))
        wrong = subjects(row)
        customer_id = row.customer_id
        _set_apart(context, row, what="conversations.take_back")
        watching.taken_back(context, conversation_id=row.id, customer_id=customer_id, now=now)
        forget_questions(context, conversation_id=row.id)
        happened(context, row, "taken-back", now=now)
        context.journal.deed(
            context, "conversations.identification.taken_back", subjects=wrong, detail={"conversation": row.id}
        )


def keep_apart(context: AccessContext, row: Conversation, *, now: datetime) -> None:
    """The customer is being erased, and a legal hold keeps the conversation: it is nobody's from now on, restricted,
    under a key that the erasure does not destroy (GDPR Art. 17(3)(e), 18(1)(c)). Inside the scope, the row locked.
    """
    row.restricted_at = now
    _set_apart(context, row, what="conversations.keep")


def _set_apart(context: AccessContext, row: Conversation, *, what: str) -> None:
    own = new_id()
    reseal(context, row, to=own, customer_id=None, what=what)
    row.subject_id, row.customer_id, row.how = own, None, How.UNIDENTIFIED
    row.identified_at = row.identified_by = None
    _save(row)


def _save(row: Conversation) -> None:
    names = ["subject_id", "customer_id", "matches", "how", "identified_at", "identified_by", "restricted_at"]
    row.save(update_fields=names)


def _confirm(context: AccessContext, row: Conversation, interaction_id: int | None) -> bool:
    """It was the customer who called; False where nobody doubted it."""
    doubted = Interaction.objects.filter(controller_id=context.controller_id, conversation_id=row.id, unconfirmed=True)
    if interaction_id is not None:
        doubted = doubted.filter(id=interaction_id)
    return bool(doubted.update(unconfirmed=False))


def reseal(context: AccessContext, row: Conversation, *, to: int, customer_id: int | None, what: str) -> None:
    """Everything of the conversation under the keys of another subject."""
    held = _boxes(context, row)
    if held:
        sealed = [
            SealedBox(row.subject_id, each.retention_class, each.place, bytes(getattr(each.row, each.column)))
            for each in held
        ]
        fields = sorted({each.place.table.removeprefix("conversations_") for each in held})
        texts = open_many(context, opening=Opening(what, [row.subject_id], fields), boxes=sealed)
        with Sealer(context) as sealer:
            for each, text in zip(held, texts, strict=True):
                if text is None:
                    raise ConflictError(
                        _("What was said here can't be opened any more."),
                        place="conversation",
                        mend=_("Its key was destroyed: open a new conversation."),
                    )
                setattr(each.row, each.column, sealer.seal(to, each.retention_class, each.place, text))
        for each in held:
            each.row.save(update_fields=[each.column])
    # The file goes where the person goes; a restricted one belongs to somebody who is gone.
    Complaint.objects.filter(
        controller_id=context.controller_id, conversation_id=row.id, restricted_at__isnull=True
    ).update(subject_id=to, customer_id=customer_id)


def _boxes(context: AccessContext, row: Conversation) -> list[_Box]:
    own = {"controller_id": context.controller_id, "conversation_id": row.id}
    files = list(Complaint.objects.filter(**own, restricted_at__isnull=True).order_by("id"))
    kinds: tuple[tuple[Sequence[Row], str, str, Callable[[int], Place]], ...] = (
        (list(Party.objects.filter(**own).order_by("id")), "sealed", places.SERVICE, places.party_place),
        (list(Note.objects.filter(**own).order_by("id")), "sealed", places.SERVICE, places.note_place),
        (list(FollowUp.objects.filter(**own).order_by("id")), "sealed", places.SERVICE, places.follow_up_place),
        (files, "minutes", places.COMPLAINT, places.minutes_place),
        (files, "reply", places.COMPLAINT, places.reply_place),
    )
    return [
        _Box(each, column, retention_class, place(each.id))
        for rows, column, retention_class, place in kinds
        for each in rows
        if getattr(each, column) is not None
    ]
