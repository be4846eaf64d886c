"""Under which contexts feeds work: the house's own, and which operations they ask for."""

from datetime import datetime

from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import RefusedError
from trustdesk.mandates.api import system_context

MANAGE, WORK, READ = "feed:manage", "feed:work", "update:read"
_PURPOSE = "records"


def house(controller_id: int, *, on_behalf_of: int, now: datetime) -> AccessContext:
    """The company's own, for whoever set up the feed: it takes changes. RefusedError where its mandate has ended."""
    return system_context(controller_id, purpose=_PURPOSE, now=now, on_behalf_of=on_behalf_of)


def check_reading(context: AccessContext) -> None:
    """RefusedError for who may neither see changes nor work on feeds."""
    if not any(context.allows(operation) for operation in (READ, WORK, MANAGE)):
        raise RefusedError("Your role under this mandate does not include this.", place=READ)
