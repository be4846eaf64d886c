"""Who answers which queue: a table of operators and queues, one number in each field."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from trustdesk.accounts import api as accounts
from trustdesk.console.answers import page
from trustdesk.design.entrance import entered
from trustdesk.design.queues import queue_names
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, TrustdeskError
from trustdesk.kernel.ids import to_public
from trustdesk.mandates import api as mandates
from trustdesk.telephony import api as telephony

MANAGE = "skill:manage"
UNPROCESSABLE = 422


@require_http_methods(["GET", "POST"])
@entered("seat:read")
def skills(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """Everybody with a seat; who has no number in a queue is not asked there."""
    now = clock.now()
    held, queues = telephony.skills(context), telephony.queues(context)
    operators = sorted({one.operator_id for one in mandates.seats(context) if one.ends_at is None or one.ends_at > now})
    wrong = ""
    if request.method == "POST":
        context.check_operation(MANAGE)
        try:
            for operator_id in operators:
                for queue in queues:
                    level = _typed(request, operator_id, queue.code)
                    if level != held.get(operator_id, {}).get(queue.code):
                        telephony.set_skill(context, operator_id=operator_id, queue=queue.code, level=level, now=now)
        except TrustdeskError as fault:
            wrong = f"{fault.message} {fault.mend}".strip()
        else:
            messages.success(request, _("Saved. The next call is given by these skills."))
            return redirect("console:skills")
    names = accounts.names(set(operators))
    values = {
        "queues": list(queue_names(context).items()),
        "rows": [
            (
                names.get(operator_id, to_public(operator_id)),
                telephony.agent(context, operator_id),
                [(_name(operator_id, q.code), q.code, held.get(operator_id, {}).get(q.code, "")) for q in queues],
            )
            for operator_id in operators
        ],
        "wrong": wrong,
        "may_manage": context.allows(MANAGE),
    }
    return page(request, "console/skills.html", values, context=context, status=UNPROCESSABLE if wrong else 200)


def _name(operator_id: int, queue: str) -> str:
    return f"skill-{to_public(operator_id)}-{queue}"


def _typed(request: HttpRequest, operator_id: int, queue: str) -> int | None:
    text = request.POST.get(_name(operator_id, queue), "").strip()
    if not text:
        return None
    if not text.isascii() or not text.isdecimal():
        raise BadInputError(_("A skill is a number from 0 to 100."), place="level")
    return int(text)
