"""A reference typed in a call: it takes the caller to that case's queue, and identifies nobody."""

from datetime import datetime

from trustdesk.conversations import api as conversations
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError, TrustdeskError
from trustdesk.sipedge.contracts import Found, NotFound
from trustdesk.switchboard.doors import prompts
from trustdesk.telephony import api as telephony

_THROTTLED = "throttled"


def find(
    context: AccessContext, digits: str, *, asker: str, language: str, queue: str, now: datetime
) -> tuple[Found | NotFound, int | None]:
    """Where the caller is taken, and the case. Tries are counted by caller and in all; the withheld are one caller."""
    try:
        case = conversations.by_reference(context, digits=digits, asker=asker or "withheld", now=now)
    except TrustdeskError as fault:
        name = "too-many-tries" if fault.code == _THROTTLED else "not-found"
        return NotFound(clips=prompts(language, name)), None
    if case is None:
        return NotFound(clips=prompts(language, "not-found")), None
    wanted = conversations.line(context, case).queue
    try:
        telephony.queue(context, wanted)
    except NotFoundError:
        wanted = queue  # the case's queue is gone: it goes where the caller stands
    return Found(queue=wanted, clips=prompts(language, "transfer")), case
