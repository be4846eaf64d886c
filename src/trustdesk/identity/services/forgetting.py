"""What asking and visiting leave behind goes a day after its end; the log and the consents keep what counts."""

from datetime import datetime, timedelta

from trustdesk.identity.models import Confirmation, Form, Link, Visit
from trustdesk.isolation.api import scoped
from trustdesk.mandates.api import controllers, system_context

_KEPT = timedelta(days=1)


def forget_old(*, now: datetime) -> int:
    """Delete links, visits and confirmations that ended a day ago, of every company; the number of rows."""
    deleted = 0
    for company in controllers():
        context = system_context(company.id, purpose="administration", now=now, on_behalf_of=0)
        with scoped(context.scope):
            for model in (Link, Form, Visit, Confirmation):
                rows = model.objects.filter(controller_id=company.id, expires_at__lt=now - _KEPT)
                deleted += rows.delete()[0]
    return deleted
