"""A reference typed in a call: the caller goes to the case's queue, the call into the case; nobody is identified."""

from dataclasses import dataclass
from datetime import datetime

import structlog

from trustdesk.conversations import api as conversations
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError, TrustdeskError
from trustdesk.recordings import api as recordings
from trustdesk.sipedge.contracts import Found, NotFound
from trustdesk.switchboard.contracts import Direction
from trustdesk.switchboard.doors import prompts
from trustdesk.switchboard.running.people import Call
from trustdesk.telephony import api as telephony

_THROTTLED = "throttled"
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Case:
    """The case whose reference was typed, and the conversation in which the call stands now: mostly the same."""

    case: int
    conversation: int | None


def find(
    context: AccessContext, digits: str, *, call: Call, asker: str, now: datetime
) -> tuple[Found | NotFound, Case | None]:
    """Where the caller is taken, and the case: None for the reference that the call itself was given. Tries are counted
    by caller and in all; the withheld are one caller.
    """
    try:
        case = conversations.by_reference(context, digits=digits, asker=asker or "withheld", now=now)
    except TrustdeskError as fault:
        name = "too-many-tries" if fault.code == _THROTTLED else "not-found"
        return NotFound(clips=prompts(call.language, name)), None
    if case is None:
        return NotFound(clips=prompts(call.language, "not-found")), None
    wanted = conversations.line(context, case).queue
    try:
        telephony.queue(context, wanted)
    except NotFoundError:
        wanted = call.queue  # the case's queue is gone: it goes where the caller stands
    found = Found(queue=wanted, clips=prompts(call.language, "transfer"))
    return found, None if case == call.conversation else Case(case, _stands(context, call, case, now=now))


def _stands(context: AccessContext, call: Call, case: int, *, now: datetime) -> int | None:
    """Into the case, with what was recorded, in one transaction. Where it can't be, the case is shown beside the call:
    the caller is taken to its queue all the same.
    """
    if call.direction is not Direction.IN or call.interaction is None:
        return call.conversation
    try:
        with scoped(context.scope):
            stands = conversations.bring_to_case(context, interaction_id=call.interaction, case_id=case, now=now)
            if stands == case:
                recordings.follow(context, interaction_id=call.interaction, conversation_id=case, now=now)
    except TrustdeskError as fault:
        log.warning("not-brought-to-case", call=call.id, code=fault.code, place=fault.place)
        return call.conversation
    return stands
