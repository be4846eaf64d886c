"""What the switchboard asks of telephony, announcements, recordings and conversations, as facts for its own rules."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from trustdesk.kernel.context import AccessContext


def queues_of(context: AccessContext) -> Mapping[str, Sequence[int]]:
    """The company's queues, each with the operators who have a skill for it."""
    del context
    return {}


def monitoring_allowed(context: AccessContext, country: str, sector: str, *, now: datetime) -> tuple[bool, str]:
    """Whether the rules of the number's country and sector allow the monitoring of staff; and the law that says so."""
    del context, country, sector, now
    return False, ""


def monitoring_announced(context: AccessContext, notice_version: int) -> bool:
    """Whether this version of the notice tells of further use."""
    del context, notice_version
    return False
