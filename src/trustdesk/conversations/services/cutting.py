"""Cutting somebody who is forgotten out of others' conversations (GDPR Art. 17(1)): the rest of the text remains."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db.models import Q

from trustdesk.conversations import places
from trustdesk.conversations.models import Conversation, FollowUp, Note, Party
from trustdesk.conversations.people import tokens_of
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext, Opening
from trustdesk.vault.api import SealedBox, Sealer, open_many

Cut = Callable[[str], str]


def overheard(context: AccessContext, people: Sequence[int], *, also: Sequence[int]) -> Sequence[int]:
    """The conversations of others in which one of these people's numbers took part, and those of the customers `also`.
    Opens nothing. Needs `conversation:find`.
    """
    context.check_operation("conversation:find")
    with scoped(context.scope):
        own = {"controller_id": context.controller_id}
        parties = Party.objects.filter(**own, token__in=tokens_of(context, people))
        others = Conversation.objects.filter(**own, customer_id__isnull=False).exclude(customer_id__in=people)
        took_part = list(others.filter(id__in=parties.values("conversation_id")).order_by("id"))
        # Of one household, with one number: the number is the other's own, and nobody else took part.
        strangers = [row.id for row in took_part if parties.filter(_of_others(context, people, row)).exists()]
        return sorted({*strangers, *others.filter(customer_id__in=also).values_list("id", flat=True)})


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
