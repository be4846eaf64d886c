"""Recordings: which there are, which are not and why, what falls due, what is held, and whether each is as it was."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from trustdesk.accounts import api as accounts
from trustdesk.announcements import api as announcements
from trustdesk.announcements.contracts import CallNotice
from trustdesk.clearance import api as clearance
from trustdesk.console.answers import page
from trustdesk.console.recording_forms import FindForm, HoldForm, ListenForm, TakeOutForm
from trustdesk.conversations import api as conversations
from trustdesk.design.entrance import entered
from trustdesk.design.happenings import operator_name
from trustdesk.design.queues import queue_names
from trustdesk.design.recorded import CallRow, call_row, missing, recorded_calls
from trustdesk.design.recording import because_label, ground_labels, integrity_label, unrecorded_label
from trustdesk.design.sounding import spoken
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError
from trustdesk.kernel.ids import from_public
from trustdesk.recordings import api
from trustdesk.recordings.contracts import CallView, Integrity, RecordingView

UNPROCESSABLE = 422
SHOWN = 60
PREVIEW = timedelta(days=30)
_SOUND = frozenset({Integrity.SOUND, Integrity.OPEN})


@require_GET
@entered("recording:read")
def recordings(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """The list, what falls due in the next days, legal holds, and what was not recorded."""
    now = clock.now()
    form = FindForm(request.GET or None, queues=queue_names(context))
    agent = _identifier(request.GET.get("agent", ""))
    found = api.newest(
        context, **form.wanted(), operator_id=agent, before=_identifier(request.GET.get("before", "")), limit=SHOWN
    )
    holds = api.holds(context)
    calls = _by_call(found)
    names = accounts.names(
        {operator for call in calls for operator in call.operator_ids}
        | {one.placed_by for one in holds if one.placed_by}
    )
    values = {
        "form": form,
        "rows": [call_row(call, names) for call in calls],
        "further": found[-1].recording_id if len(found) == SHOWN else None,
        "due": [(one, spoken(one.milliseconds)) for one in api.due(context, until=now + PREVIEW)],
        "holds": [(one, ground_labels()[one.ground], operator_name(names, one.placed_by)) for one in holds],
        "missing": [(one, unrecorded_label(one.reason)) for one in api.unrecorded(context, limit=20)],
        "tallies": [(one, because_label(one.because)) for one in api.tallies(context)[:12]],
        "may_hold": context.allows("recording:hold"),
    }
    return page(request, "console/recordings.html", values, context=context)


@require_GET
@entered("recording:read")
def recording(request: HttpRequest, context: AccessContext, conversation_id: int) -> HttpResponse:
    """One conversation's recordings: on what each leg rests, and what may be done with it."""
    return show(request, context, conversation_id)


@require_POST
@entered("log:read")
def verify(request: HttpRequest, context: AccessContext, conversation_id: int) -> HttpResponse:
    """The chain of every leg computed anew and compared with the log."""
    now = clock.now()
    verified = [
        api.verify(context, recording_id=leg.recording_id, now=now)
        for call in api.of_conversation(context, conversation_id)
        for leg in call.recordings
    ]
    seals = {
        one.recording_id: (
            one,
            integrity_label(one.integrity),
            "sealed" if one.integrity in _SOUND and (one.same_in_log or one.integrity is Integrity.OPEN) else "broken",
        )
        for one in verified
    }
    return show(request, context, conversation_id, more={"seals": seals, "verified_at": now})


@require_POST
@entered("recording:hold")
def hold(request: HttpRequest, context: AccessContext, conversation_id: int) -> HttpResponse:
    """Keep them as evidence, whatever falls due."""
    form = HoldForm(request.POST)
    if not form.is_valid():
        return show(request, context, conversation_id, more={"hold_form": form}, status=UNPROCESSABLE)
    api.hold(
        context,
        conversation_id=conversation_id,
        ground=form.cleaned_data["ground"],
        file_number=form.cleaned_data["file_number"],
        now=clock.now(),
    )
    messages.success(request, _("Kept. Nothing of this conversation is destroyed until the hold is released."))
    return redirect("console:recording", conversation_id=conversation_id)


