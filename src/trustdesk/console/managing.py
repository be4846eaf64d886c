"""What the pages of clearance share: who may change something, and what was refused, said at its field."""

from datetime import datetime

from django import forms
from django.http import HttpRequest

from trustdesk.accounts import api as accounts
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import TrustdeskError

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


def refused(form: forms.Form, fault: TrustdeskError) -> None:
    """What was refused, beside the field it speaks of."""
    form.add_error(fault.place if fault.place in form.fields else None, f"{fault.message} {fault.mend}".strip())
