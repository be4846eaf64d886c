"""What of a conversation was recorded, and listening to it: for a purpose that is stated first."""

from collections.abc import Sequence

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from trustdesk.conversations import api as conversations
from trustdesk.design import sounding
from trustdesk.design.entrance import entered
from trustdesk.design.faults import is_fragment
from trustdesk.design.recorded import CallRow, missing, played, recorded_calls
from trustdesk.design.recording import purposes_offered
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.recordings import api as recordings
from trustdesk.recordings.contracts import THIRD, RecordingView

UNPROCESSABLE = 422


class ListenForm(forms.Form):
    purpose = forms.ChoiceField(
        label=gettext_lazy("What do you listen for?"),
        help_text=gettext_lazy("It is kept in the log."),
        choices=lambda: [("", _("Choose")), *purposes_offered()],
    )


@require_GET
@entered("recording:read")
def show(request: HttpRequest, context: AccessContext, conversation_id: int) -> HttpResponse:
    """The calls that were recorded, and those that were not; a part of the conversation's page, or a page."""
    return _page(request, context, conversation_id)


@require_POST
@entered("recording:listen")
def listen(request: HttpRequest, context: AccessContext, conversation_id: int) -> HttpResponse:
    """The players, once a purpose is stated."""
    form = ListenForm(request.POST)
    if not form.is_valid():
        return _page(request, context, conversation_id, form=form, status=UNPROCESSABLE)
    listening = recordings.listen(
        context, conversation_id=conversation_id, purpose=form.cleaned_data["purpose"], now=clock.now()
    )
    shown = {
        "listening": listening,
        "played": played(listening, lambda call_id: reverse("desk:hear", args=[listening.listening_id, call_id])),
    }
    return _page(request, context, conversation_id, more=shown)


@require_GET
@entered("recording:listen")
def hear(request: HttpRequest, context: AccessContext, listening_id: int, call_id: int) -> HttpResponseBase:
    """A call's sound, or the part that is asked for."""
    return sounding.audio(request, context, listening_id=listening_id, call_id=call_id, name="call.wav")


def _thirds(calls: Sequence[CallRow]) -> list[RecordingView]:
    """Third parties, each once a call however many files there are of it; who is not known where any of them is not."""
    voices: dict[tuple[int, str], RecordingView] = {}
    for one in (leg for row in calls for leg in row.call.recordings if leg.role == THIRD):
        voice = (one.call_id, one.leg)
        if voice not in voices or one.customer_id is None:
            voices[voice] = one
    return list(voices.values())


def _page(
    request: HttpRequest,
    context: AccessContext,
    conversation_id: int,
    *,
    form: ListenForm | None = None,
    more: dict[str, object] | None = None,
    status: int = 200,
) -> HttpResponse:
    calls, absent = recorded_calls(context, conversation_id), missing(context, conversation_id)
    if not calls and not absent:
        conversations.line(context, conversation_id)  # of a conversation that is not there nothing is said
    shown: dict[str, object] = {
        "conversation_id": conversation_id,
        "calls": calls,
        "missing": absent,
        "thirds": _thirds(calls),
        "may_find": context.allows("customer:search") and context.allows("conversation:work"),
        "may_work": context.allows("conversation:work"),
        "form": form or ListenForm(),
        "may_listen": context.allows("recording:listen"),
        "can_be_heard": any(not row.call.open for row in calls),
    }
    template = "desk/parts/recordings.html" if is_fragment(request) else "desk/recordings.html"
    return render(request, template, shown | (more or {}), status=status)
