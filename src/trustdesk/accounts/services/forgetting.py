"""What signing in leaves behind is deleted when its time is over."""

from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Q

from trustdesk.accounts.models import DeskSession, ElevatedSession, Link, Recovery

KEPT = timedelta(days=30)  # long enough to answer "why does my link not open"; the log keeps the deed itself


def forget_expired(*, now: datetime) -> int:
    """Delete ended sessions, elevations, throttle counters, and links and recoveries a month after their end."""
    past = now - KEPT
    gone = DeskSession.objects.filter(expire_date__lte=now).delete()[0]
    gone += ElevatedSession.objects.filter(ends_at__lte=now).delete()[0]
    # The first administrator's link stays until somebody came: by it a second attempt knows what it replaces.
    links = Link.objects.exclude(kind="setup", operator__accepted_at=None)
    gone += links.filter(expires_at__lte=past).delete()[0]
    ended = Q(expires_at__lte=past) & (Q(approved_at=None) | Q(approved_at__lte=past))
    gone += Recovery.objects.filter(ended).delete()[0]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_cache WHERE expires <= %s", [now])
        return gone + int(cursor.rowcount)
