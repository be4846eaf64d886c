"""Erasures: none stands still, and nobody who was erased was met again unseen."""

from datetime import datetime

from django.utils.translation import gettext_noop as _

from trustdesk.health.contracts import Finding, State
from trustdesk.kernel.errors import RefusedError


def check_erasures(now: datetime) -> Finding:
    """Over all companies: plans of which a step does not come through, and alarms at which nobody has looked."""
    from trustdesk.erasure import api as erasure  # noqa: PLC0415 - models exist after start-up only
    from trustdesk.mandates.api import controllers, system_context  # noqa: PLC0415

    failed = alarms = 0
    for company in controllers():
        try:
            context = system_context(company.id, purpose="compliance", now=now, on_behalf_of=0)
        except RefusedError:
            continue  # its own mandate has ended: nothing of it opens any more
        failed += erasure.standing_still(context)
        alarms += len(erasure.sightings(context))
    if failed:
        return Finding(
            "erasures",
            State.BROKEN,
            _("%(count)s erasures stand still: a step does not come through (GDPR Art. 17)."),
            {"count": failed},
            _("See in the console which step it is and why; it is tried again by itself once the cause is gone."),
        )
    if alarms:
        return Finding(
            "erasures",
            State.WARNING,
            _("%(count)s times somebody like an erased person was met again, and nobody has looked."),
            {"count": alarms},
            _("Look at the alarms on the page of erasures, and at where the data came from."),
        )
    return Finding("erasures", State.SOUND, _("No erasure stands still, and no alarm waits."))
