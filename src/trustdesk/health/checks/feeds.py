"""Feeds: none stands still unseen, neither by a fault nor by the brake."""

from datetime import datetime

from django.utils.translation import gettext_noop as _

from trustdesk.health.contracts import Finding, State
from trustdesk.kernel.errors import RefusedError


def check_feeds(now: datetime) -> Finding:
    """Over all companies: feeds that the brake has stopped, feeds that fail, deliveries that could not be applied."""
    from trustdesk.feeds.api import standing  # noqa: PLC0415 - models exist after start-up only
    from trustdesk.mandates.api import controllers, system_context  # noqa: PLC0415

    stands = []
    for company in controllers():
        try:
            context = system_context(company.id, purpose="administration", now=now, on_behalf_of=0)
        except RefusedError:
            continue  # its own mandate has ended: nothing of it opens any more
        stands.append(standing(context))
    mend = _("See the feeds in the console: each says what is wrong.")
    stopped = sum(stand.stopped for stand in stands)
    if stopped:
        return Finding("feeds", State.BROKEN, _("The brake has stopped %(count)s feeds."), {"count": stopped}, mend)
    failing, failed = sum(stand.failing for stand in stands), sum(stand.failed for stand in stands)
    if failing:
        return Finding("feeds", State.WARNING, _("%(count)s feeds do not work."), {"count": failing}, mend)
    if failed:
        said = _("%(count)s deliveries of feeds could not be applied.")
        return Finding("feeds", State.WARNING, said, {"count": failed}, mend)
    return Finding("feeds", State.SOUND, _("Every feed worked when it was last asked."))
