"""Connected systems: none is down unseen, and nothing that was asked of one waits a day."""

from datetime import datetime

from django.utils.translation import gettext_noop as _

from trustdesk.health.contracts import Finding, State
from trustdesk.kernel.errors import RefusedError


def check_connected(now: datetime) -> Finding:
    """Over all companies: runs that fail for a day, and systems that do not answer."""
    from trustdesk.mandates.api import controllers, system_context  # noqa: PLC0415 - models exist after start-up only
    from trustdesk.outside.api import standing  # noqa: PLC0415

    stands = []
    for company in controllers():
        try:
            context = system_context(company.id, purpose="administration", now=now, on_behalf_of=0)
        except RefusedError:
            continue  # its own mandate has ended: nothing of it opens any more
        stands.append(standing(context, now=now))
    mend = _("See the connected systems in the console: each says what is wrong.")
    stuck = sum(stand.stuck_runs for stand in stands)
    if stuck:
        said = _("%(count)s erasures, corrections or copies have failed for a day at a connected system.")
        return Finding("connected", State.BROKEN, said, {"count": stuck}, mend)
    failing = sum(stand.failing for stand in stands)
    if failing:
        said = _("%(count)s connected systems do not work.")
        return Finding("connected", State.WARNING, said, {"count": failing}, mend)
    return Finding("connected", State.SOUND, _("Every connected system worked when it was last asked."))
