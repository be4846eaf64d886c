"""Handing out one customer's conversations: called through the privacy registry."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from trustdesk.conversations import places
from trustdesk.conversations.models import Complaint, Conversation, Event, FollowUp, Interaction, Note, Party
from trustdesk.conversations.people import person
from trustdesk.isolation.api import joined
from trustdesk.kernel.context import AccessContext, Opening
from trustdesk.kernel.errors import NotFoundError
from trustdesk.kernel.ids import to_public
from trustdesk.vault.api import Place, SealedBox, open_many

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


def _ids(context: AccessContext, customer_id: int) -> tuple[int, ...]:
    """Whom the register does not know any more may still have a file here."""
    try:
        return person(context, customer_id).ids
    except NotFoundError:
        return (customer_id,)


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
