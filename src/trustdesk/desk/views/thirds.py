"""Who else spoke on a call: a third party is found among the customers, and their voice is filed with them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from trustdesk.design.entrance import entered
from trustdesk.desk.forms import SearchForm
from trustdesk.desk.talk_forms import IdentifyForm
from trustdesk.desk.views.talking import found
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError
from trustdesk.recordings import api as recordings


@require_http_methods(["GET", "POST"])
@entered("customer:search")
def third(request: HttpRequest, context: AccessContext, recording_id: int) -> HttpResponse:
    """Who it could be. The search is a POST, so no name stands in an address."""
    leg = recordings.recording(context, recording_id)
    form = SearchForm(request.POST if request.method == "POST" else None)
    query = form.cleaned_data["query"] if form.is_valid() else ""
    values = {
        "recording_id": recording_id,
        "conversation_id": leg.conversation_id,
        "hits": found(request, context, query),
        "query": query,
        "address": reverse("desk:identify-third", args=[recording_id]),
        "may_work": context.allows("conversation:work"),
    }
    return render(request, "desk/third.html", values)


@require_POST
@entered("conversation:work")
def identify(request: HttpRequest, context: AccessContext, recording_id: int) -> HttpResponse:
    """It is this customer, known in this way."""
    form = IdentifyForm(request.POST)
    if not form.is_valid():
        raise BadInputError(
            _("Say who it is, and how that is known."), place="how", mend=_("Choose one way of identifying.")
        )
    leg = recordings.recording(context, recording_id)
    given = form.cleaned_data
    recordings.identify_third(
        context, recording_id=recording_id, customer_id=given["customer"], how=given["how"], now=clock.now()
    )
    messages.success(request, _("Their voice is filed with the customer; the conversation stays whose it was."))
    return redirect("desk:conversation", conversation_id=leg.conversation_id)


@require_POST
@entered("conversation:work")
def take_back(request: HttpRequest, context: AccessContext, recording_id: int) -> HttpResponse:
    """It was somebody else."""
    leg = recordings.recording(context, recording_id)
    recordings.take_third_back(context, recording_id=recording_id, now=clock.now())
    messages.success(request, _("Taken back: it is nobody's until you say who it is."))
    return redirect("desk:conversation", conversation_id=leg.conversation_id)
