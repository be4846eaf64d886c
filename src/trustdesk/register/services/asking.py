"""The one question of a conversation, and those that need no asking."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import ConflictError
from trustdesk.register import wire
from trustdesk.register.contracts import Answer, Card, CardValue, ConfirmedBy, Question, ValueKind
from trustdesk.register.selectors import catalog as catalog_of
from trustdesk.register.selectors.fresh import rules
from trustdesk.register.selectors.spared import due_without_feeds
from trustdesk.register.selectors.values import unopened
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
_HELD = _ASKED + " FOR UPDATE"
_ANSWER = """
UPDATE register_question SET answer = %s WHERE controller_id = %s AND conversation_id = %s AND NOT spared
"""
_FORGET = "DELETE FROM register_question WHERE controller_id = %s AND conversation_id = %s"


@dataclass(frozen=True, slots=True)
class _Talk:
    """With whom, in which conversation; and the numbers of the attributes by their codes."""

    conversation_id: int
    customer_id: int
    numbers: Mapping[str, int]


def question(context: AccessContext, *, conversation_id: int, card: Card, channel: ValueKind | None) -> Question | None:
    """What to ask in the conversation with this customer, at most one thing ever. Changes nothing; needs
    `customer:confirm`.

    The most important contact point that is due is asked about: one of the kind that is used in the conversation
    (`channel`), else phone, e-mail, address. It is the same one until it is answered, and none afterwards. Nothing is
    asked of who is restricted (GDPR Art. 18).
    """
    context.check_operation("customer:confirm")
    if card.restriction is not None:
        return None
    points = [each for each in _askable(card.values) if each.text is not None]
    with wire.within(context):
        asked = wire.fetch(_ASKED, context.controller_id, conversation_id)
    if asked:
        return _standing(asked, points)
    chosen = _choose(points, channel)
    return None if chosen is None else Question(value=chosen, changed=False)


def weigh_questions(
    context: AccessContext, *, conversation_id: int, customer_id: int, channel: ValueKind | None, now: datetime
) -> None:
    """Note that the conversation asks what `question` says, and count what a feed spared. Opens nothing; needs
    `customer:confirm`. To be called where an agent is shown an identified customer in a conversation; called again it
    changes nothing.

    A contact point that would be due had a feed not confirmed or changed it within its time counts as spared, once for
    each attribute in a conversation. Of who is restricted nothing is counted.
    """
    context.check_operation("customer:confirm")
    with scoped(context.scope):
        points = _askable(unopened(context, customer_id, now=now))
        numbers = {code: held.attribute_id for code, held in catalog_of.by_code(context).items()}
        talk = _Talk(conversation_id, customer_id, numbers)
        spared = _spare(context, talk, points, now=now)
        asked = wire.fetch(_ASKED, context.controller_id, conversation_id)
        chosen = None if asked else _choose(points, channel)
        if chosen is not None:
            _mark(context, talk, chosen, spared=False, now=now)
        if chosen is not None or spared:
            context.journal.deed(
                context,
                "register.questions.weighed",
                subjects=[customer_id],
                detail={
                    "conversation": conversation_id,
                    "asked": chosen.attribute if chosen else "",
                    "spared": spared,
                },
            )


def answer_question(
    context: AccessContext,
    *,
    conversation_id: int,
    customer_id: int,
    value_id: int,
    answer: Answer,
    text: str = "",
    now: datetime,
) -> None:
    """What the customer said to the one question of the conversation, which is about this value. Needs
    `customer:confirm`, to put right `customer:correct`.

    `true` confirms the value by the customer; `changed` notes that it is wrong, `corrected` puts `text` in its place;
    `not_now` leaves it. ConflictError where another question was asked, or this one was answered. NotFoundError,
    ConflictError for a value that is none of theirs, or not any more.
    """
    context.check_operation("customer:confirm")
    with scoped(context.scope):
        _hold_asked(context, conversation_id, customer_id, value_id, now=now)
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


def _hold_asked(
    context: AccessContext, conversation_id: int, customer_id: int, value_id: int, *, now: datetime
) -> None:
    """The question's row, locked; made where nobody noted yet that it is asked, and the value is one to ask about."""
    values = {value.value_id: value for value in _askable(unopened(context, customer_id, now=now))}
    if value_id in values:
        numbers = {code: held.attribute_id for code, held in catalog_of.by_code(context).items()}
        _mark(context, _Talk(conversation_id, customer_id, numbers), values[value_id], spared=False, now=now)
    asked = wire.fetch(_HELD, context.controller_id, conversation_id)
    if not asked or asked[0] not in {(value_id, ""), (value_id, Answer.CHANGED.value)}:
        raise ConflictError(_("This was answered already."), place="question", mend=_("Load the page again."))


def _spare(context: AccessContext, talk: "_Talk", points: Sequence[CardValue], *, now: datetime) -> list[str]:
    """The attributes that count as spared by this look, and by none before it in the conversation."""
    counted = []
    for value in due_without_feeds(context, points, rules(context), now=now):
        if _mark(context, talk, value, spared=True, now=now):
            wire.run(_COUNT, context.controller_id, now.date(), talk.numbers[value.attribute])
            counted.append(value.attribute)
    return counted


def _mark(context: AccessContext, talk: "_Talk", value: CardValue, *, spared: bool, now: datetime) -> int:
    number = talk.numbers[value.attribute]
    theirs = (talk.customer_id, value.value_id, now)
    return wire.run(_ASK, context.controller_id, talk.conversation_id, number, spared, *theirs)


def _askable(values: Sequence[CardValue]) -> list[CardValue]:
    return [each for each in values if each.contact_point and not each.restricted and not each.withheld]


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
