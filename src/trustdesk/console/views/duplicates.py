"""Records that may be one person: the list, two of them side by side, and what a person decides."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from trustdesk.accounts import api as accounts
from trustdesk.console.answers import page
from trustdesk.console.comparing import rows
from trustdesk.design.entrance import entered
from trustdesk.design.happenings import operator_name
from trustdesk.design.updating import closed_reason, duplicate_label, likely, second_label, share
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError
from trustdesk.updates import api as updating
from trustdesk.updates.contracts import DuplicateLine, DuplicateState

_INTO_LEFT, _INTO_RIGHT, _APART = "left", "right", "apart"


@require_GET
@entered("update:review")
def duplicates(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """The likeliest first; then what was decided, the newest first. Opens nothing."""
    decided = updating.duplicates(context, decided=True, limit=20)
    names = accounts.names({each.decided_by for each in decided if each.decided_by})
    values = {
        "rows": [_row(each) for each in updating.duplicates(context, limit=200)],
        "decided": [
            (_row(each), duplicate_label(each.state), operator_name(names, each.decided_by)) for each in decided
        ],
        "count": updating.count_duplicates(context),
    }
    return page(request, "console/duplicates.html", values, context=context)


@require_POST
@entered("update:review")
def look(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """Have the worker look through the register."""
    if updating.order_look_for_duplicates(context):
        messages.success(request, _("The register is looked through in the background; what is found appears here."))
    else:
        messages.info(request, _("It is being looked through already."))
    return redirect("console:duplicates")


@require_http_methods(["GET", "POST"])
@entered("update:review")
def duplicate(request: HttpRequest, context: AccessContext, duplicate_id: int) -> HttpResponse:
    """Two records beside each other, opened and logged. POST shows them as one, or keeps them apart for good."""
    if request.method == "POST":
        return _decide(request, context, duplicate_id)
    found = updating.duplicate(context, duplicate_id)
    values = {
        "found": found,
        "row": _row(found.line),
        "rows": rows(found.compared),
        "closed": closed_reason(found.closed) if found.closed else "",
        "state": duplicate_label(found.line.state),
        "decided_by": operator_name(accounts.names({found.line.decided_by or 0}), found.line.decided_by),
        "open": found.line.state is DuplicateState.OPEN,
        "merged": found.line.state is DuplicateState.MERGED,
        "may_merge": context.allows("customer:merge"),
        "may_open": context.allows("customer:open"),
    }
    return page(request, "console/duplicate.html", values, context=context)


@require_POST
@entered("update:review")
def undo(request: HttpRequest, context: AccessContext, duplicate_id: int) -> HttpResponse:
    """Two people after all: apart as they were, and never proposed again."""
    updating.part_duplicate(context, duplicate_id=duplicate_id, now=clock.now())
    messages.success(request, _("They are apart again, exactly as they were."))
    return redirect("console:duplicate", duplicate_id=duplicate_id)


def _decide(request: HttpRequest, context: AccessContext, duplicate_id: int) -> HttpResponse:
    choice = request.POST.get("choice", "")
    line = updating.duplicate_line(context, duplicate_id)
    if choice == _APART:
        updating.keep_apart(context, duplicate_id=duplicate_id, now=clock.now())
        messages.success(request, _("Kept apart: they are not proposed again."))
    elif choice in (_INTO_LEFT, _INTO_RIGHT):
        into = line.left_id if choice == _INTO_LEFT else line.right_id
        updating.merge_duplicate(context, duplicate_id=duplicate_id, into=into, now=clock.now())
        messages.success(request, _("Shown as one now. Nothing was moved: it can be undone exactly."))
    else:
        raise BadInputError(_("Nothing was chosen."), place="choice", mend=_("Choose one of the three."))
    following = updating.next_duplicate(context, duplicate_id)
    if following is None:
        return redirect("console:duplicates")
    return redirect("console:duplicate", duplicate_id=following)


def _row(line: DuplicateLine) -> dict[str, object]:
    return {
        "line": line,
        "likely": likely(line.probability),
        "share": share(line.probability),
        "second": second_label(line.second),
    }
