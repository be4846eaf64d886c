"""A call comes in: whose number it is, what is heard, which conversation it begins, who it may be."""

from datetime import datetime

import structlog
from django.db import transaction

from trustdesk.conversations import api as conversations
from trustdesk.conversations.contracts import Direction as Way
from trustdesk.conversations.contracts import Kind, NewConversation, NewInteraction
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import new_id
from trustdesk.live.api import announce
from trustdesk.live.contracts import Thing
from trustdesk.register import api as register
from trustdesk.sipedge.contracts import Plan, PlanFor
from trustdesk.switchboard.contracts import EVERY_QUEUE, QUEUE, CallState, Certainty, Direction
from trustdesk.switchboard.doors import Line, prompts, said_reference
from trustdesk.switchboard.plans import Facts, plan_of
from trustdesk.switchboard.running.people import Call
from trustdesk.switchboard.services.images import CALLS, image_of, put
from trustdesk.telephony import api as telephony
from trustdesk.telephony.contracts import CALLBACK_KEY

log = structlog.get_logger(__name__)


def arrive(context: AccessContext, held: Line, word: PlanFor, *, now: datetime) -> tuple[Call, Plan]:
    """The call as the floor holds it, and its plan: in one transaction with its conversation, so that what is said to
    the caller is on record before it is said.
    """
    number, call_id = held.number, new_id()
    matches = who(context, word.caller, number.country)
    with scoped(context.scope):
        opened, interaction = conversations.begin_conversation(
            context,
            new=NewConversation(channel=Kind.CALL, queue=number.queue, language=number.language, line=number.e164),
            first=NewInteraction(
                kind=Kind.CALL,
                direction=Way.IN,
                started_at=min(word.at, now),
                line=number.e164,
                party=word.caller,
                queue=number.queue,
            ),
            matches=matches,
            now=now,
        )
        plan = plan_of(facts_of(held, call_id, opened.reference, now=now))
        call = _call(call_id, held, plan, word, now)
        call.conversation, call.interaction = opened.conversation_id, interaction
        call.matches = tuple(matches)
        call.certainty = Certainty.NUMBER_MATCHED if matches else Certainty.UNIDENTIFIED
        insert(context, call)
    return call, plan


def who(context: AccessContext, caller: str, country: str) -> list[int]:
    """Customers of this company on whose file the number is; opens nothing. A withheld number is nobody's."""
    return list(register.holders(context, caller, country=country)) if caller else []


def facts_of(held: Line, call_id: int, reference: str, *, now: datetime) -> Facts:
    """What `plans.plan_of` goes by."""
    language = held.number.language
    return Facts(
        call=call_id,
        controller=held.number.controller_id,
        language=language,
        queue=held.queue.code,
        open_now=telephony.open_now(held.queue, now),
        mode=held.mode,
        notice=held.notice,
        reference=said_reference(language, reference),
        consent=prompts(language, "consent-question"),
        music=prompts(language, "hold"),
        closed=held.closed,
        lost=prompts(language, "recording-lost"),
        beep=prompts(language, "beep")[0],
        menu=held.menu,
        person_key=held.person_key,
        human_first=held.terms.rule.human_first,
        callback_key=CALLBACK_KEY if held.queue.calls_back else "",
    )


def _call(call_id: int, held: Line, plan: Plan, word: PlanFor, now: datetime) -> Call:
    return Call(
        id=call_id,
        controller=held.number.controller_id,
        direction=Direction.IN,
        line=held.number.e164,
        language=held.number.language,
        began_at=min(word.at, now),
        queue=held.queue.code,
        country=held.number.country,
        sector=held.number.sector,
        mode=plan.terms.mode,
        notice_version=held.notice.version if held.notice is not None else None,
        answer_within=held.answer_within if held.terms.rule.human_first else None,
        state=CallState.PLAN,
    )


def insert(context: AccessContext, call: Call) -> None:
    """Its row, inside the running transaction."""
    put(CALLS, [image_of(call)], "controller_id", "id")
    announce(context, Thing(QUEUE, EVERY_QUEUE))
    transaction.on_commit(lambda: log.info("call-begun", call=call.id, controller=call.controller), robust=True)
