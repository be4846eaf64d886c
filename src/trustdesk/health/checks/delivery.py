"""The outboxes: nothing waits long, and nothing stays unknown unseen."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext_noop as _

from trustdesk.health.contracts import Finding, State
from trustdesk.kernel.errors import RefusedError

LONG = timedelta(minutes=30)


def check_outbox(now: datetime) -> Finding:
    """Over all companies: the oldest message that is due, those nobody knows of, endpoints that take nothing."""
    from trustdesk.delivery.api import standing  # noqa: PLC0415 - models exist after start-up only
    from trustdesk.mandates.api import controllers, system_context  # noqa: PLC0415

    stands = []
    for company in controllers():
        try:
            context = system_context(company.id, purpose="administration", now=now, on_behalf_of=0)
        except RefusedError:
            continue  # its own mandate has ended: nothing of it opens any more
        stands.append(standing(context, now=now))
    due = [stand.oldest_due_at for stand in stands if stand.oldest_due_at is not None]
    late = [instant for instant in due if now - instant > LONG]
    if late:
        mend = _("See whether the worker runs, its log, and `trustdesk mail-test`.")
        if not settings.EMAIL_HOST and not settings.TRUSTDESK_DEMO:
            mend = _("Set a mail server in settings.toml; the how-to on delivery says how.")
        minutes = int((now - min(late)).total_seconds() // 60)
        values = {"count": sum(stand.waiting for stand in stands), "minutes": minutes}
        return _warning(_("%(count)s messages wait to be sent, the oldest for %(minutes)s minutes."), values, mend)
    unknown = sum(stand.unknown for stand in stands)
    if unknown:
        return _warning(
            _("Of %(count)s messages nobody knows whether they arrived."),
            {"count": unknown},
            _("Find out and say so on the delivery page, or with `trustdesk outbox --message`."),
        )
    failing = sum(stand.failing_endpoints for stand in stands)
    if failing:
        return _warning(
            _("%(count)s other systems take no calls."), {"count": failing}, _("See the delivery page of the console.")
        )
    return Finding("outbox", State.SOUND, _("Nothing waits long to be sent."))


def _warning(message: str, values: Mapping[str, str | int], mend: str) -> Finding:
    return Finding("outbox", State.WARNING, message, values, mend)