@require_POST
@entered("recording:hold")
def release(request: HttpRequest, context: AccessContext, hold_id: int) -> HttpResponse:
    """The evidence is no longer needed: destruction goes on where it stood."""
    api.release(context, hold_id=hold_id, now=clock.now())
    messages.success(request, _("Released. What is due is destroyed within the hour."))
    return redirect("console:recordings")


def show(
    request: HttpRequest,
    context: AccessContext,
    conversation_id: int,
    *,
    more: dict[str, object] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of one conversation. NotFoundError where nothing of it was recorded, and nothing was not."""
    rows, absent = recorded_calls(context, conversation_id), missing(context, conversation_id)
    if not rows and not absent:
        raise NotFoundError(_("There is no recording of this conversation."), place="conversation")
    holds = api.holds(context, conversation_id=conversation_id, released=True)
    names = accounts.names({one.placed_by for one in holds} | {one.released_by or 0 for one in holds} - {0})
    values: dict[str, object] = {
        "conversation_id": conversation_id,
        "reference": _reference(context, conversation_id),
        "rows": rows,
        "missing": absent,
        "heard": _heard(context, rows),
        "holds": [(one, ground_labels()[one.ground], operator_name(names, one.placed_by)) for one in holds],
        "may_listen": context.allows("recording:listen"),
        "may_verify": context.allows("log:read"),
        "may_hold": context.allows("recording:hold"),
        "may_take_out": context.allows("recording:export"),
        "listen_form": ListenForm(),
        "hold_form": HoldForm(),
        "take_out_form": take_out_form(context, rows, None) if context.allows("recording:export") else None,
        "elevated_until": accounts.elevated_until(request, now=clock.now()),
        "elevation_next": reverse("console:recording", args=[conversation_id]),  # this may be the answer to a POST
    }
    return page(request, "console/recording.html", values | (more or {}), context=context, status=status)


def take_out_form(context: AccessContext, rows: Sequence[CallRow], data: dict[str, str] | None) -> TakeOutForm:
    """With the calls, recipients and purposes there are."""
    return TakeOutForm(
        data,
        calls=[(row.call, row.length) for row in rows if not row.call.open],
        recipients=clearance.recipients(context),
        purposes=[one for one in clearance.purposes(context) if one.retired_at is None],
    )


def _heard(context: AccessContext, rows: Sequence[CallRow]) -> dict[int, CallNotice]:
    """The notices that were heard, by their version: words for what the legs name by its identifier only."""
    found = {}
    for version in {leg.view.notice_version for row in rows for leg in row.legs}:
        with suppress(NotFoundError):  # gone with its company's other notices; the identifier stays
            found[version] = announcements.version(context, version)
    return found


def _reference(context: AccessContext, conversation_id: int) -> str:
    if not context.allows("conversation:read"):
        return ""
    try:
        return conversations.line(context, conversation_id).reference
    except NotFoundError:  # the conversation's own time is over; its recording is kept longer
        return ""


def _by_call(found: Sequence[RecordingView]) -> list[CallView]:
    calls: dict[int, list[RecordingView]] = {}
    for one in found:
        calls.setdefault(one.call_id, []).append(one)
    return [
        CallView(
            conversation_id=legs[0].conversation_id,
            call_id=call_id,
            began_at=min(leg.began_at for leg in legs),
            queue=next((leg.queue for leg in legs if leg.queue), ""),
            recordings=legs,
        )
        for call_id, legs in calls.items()
    ]


def _identifier(text: str) -> int | None:
    if not text:
        return None
    try:
        return from_public(text)
    except ValueError:
        raise NotFoundError("There is no such page.", place="before", mend="Start from the newest recording.") from None
