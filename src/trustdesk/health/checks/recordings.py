"""The recordings: every file has its row and every row its file."""

from datetime import datetime

from django.utils.translation import gettext_noop as _

from trustdesk.health.contracts import Finding, State
from trustdesk.kernel.errors import RefusedError


def check_recordings(now: datetime) -> Finding:
    """Over all companies: files that nobody knows, and recordings whose file is gone. Nothing is opened."""
    from trustdesk.mandates.api import controllers, system_context  # noqa: PLC0415 - models exist after start-up only
    from trustdesk.recordings.api import strays  # noqa: PLC0415

    found = []
    for company in controllers():
        try:
            context = system_context(company.id, purpose="administration", now=now, on_behalf_of=0)
        except RefusedError:
            continue  # its own mandate has ended: nothing of it opens any more
        found.append(strays(context, now=now))
    missing = sum(one.rows_without_file for one in found)
    if missing:
        return Finding(
            "recordings",
            State.BROKEN,
            _("Of %(count)s recordings the file is gone."),
            {"count": missing},
            _("Bring the files back from the backup; the list of recordings says which by verifying them."),
        )
    unknown = sum(one.files_without_row for one in found)
    if unknown:
        return Finding(
            "recordings",
            State.WARNING,
            _("%(count)s files of recordings belong to none."),
            {"count": unknown},
            _("After a restore they are newer than the backup; else a crash left them: their keys are destroyed."),
        )
    return Finding("recordings", State.SOUND, _("Every recording has its file."))
