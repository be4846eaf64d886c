"""The log: what was opened and done, by whom, why; and whether it stands as it was signed."""

import tempfile
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_GET, require_POST

from trustdesk.accounts import api as accounts
from trustdesk.audit import api as audit
from trustdesk.console.answers import page
from trustdesk.console.words import labels
from trustdesk.design.entrance import entered
from trustdesk.design.files import hand_over
from trustdesk.design.happenings import lines
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError
from trustdesk.kernel.ids import from_public

SHOWN = 50


@require_GET
@entered("log:read")
def log(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """The newest entries; `before` goes back. Reading is itself recorded."""
    before = _before(request.GET.get("before", ""))
    entries = audit.entries(context, before=before, limit=SHOWN)
    values = {
        "lines": lines(entries, labels=labels(context)),
        "state": audit.verification_state(context),
        "may_export": context.allows("log:export"),
        "elevated_until": accounts.elevated_until(request, now=clock.now()),
        "further": entries[-1].id if len(entries) == SHOWN else None,
    }
    return page(request, "console/log.html", values, context=context)


@require_POST
@entered("log:export")
def export(request: HttpRequest, context: AccessContext) -> HttpResponseBase:
    """The whole log with its checkpoints, sealed, to be verified offline. That it was taken is an entry too."""
    accounts.check_elevated(request, "log:export", now=clock.now())
    with tempfile.TemporaryDirectory(prefix="export-", dir=settings.TRUSTDESK_HOME.data) as folder:
        summary = audit.export(context, out=Path(folder) / "log.txt")
        return hand_over(summary.path, name="log.txt", media_type="text/plain; charset=utf-8")


def _before(text: str) -> int | None:
    if not text:
        return None
    try:
        return from_public(text)
    except ValueError:
        raise NotFoundError("There is no such page.", place="before", mend="Start from the newest entry.") from None
