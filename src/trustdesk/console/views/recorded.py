"""The sound of recordings in the console: heard for a stated purpose, and taken out under an elevated session."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from trustdesk.accounts import api as accounts
from trustdesk.clearance.contracts import NotClearedError
from trustdesk.console.recording_forms import ListenForm
from trustdesk.console.views.recordings import UNPROCESSABLE, show, take_out_form
from trustdesk.design import sounding
from trustdesk.design.entrance import entered
from trustdesk.design.recorded import played, recorded_calls
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import ConflictError, RefusedError
from trustdesk.kernel.ids import from_public, to_public
from trustdesk.recordings import api as recordings
from trustdesk.recordings.contracts import VCON_MEDIA_TYPE, Outside


@require_POST
@entered("recording:listen")
def listen(request: HttpRequest, context: AccessContext, conversation_id: int) -> HttpResponse:
    """The players, once a purpose is stated."""
    form = ListenForm(request.POST)
    if not form.is_valid():
        return show(request, context, conversation_id, more={"listen_form": form}, status=UNPROCESSABLE)
    listening = recordings.listen(
        context, conversation_id=conversation_id, purpose=form.cleaned_data["purpose"], now=clock.now()
    )
    heard = {
        "listening": listening,
        "played": played(listening, lambda call_id: reverse("console:hear", args=[listening.listening_id, call_id])),
    }
    return show(request, context, conversation_id, more=heard)


@require_GET
@entered("recording:listen")
def hear(request: HttpRequest, context: AccessContext, listening_id: int, call_id: int) -> HttpResponseBase:
    """A call's sound, or the part that is asked for."""
    return sounding.audio(request, context, listening_id=listening_id, call_id=call_id, name="call.wav")


@require_POST
@entered("recording:export")
def take_out(request: HttpRequest, context: AccessContext, conversation_id: int) -> HttpResponseBase:
    """A file, for somebody who may have it."""
    now = clock.now()
    accounts.check_elevated(request, "recording:export", now=now)
    form = take_out_form(context, recorded_calls(context, conversation_id), request.POST.dict())
    if form.is_valid():
        try:
            return _taken(context, conversation_id, form.cleaned_data, form.outside())
        except NotClearedError as refused:
            form.add_error("recipient", f"{refused.message} {refused.place}. {refused.mend}".strip())
        except RefusedError as refused:  # restricted: for another purpose it may leave
            form.add_error("purpose", f"{refused.message} {refused.mend}".strip())
    return show(request, context, conversation_id, more={"take_out_form": form}, status=UNPROCESSABLE)


@require_POST
@entered("recording:export", apart=True)
def send_copy(request: HttpRequest, context: AccessContext, conversation_id: int) -> HttpResponse:
    """A link to the customer's own copy, to an address that has long been on file."""
    now = clock.now()
    accounts.check_elevated(request, "recording:export", now=now)
    try:
        recordings.send_copy(context, conversation_id=conversation_id, now=now)
    except (ConflictError, RefusedError) as refused:  # nobody to send it to, or not now: the page says so
        messages.error(request, f"{refused.message} {refused.mend}".strip())
    else:
        messages.success(request, _("On its way. The link works for seven days."))
    return redirect("console:recording", conversation_id=conversation_id)


def _taken(
    context: AccessContext, conversation_id: int, given: Mapping[str, str], outside: Outside | None
) -> HttpResponseBase:
    name = f"conversation-{to_public(conversation_id)}"
    asked: dict[str, Any] = {
        "conversation_id": conversation_id,
        "purpose": given["purpose"],
        "outside": outside,
        "now": clock.now(),
    }
    if given["form"] == "vcon":
        answer = HttpResponse(recordings.export_vcon(context, **asked), content_type=VCON_MEDIA_TYPE)
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}.vcon"'
        answer.headers["Cache-Control"] = "no-store"
        return answer
    heard = recordings.export_wav(context, call_id=from_public(given["form"]), **asked)
    return sounding.handed(heard, name=f"{name}.wav", download=True)
