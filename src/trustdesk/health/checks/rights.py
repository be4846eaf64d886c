"""Requests of data subjects: none is late, none will be soon."""

from datetime import datetime

from django.utils.translation import gettext_noop as _

from trustdesk.health.contracts import Finding, State
from trustdesk.kernel.errors import RefusedError


def check_requests(now: datetime) -> Finding:
    """Over all companies: those overdue, those due within three days, and letters that could not be read."""
    from trustdesk.mandates.api import controllers, system_context  # noqa: PLC0415 - models exist after start-up only
    from trustdesk.rights.api import standing  # noqa: PLC0415

    found = []
    for company in controllers():
        try:
            context = system_context(company.id, purpose="compliance", now=now, on_behalf_of=0)
        except RefusedError:
            continue  # its own mandate has ended: nothing of it opens any more
        found.append(standing(context, now=now))
    overdue = sum(one.overdue for one in found)
    if overdue:
        return Finding(
            "requests",
            State.BROKEN,
            _("%(count)s requests of data subjects are overdue (GDPR Art. 12(3))."),
            {"count": overdue},
            _("Answer them today; the console lists them by their clock."),
        )
    due = sum(one.due for one in found)
    if due:
        return Finding(
            "requests",
            State.WARNING,
            _("%(count)s requests of data subjects are due within three days."),
            {"count": due},
            _("Answer them, or tell the person why it takes longer; the console lists them by their clock."),
        )
    parked = sum(one.parked for one in found)
    if parked:
        return Finding(
            "requests",
            State.WARNING,
            _("%(count)s letters in the mailbox for requests could not be read."),
            {"count": parked},
            _("Look at them in the mailbox: they lie in the folder for parked letters."),
        )
    if any(one.failing for one in found):
        return Finding(
            "requests",
            State.WARNING,
            _("A mailbox for requests can't be read."),
            {},
            _("See on the page of requests why, and whether its password is still good."),
        )
    return Finding("requests", State.SOUND, _("No request of a data subject is late."))
