"""Handing out and forgetting one customer's conversations: called through the privacy registry."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from trustdesk.conversations import places, watching
from trustdesk.conversations.contracts import How
from trustdesk.conversations.models import Complaint, Conversation, Event, FollowUp, Interaction, Note, Party
from trustdesk.conversations.people import person, tokens_of
from trustdesk.conversations.services.identifying import keep_apart
from trustdesk.isolation.api import joined
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext, Opening
from trustdesk.kernel.errors import NotFoundError
from trustdesk.kernel.ids import to_public
from trustdesk.kernel.registries import Fate, Planned
from trustdesk.vault.api import Place, SealedBox, destroy, open_many

Exported = Iterator[Mapping[str, object]]
Told = dict[str, object]
_FIELDS = ("party", "note", "follow_up", "minutes", "reply")


def export(context: AccessContext, customer_id: int) -> Exported:
    """Every conversation with its calls and messages, notes and follow-ups, and every complaint file, in one opening
    (GDPR Art. 15(1), (3)).
    """
    with joined(context.scope):
        ids = _ids(context, customer_id)
        threads = {
            row.id: row
            for row in Conversation.objects.filter(controller_id=context.controller_id, customer_id__in=ids).order_by(
                "opened_at"
            )
        }
        inside = {"controller_id": context.controller_id, "conversation_id__in": list(threads)}
        calls = list(Interaction.objects.filter(**inside).order_by("started_at", "id"))
        texts = list(_texts(threads, inside)) + list(_files(context, ids))
        boxes = [box for _said, box in texts]
        opened = open_many(context, opening=Opening("conversations.export", list(ids), _FIELDS), boxes=boxes)
        happened = list(Event.objects.filter(**inside).order_by("at", "id"))
        wordless = list(FollowUp.objects.filter(**inside, sealed__isnull=True).order_by("created_at", "id"))
    for row in threads.values():
        yield _thread(row)
    for call in calls:
        yield _leg(call, threads[call.conversation_id].reference)
    for event in happened:
        reference = threads[event.conversation_id].reference
        yield {"kind": "conversation-event", "reference": reference, "at": event.at, "what": event.kind}
    for each in wordless:
        yield {**_follow_up(each, threads[each.conversation_id].reference), "text": ""}
    for (said, box), text in zip(texts, opened, strict=True):
        minutes = box.place.column == "minutes" and text is not None
        yield {**said, "text": json.loads(text) if minutes and text else text}


def plan(context: AccessContext, customer_id: int) -> Iterator[Planned]:
    """What `erase` would do: conversations, numbers and offers go; complaint files and what a legal hold keeps stay."""
    with joined(context.scope):
        ids, own = _ids(context, customer_id), {"controller_id": context.controller_id}
        held = watching.held(context)
        threads = Conversation.objects.filter(**own, customer_id__in=ids)
        yield Planned("conversations", threads.exclude(id__in=held).count())
        yield Planned("conversations", threads.filter(id__in=held).count(), Fate.KEPT, "GDPR Art. 17(3)(e)")
        elsewhere = _numbers(context, ids).exclude(conversation_id__in=threads.values("id"))
        yield Planned("numbers", elsewhere.exclude(conversation_id__in=held).count())
        offered = Conversation.objects.filter(**own, matches__overlap=list(ids))
        yield Planned("offers", offered.exclude(customer_id__in=ids).count())
        for file in Complaint.objects.filter(**own, customer_id__in=ids).order_by("id"):
            until = file.keep_until.date() if file.keep_until else None
            law = file.rules["keep_law"]["text"]
            yield Planned("complaints", 1, Fate.KEPT, law, until, under=places.COMPLAINT)


def _thread(row: Conversation) -> Told:
    return {
        "kind": "conversation",
        "conversation": to_public(row.id),
        "reference": row.reference,
        "channel": row.channel,
        "queue": row.queue,
        "line": row.line,
        "language": row.language,
        "state": row.state,
        "opened_at": row.opened_at,
        "changed_at": row.changed_at,
        "closed_at": row.closed_at,
        "identified": row.how,
        "identified_at": row.identified_at,
    }


def _leg(call: Interaction, reference: str) -> Told:
    return {
        "kind": "interaction",
        "way": call.kind,
        "interaction": to_public(call.id),
        "reference": reference,
        "direction": call.direction,
        "queue": call.queue,
        "line": call.line,
        "started_at": call.started_at,
        "answered_at": call.answered_at,
        "ended_at": call.ended_at,
        "result": call.result,
        "disposition": call.disposition,
        "meaning": call.meaning,
        "disposed_at": call.disposed_at,
        "unconfirmed": call.unconfirmed,
    }


def _follow_up(each: FollowUp, reference: str) -> Told:
    return {
        "kind": "follow-up",
        "reference": reference,
        "at": each.created_at,
        "due_at": each.due_at,
        "meaning": each.meaning,
        "queue": each.queue,
        "done_at": each.done_at,
    }


def erase(context: AccessContext, customer_id: int) -> int:
    """Forget the customer's conversations; the number of rows (GDPR Art. 17). Complaint files stay, sealed under their
    own key and restricted, until their years are over (Art. 17(3)(b), 18); what a legal hold keeps stays under a key of
    its own, restricted, until that is released (Art. 17(3)(e)).

    Of conversations with nobody identified, numbers that are the customer's are deleted, and the customer is offered in
    none.
    """
    now = clock.now()
    with joined(context.scope):
        ids = _ids(context, customer_id)
        own = {"controller_id": context.controller_id}
        threads = list(Conversation.objects.select_for_update().filter(**own, customer_id__in=ids).order_by("id"))
        held = watching.held(context)
        kept = [row for row in threads if row.id in held]
        files = Complaint.objects.filter(**own, customer_id__in=ids)
        unrestricted = files.filter(restricted_at=None)
        unrestricted.filter(conversation_id__in=[row.id for row in kept]).update(restricted_at=now)
        unrestricted.update(restricted_at=now, conversation_id=None, interaction_id=None)
        for row in kept:
            keep_apart(context, row, now=now)
        deleted, _each = Conversation.objects.filter(**own, customer_id__in=ids).delete()
        deleted += _forget_numbers(context, ids, held, now=now)
        for row in Conversation.objects.filter(**own, matches__overlap=list(ids)).order_by("id"):
            row.matches = [each for each in row.matches if each not in ids]
            if not row.matches:
                row.how = How.UNIDENTIFIED
            row.save(update_fields=["matches", "how"])
            deleted += 1
        if not files.exists():
            for each in ids:
                destroy(context, each, places.COMPLAINT, now=now)
        detail: dict[str, object] = {"rows": deleted, "held": [row.id for row in kept]}
        context.journal.deed(context, "conversations.erased", subjects=list(ids), detail=detail)
    return deleted


def _ids(context: AccessContext, customer_id: int) -> tuple[int, ...]:
    """Whom the register does not know any more may still have a file here."""
    try:
        return person(context, customer_id).ids
    except NotFoundError:
        return (customer_id,)


def _forget_numbers(context: AccessContext, ids: Sequence[int], held: frozenset[int], *, now: datetime) -> int:
    """Numbers of theirs in conversations and calls where nobody was identified: the register finds the customers by the
    same tokens. Where a legal hold keeps such a conversation the number stays, restricted, and goes with it.
    """
    own = {"controller_id": context.controller_id}
    nobody = Conversation.objects.filter(**own, customer_id=None)
    theirs = _numbers(context, ids)
    evidence = theirs.filter(conversation_id__in=held).values("conversation_id")
    nobody.filter(id__in=evidence, restricted_at=None).update(restricted_at=now)
    return theirs.exclude(conversation_id__in=held).update(sealed=None, token=None)


def _numbers(context: AccessContext, ids: Sequence[int]) -> QuerySet[Party, Party]:
    own = {"controller_id": context.controller_id}
    nobody = Conversation.objects.filter(**own, customer_id=None)
    doubted = Interaction.objects.filter(**own, unconfirmed=True).values("id")
    return Party.objects.filter(
        Q(conversation_id__in=nobody.values("id")) | Q(interaction_id__in=doubted),
        **own,
        token__in=tokens_of(context, ids),
    )


def _texts(threads: Mapping[int, Conversation], inside: Mapping[str, Any]) -> Iterator[tuple[Told, SealedBox]]:
    # Who typed the reference and was not identified may be somebody else: that number is not the customer's to have.
    doubted = Interaction.objects.filter(**inside, unconfirmed=True).values("id")
    numbers = Party.objects.filter(**inside, sealed__isnull=False).exclude(interaction_id__in=doubted)
    parties = numbers.order_by("joined_at", "id")
    for party in parties:
        thread = threads[party.conversation_id]
        said = {
            "kind": "conversation-party",
            "reference": thread.reference,
            "at": party.joined_at,
            "left_at": party.left_at,
        }
        yield said, _box(thread.subject_id, places.SERVICE, places.party_place(party.id), party.sealed)
    for note in Note.objects.filter(**inside).order_by("written_at", "id"):
        thread = threads[note.conversation_id]
        said = {"kind": "conversation-note", "reference": thread.reference, "at": note.written_at}
        yield said, _box(thread.subject_id, places.SERVICE, places.note_place(note.id), note.sealed)
    for each in FollowUp.objects.filter(**inside, sealed__isnull=False).order_by("created_at", "id"):
        thread = threads[each.conversation_id]
        said = _follow_up(each, thread.reference)
        yield said, _box(thread.subject_id, places.SERVICE, places.follow_up_place(each.id), each.sealed)


def _files(context: AccessContext, ids: Sequence[int]) -> Iterator[tuple[Told, SealedBox]]:
    for row in Complaint.objects.filter(controller_id=context.controller_id, customer_id__in=ids).order_by("id"):
        said = {
            "kind": "complaint",
            "number": row.number,
            "queue": row.queue,
            "countries": list(row.countries),
            "sector": row.sector,
            "at": row.received_at,
            "due_date": row.due_date,
            "extended_at": row.extended_at,
            "copy_given_at": row.copy_given_at,
            "escalated_at": row.escalated_at,
            "keep_until": row.keep_until,
            "restricted_at": row.restricted_at,
        }
        yield said, _box(row.subject_id, places.COMPLAINT, places.minutes_place(row.id), row.minutes)
        if row.reply is not None:
            answered: Told = {
                "kind": "complaint-reply",
                "number": row.number,
                "at": row.replied_at,
                "outcome": row.outcome,
                "authority": row.authority,
            }
            yield answered, _box(row.subject_id, places.COMPLAINT, places.reply_place(row.id), row.reply)


def _box(subject_id: int, retention_class: str, place: Place, sealed: bytes | memoryview | None) -> SealedBox:
    return SealedBox(subject_id, retention_class, place, bytes(sealed or b""))
