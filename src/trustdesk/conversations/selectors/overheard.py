"""Others' conversations in which somebody may stand who is forgotten: which they are, and what is written in them."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from django.db import connection

from trustdesk.conversations import places
from trustdesk.conversations.models import Complaint, Conversation, FollowUp, Note, Party
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext, Opening
from trustdesk.register.contracts import FreeText
from trustdesk.vault.api import Place, SealedBox, open_many

# Of one household, with one number: the number is the other's own, and nobody else took part. OFFSET 0 keeps the way
# from the person to the conversation, by indexes: without statistics the planner would begin with all conversations.
_TOOK_PART = """
SELECT DISTINCT asked.person, c.id, c.customer_id
FROM unnest(%(persons)s::int[], %(ids)s::bigint[]) AS asked (person, id)
CROSS JOIN LATERAL (
  SELECT t.token FROM register_token t WHERE t.controller_id = %(controller)s AND t.customer_id = asked.id OFFSET 0
) AS own
CROSS JOIN LATERAL (
  SELECT p.conversation_id FROM conversations_party p
  WHERE p.controller_id = %(controller)s AND p.token = own.token OFFSET 0
) AS party
CROSS JOIN LATERAL (
  SELECT c.id, c.customer_id FROM conversations_conversation c
  WHERE c.controller_id = %(controller)s AND c.id = party.conversation_id AND c.customer_id IS NOT NULL OFFSET 0
) AS c
WHERE NOT EXISTS (
  SELECT FROM register_token s
  WHERE s.controller_id = %(controller)s AND s.customer_id = c.customer_id AND s.token = own.token OFFSET 0)
"""


def took_part(context: AccessContext, persons: Sequence[Sequence[int]]) -> list[list[int]]:
    """Of each person, given as all records shown as one, the conversations of others in which one of their numbers took
    part and is nobody else's there. Opens nothing. Needs `conversation:find`.
    """
    context.check_operation("conversation:find")
    pairs = [(number, one) for number, people in enumerate(persons) for one in people]
    found: list[list[int]] = [[] for _ in persons]
    given: dict[str, int | list[int]] = {
        "controller": context.controller_id,
        "persons": [number for number, _one in pairs],
        "ids": [one for _number, one in pairs],
    }
    with scoped(context.scope), connection.cursor() as cursor:
        cursor.execute(_TOOK_PART, given)
        for number, conversation_id, customer_id in sorted(cursor.fetchall()):
            if customer_id not in persons[number]:
                found[number].append(conversation_id)
    return found


def conversations_of(context: AccessContext, customer_ids: Collection[int]) -> Sequence[int]:
    """The conversations with these customers. Opens nothing. Needs `conversation:find`."""
    context.check_operation("conversation:find")
    with scoped(context.scope):
        own = Conversation.objects.filter(controller_id=context.controller_id, customer_id__in=list(customer_ids))
        return list(own.order_by("id").values_list("id", flat=True))


def free_texts(
    context: AccessContext, conversation_ids: Collection[int], *, what: str
) -> Mapping[int, Sequence[FreeText]]:
    """What is written in these conversations, and by which numbers they were held: notes, follow-ups, the other side's
    numbers, minutes and replies of complaints; conversation by conversation, opened in one entry that `what` names.

    For whoever looks for somebody else in them: whatever restricts them. What lies under a destroyed key is left out.
    Needs `customer:lock`.
    """
    context.check_operation("customer:lock")
    with scoped(context.scope):
        own = {"controller_id": context.controller_id}
        rows = {row.id: row for row in Conversation.objects.filter(**own, id__in=list(conversation_ids)).order_by("id")}
        held = [
            (row, SealedBox(subject or row.subject_id, retention, place, box))
            for conversation_id, subject, retention, place, box in _boxes(context, list(rows))
            if (row := rows[conversation_id])
        ]
        if not held:
            return {}
        subjects = list(dict.fromkeys(box.customer_id for _row, box in held))
        opening = Opening(what, subjects, sorted({f"{box.place.table}.{box.place.column}" for _row, box in held}))
        texts = open_many(context, opening=opening, boxes=[box for _row, box in held])
    found: dict[int, list[FreeText]] = {}
    for (row, box), text in zip(held, texts, strict=True):
        if text:
            whose = row.customer_id or row.subject_id
            found.setdefault(row.id, []).append(FreeText(whose, box.place.table, box.place.row, text))
    return found


def _boxes(context: AccessContext, ids: Sequence[int]) -> Iterator[tuple[int, int, str, Place, bytes]]:
    """Conversation, whose key where it is not the conversation's, class, place and box of everything sealed in them."""
    own = {"controller_id": context.controller_id, "conversation_id__in": ids}
    for note in Note.objects.filter(**own).order_by("id"):
        yield note.conversation_id, 0, places.SERVICE, places.note_place(note.id), bytes(note.sealed)
    for due in FollowUp.objects.filter(**own, sealed__isnull=False).order_by("id"):
        yield due.conversation_id, 0, places.SERVICE, places.follow_up_place(due.id), bytes(due.sealed or b"")
    for party in Party.objects.filter(**own, sealed__isnull=False).order_by("id"):
        yield party.conversation_id, 0, places.SERVICE, places.party_place(party.id), bytes(party.sealed or b"")
    for file in Complaint.objects.filter(**own).order_by("id"):
        conversation_id = file.conversation_id or 0
        place = places.minutes_place(file.id)
        yield conversation_id, file.subject_id, places.COMPLAINT, place, bytes(file.minutes)
        if file.reply is not None:
            place = places.reply_place(file.id)
            yield conversation_id, file.subject_id, places.COMPLAINT, place, bytes(file.reply)
