"""One's own standing agreement to be recorded: given and taken back by the agent alone (StGB §201)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from trustdesk.design.entrance import entered
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.mandates.api import controller
from trustdesk.telephony import api as telephony


@require_http_methods(["GET", "POST"])
@entered("telephony:read")
def agreement(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """The words, what was last said, and the two answers. Saying no costs nothing: calls then go on unrecorded."""
    company = controller(context.controller_id).name
    words = _(
        "I agree that my calls for %(company)s are recorded together with the caller's agreement. I can take this back "
        "at any time; then my calls are not recorded where my agreement is needed."
    ) % {"company": company}
    if request.method == "POST":
        given = request.POST.get("answer") == "give"
        said = words if given else _("I take back my agreement to be recorded for %(company)s.") % {"company": company}
        telephony.agree(context, given=given, words=said, language=get_language() or "en", now=clock.now())
        messages.success(request, _("Noted, with the time and these words."))
        return redirect("desk:agreement")
    values = {"words": words, "agent": telephony.agent(context, context.operator_id)}
    return render(request, "desk/agreement.html", values)
