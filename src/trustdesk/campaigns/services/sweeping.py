"""The minute's look over all companies: campaigns with something to do, also after their end, when mail comes back."""

from datetime import datetime, timedelta

from django.db.models import Q

from trustdesk.campaigns.contracts import State
from trustdesk.campaigns.models import Campaign
from trustdesk.campaigns.services.drive import house
from trustdesk.campaigns.services.waking import wake
from trustdesk.isolation.api import scoped
from trustdesk.kernel.errors import RefusedError
from trustdesk.mandates.api import controllers

_COMES_BACK_FOR = timedelta(days=14)


def sweep(*, now: datetime) -> int:
    """Wake them; how many. Companies whose own mandate has ended stay closed."""
    woken = 0
    for company in controllers():
        try:
            context = house(company.id, now=now)
        except RefusedError:
            continue
        with scoped(context.scope):
            listening = Campaign.objects.filter(controller_id=company.id, started_at__isnull=False)
            going = Q(state__in=[State.RUNNING, State.PAUSED]) | Q(changed_at__gt=now - _COMES_BACK_FOR)
            found = list(listening.filter(going).order_by("id").values_list("id", flat=True))
        for campaign_id in found:
            wake(company.id, campaign_id)
        woken += len(found)
    return woken
