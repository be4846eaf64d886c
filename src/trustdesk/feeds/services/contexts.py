"""Under which contexts feeds work: the house's own, and which operations they ask for."""

from datetime import datetime

from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import RefusedError
from trustdesk.mandates.api import feed_context

MANAGE, WORK, READ = "feed:manage", "feed:work", "update:read"


def house(controller_id: int, *, now: datetime) -> AccessContext:
    """The company's own: it takes changes. RefusedError where its mandate has ended."""
    return feed_context(controller_id, now=now)


def check_reading(context: AccessContext) -> None:
    """RefusedError for who may neither see changes nor work on feeds."""
    if not any(context.allows(operation) for operation in (READ, WORK, MANAGE)):
        raise RefusedError("Your role under this mandate does not include this.", place=READ)
