"""What the pages of clearance share: who may change something."""

from datetime import datetime

from django.http import HttpRequest

from trustdesk.accounts import api as accounts
from trustdesk.kernel.context import AccessContext

MANAGE = "clearance:manage"


def check_managing(request: HttpRequest, context: AccessContext, *, now: datetime) -> None:
    """The role, and an elevated session with its reason: what is changed here changes who may be contacted."""
    context.check_operation(MANAGE)
    accounts.check_elevated(request, MANAGE, now=now)


def managing(request: HttpRequest, context: AccessContext, *, now: datetime) -> dict[str, object]:
    """What the templates ask before they offer a change."""
    return {
        "may_manage": context.allows(MANAGE),
        "elevated_until": accounts.elevated_until(request, now=now) if context.allows(MANAGE) else None,
    }
