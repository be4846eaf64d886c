"""Cutting somebody who is forgotten out of others' conversations (GDPR Art. 17(1)): the rest of the text remains."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from django.db import connection
from django.db.models import Q

from trustdesk.conversations import places
from trustdesk.conversations.models import Conversation, FollowUp, Note, Party
from trustdesk.conversations.people import tokens_of
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext, Opening
from trustdesk.vault.api import SealedBox, Sealer, open_many

_TOKENS = "SELECT customer_id, token FROM register_token WHERE controller_id = %s AND customer_id = ANY(%s)"
_TOOK_PART = """
SELECT p.token, c.id, c.customer_id FROM conversations_party p
JOIN conversations_conversation c ON c.controller_id = p.controller_id AND c.id = p.conversation_id
WHERE p.controller_id = %s AND p.token = ANY(%s) AND c.customer_id IS NOT NULL
"""

Cut = Callable[[str], str]


def overheard(
    context: AccessContext, people: Sequence[Sequence[int]], *, also: Sequence[Sequence[int]]
) -> Sequence[Sequence[int]]:
    """For each person the conversations of others in which one of the person's numbers took part, and those of the
    customers `also` in the same place. Opens nothing, and asks once for all. Needs `conversation:find`.
    """
    context.check_operation("conversation:find")
    with scoped(context.scope):
        tokens = _tokens_by_customer(context, [each for person in people for each in person])
        took_part = _took_part(context, {token for each in tokens.values() for token in each})
        others = {customer_id for _token, _conversation, customer_id in took_part} - tokens.keys()
        tokens |= _tokens_by_customer(context, sorted(others)) if others else {}
        found: list[set[int]] = []
        for person in people:
            own = {token for each in person for token in tokens.get(each, ())}
            # Of one household, with one number: the number is the other's own, and nobody else took part.
            found.append(
                {
                    conversation_id
                    for token, conversation_id, customer_id in took_part
                    if token in own and customer_id not in person and token not in tokens.get(customer_id, ())
                }
            )
        _add_of(context, found, also, people)
    return [sorted(each) for each in found]


def _tokens_by_customer(context: AccessContext, ids: Sequence[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_TOKENS, [context.controller_id, list(ids)])
        for customer_id, token in cursor.fetchall():
            found.setdefault(customer_id, set()).add(token)
    return found


def _took_part(context: AccessContext, tokens: Iterable[int]) -> list[tuple[int, int, int]]:
    """Token, conversation and customer, wherever a customer is known."""
    with connection.cursor() as cursor:
        cursor.execute(_TOOK_PART, [context.controller_id, sorted(tokens)])
        return list(cursor.fetchall())


def _add_of(
    context: AccessContext, found: Sequence[set[int]], also: Sequence[Sequence[int]], people: Sequence[Sequence[int]]
) -> None:
    """The conversations of those who are mentioned."""
    mentioned = {each for theirs in also for each in theirs}
    if not mentioned:
        return
    rows = Conversation.objects.filter(controller_id=context.controller_id, customer_id__in=mentioned)
    for conversation_id, customer_id in rows.values_list("id", "customer_id").order_by("id"):
        for place, theirs in enumerate(also):
            if customer_id in theirs and customer_id not in people[place]:
                found[place].add(conversation_id)


def _of_others(context: AccessContext, people: Sequence[int], row: Conversation) -> Q:
    """Numbers of these people in a conversation that are not its own customer's too."""
    shared = tokens_of(context, [row.customer_id]) if row.customer_id is not None else []
    return Q(conversation_id=row.id, token__in=sorted(set(tokens_of(context, people)) - set(shared)))


def cut_texts(context: AccessContext, *, conversation_id: int, people: Sequence[int], cut: Cut, now: datetime) -> int:
    """Put the notes and follow-ups of a conversation through `cut`, seal what it changed again, and forget the numbers
    of these people in it; how many rows. Complaint files stay as they are: a law keeps them whole. One entry for the
    opening, one deed. Needs `customer:lock`.
    """
    context.check_operation("customer:lock")
    own = {"controller_id": context.controller_id, "conversation_id": conversation_id}
    with scoped(context.scope):
        row = Conversation.objects.select_for_update().get(controller_id=context.controller_id, id=conversation_id)
        notes, ups = Note.objects.filter(**own), FollowUp.objects.filter(**own, sealed__isnull=False)
        held: list[tuple[Note | FollowUp, SealedBox]] = [
            (each, SealedBox(row.subject_id, places.SERVICE, places.note_place(each.id), bytes(each.sealed)))
            for each in notes.order_by("id")
        ]
        held += [
            (each, SealedBox(row.subject_id, places.SERVICE, places.follow_up_place(each.id), bytes(each.sealed)))
            for each in ups.order_by("id")
            if each.sealed is not None
        ]
        opening = Opening("conversations.cut", [row.subject_id], ["note", "follow_up"])
        texts = open_many(context, opening=opening, boxes=[box for _each, box in held]) if held else []
        changed = 0
        with Sealer(context) as sealer:
            for (each, box), text in zip(held, texts, strict=True):
                if text and (fresh := cut(text)) != text:
                    each.sealed = sealer.seal(row.subject_id, places.SERVICE, box.place, fresh)
                    each.save(update_fields=["sealed"])
                    changed += 1
        numbers = Party.objects.filter(_of_others(context, people, row), **own)
        changed += numbers.update(sealed=None, token=None)
        if changed:
            context.journal.deed(
                context, "conversations.cut", subjects=[row.subject_id], detail={"rows": changed, "at": now.isoformat()}
            )
    return changed
