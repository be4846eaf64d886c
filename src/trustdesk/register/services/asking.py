"""The one question of a conversation, and those that need no asking."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import ConflictError, NotFoundError
from trustdesk.register import wire
from trustdesk.register.contracts import Answer, Card, CardValue, ConfirmedBy, Question, ValueKind
from trustdesk.register.selectors import catalog as catalog_of
from trustdesk.register.selectors.fresh import rules
from trustdesk.register.selectors.spared import due_without_feeds
from trustdesk.register.services.sources import direct_source
from trustdesk.register.services.values import confirm_value, correct_value

_IMPORTANT = (ValueKind.PHONE, ValueKind.EMAIL, ValueKind.ADDRESS, ValueKind.HANDLE)
_ASKED = """
SELECT value_id, answer FROM register_question WHERE controller_id = %s AND conversation_id = %s AND NOT spared
"""
_ASK = """
INSERT INTO register_question (controller_id, conversation_id, attribute_id, spared, customer_id, value_id, at, answer)
VALUES (%s, %s, %s, %s, %s, %s, %s, '') ON CONFLICT DO NOTHING
"""
_COUNT = """
INSERT INTO register_spared (controller_id, day, attribute_id, count) VALUES (%s, %s, %s, 1)
ON CONFLICT (controller_id, day, attribute_id) DO UPDATE SET count = register_spared.count + 1
"""
_HELD = _ASKED + " AND customer_id = %s FOR UPDATE"
_ANSWER = """
UPDATE register_question SET answer = %s WHERE controller_id = %s AND conversation_id = %s AND NOT spared
"""
_FORGET = "DELETE FROM register_question WHERE controller_id = %s AND conversation_id = %s"


def weigh_questions(
    context: AccessContext, *, conversation_id: int, card: Card, channel: ValueKind | None, now: datetime
) -> Question | None:
    """What to ask in the conversation with this customer, at most one thing ever; and count what a feed spared. Needs
    `customer:confirm`. To be called where an identified customer's card is opened in a conversation.

    The most important contact point that is due is asked about: one of the kind that is used in the conversation
    (`channel`), else phone, e-mail, address. Asked again it gives the same question until it is answered, and none
    afterwards. A contact point that would be due had a feed not confirmed or changed it within its time counts as
    spared, once for each attribute in a conversation. Nothing is asked or counted of who is restricted (GDPR Art. 18).
    """
    context.check_operation("customer:confirm")
    if card.restriction is not None:
        return None
    points = _points(card)
    with scoped(context.scope):
        numbers = {code: held.attribute_id for code, held in catalog_of.by_code(context).items()}
        spared = _spare(context, conversation_id, card, numbers, now=now)
        asked = wire.fetch(_ASKED, context.controller_id, conversation_id)
        chosen = None if asked else _choose(points, channel)
        if chosen is not None:
            _mark(context, conversation_id, numbers[chosen.attribute], chosen, card, spared=False, now=now)
        if chosen is not None or spared:
            context.journal.deed(
                context,
                "register.questions.weighed",
                subjects=[card.customer_id],
                detail={
                    "conversation": conversation_id,
                    "asked": chosen.attribute if chosen else "",
                    "spared": spared,
                },
            )
    return Question(value=chosen, changed=False) if chosen else _standing(asked, points)


def answer_question(
    context: AccessContext, *, conversation_id: int, customer_id: int, answer: Answer, text: str = "", now: datetime
) -> None:
    """What the customer said to the one question of the conversation. Needs `customer:confirm`, to put right
    `customer:correct`.

    `true` confirms the value by the customer; `changed` notes that it is wrong, `corrected` puts `text` in its place;
    `not_now` leaves it. NotFoundError where nothing was asked, ConflictError where it was answered.
    """
    context.check_operation("customer:confirm")
    with scoped(context.scope):
        asked = wire.fetch(_HELD, context.controller_id, conversation_id, customer_id)
        if not asked:
            raise NotFoundError(_("Nothing was asked."), place="question", mend=_("Load the page again."))
        value_id, before = asked[0]
        if before not in {"", Answer.CHANGED.value}:
            raise ConflictError(_("This was answered already."), place="question", mend=_("Load the page again."))
        if answer is Answer.TRUE:
            confirm_value(context, customer_id=customer_id, value_id=value_id, by=ConfirmedBy.CUSTOMER, now=now)
        elif answer is Answer.CORRECTED:
            correct_value(
                context,
                customer_id=customer_id,
                value_id=value_id,
                text=text,
                source_id=direct_source(context, now=now),
                by=ConfirmedBy.CUSTOMER,
                now=now,
            )
        wire.run(_ANSWER, answer.value, context.controller_id, conversation_id)
        context.journal.deed(
            context,
            "register.question.answered",
            subjects=[customer_id],
            detail={"conversation": conversation_id, "answer": answer.value},
        )


def forget_questions(context: AccessContext, *, conversation_id: int) -> None:
    """The conversation was somebody else's: what was asked in it is no longer theirs. Inside the caller's scope, with
    the caller's entry in the journal. What was counted stays counted.
    """
    with wire.within(context):
        wire.run(_FORGET, context.controller_id, conversation_id)


def _spare(
    context: AccessContext, conversation_id: int, card: Card, numbers: Mapping[str, int], *, now: datetime
) -> list[str]:
    """The attributes that count as spared by this look, and by none before it in the conversation."""
    counted = []
    for value in due_without_feeds(context, _points(card), rules(context), now=now):
        number = numbers[value.attribute]
        if _mark(context, conversation_id, number, value, card, spared=True, now=now):
            wire.run(_COUNT, context.controller_id, now.date(), number)
            counted.append(value.attribute)
    return counted


def _mark(
    context: AccessContext,
    talk: int,
    number: int,
    value: CardValue,
    card: Card,
    *,
    spared: bool,
    now: datetime,
) -> int:
    theirs = (card.customer_id, value.value_id, now)
    return wire.run(_ASK, context.controller_id, talk, number, spared, *theirs)


def _points(card: Card) -> list[CardValue]:
    return [each for each in card.contact_points if each.text is not None and not each.restricted]


def _choose(points: Sequence[CardValue], channel: ValueKind | None) -> CardValue | None:
    order = {kind: place for place, kind in enumerate(_IMPORTANT)}
    due = [each for each in points if each.stale]
    return min(due, key=lambda each: (each.kind is not channel, order[each.kind], each.value_id), default=None)


def _standing(asked: Sequence[tuple[Any, ...]], points: Sequence[CardValue]) -> Question | None:
    """What was asked and is not answered, as long as it still counts."""
    if not asked or asked[0][1] not in {"", Answer.CHANGED.value}:
        return None
    value_id, answer = asked[0]
    held = next((each for each in points if each.value_id == value_id), None)
    return None if held is None else Question(value=held, changed=bool(answer))
