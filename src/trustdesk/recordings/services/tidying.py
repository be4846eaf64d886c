"""Listenings and links a day after their end: nobody can use them, and the log has what they were."""

from datetime import datetime, timedelta

from trustdesk.isolation.api import scoped
from trustdesk.kernel.errors import RefusedError
from trustdesk.mandates.api import controllers, system_context
from trustdesk.recordings.models import Copy, Listening, Unrecorded

_DAY = timedelta(days=1)
_UNRECORDED = timedelta(days=400)  # why calls were not recorded: for the year's figures


def tidy_everywhere(*, now: datetime) -> int:
    """The rows deleted, over all companies with a living mandate of their own."""
    deleted = 0
    for company in controllers():
        try:
            context = system_context(company.id, purpose="records", now=now, on_behalf_of=0)
        except RefusedError:
            continue
        with scoped(context.scope):
            own = {"controller_id": company.id}
            deleted += Listening.objects.filter(**own, expires_at__lt=now - _DAY).delete()[0]
            deleted += Copy.objects.filter(**own, expires_at__lt=now - _DAY).delete()[0]
            deleted += Unrecorded.objects.filter(**own, at__lt=now - _UNRECORDED).delete()[0]
    return deleted
