"""Changes from outside at a glance: what waits for people, and how sure we may be of what needed none."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from trustdesk.console.answers import page
from trustdesk.console.update_tiles import accuracy_tile, duplicate_tile, review_tile
from trustdesk.design.entrance import entered
from trustdesk.kernel.context import AccessContext


@require_GET
@entered("update:read")
def updates(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """The tiles of the section; each opens the rows behind it."""
    tiles = [review_tile(context), duplicate_tile(context), accuracy_tile(context)]
    values = {"tiles": tiles, "may_review": context.allows("update:review")}
    return page(request, "console/updates.html", values, context=context)
