"""The log: what was opened and done, by whom, why; and whether it stands as it was signed."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from trustdesk.audit import api as audit
from trustdesk.console.answers import page
from trustdesk.console.words import labels
from trustdesk.design.entrance import entered
from trustdesk.design.happenings import lines
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
        "further": entries[-1].id if len(entries) == SHOWN else None,
    }
    return page(request, "console/log.html", values, context=context)


def _before(text: str) -> int | None:
    if not text:
        return None
    try:
        return from_public(text)
    except ValueError:
        raise NotFoundError("There is no such page.", place="before", mend="Start from the newest entry.") from None
