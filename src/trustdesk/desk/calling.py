"""From how a call stands to what the call bar says: words, tones and icons. Nothing is opened, nothing decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from trustdesk.campaigns.contracts import CallOfCampaign
from trustdesk.conversations.contracts import How
from trustdesk.design.contacting import purpose_name
from trustdesk.design.conversing import how_label
from trustdesk.design.queues import queue_choices, queue_names
from trustdesk.design.readable import phone_text
from trustdesk.desk.calling_forms import DialForm
from trustdesk.desk.calls import Colleague, Moment, WrapUp, moment
from trustdesk.desk.contact import living
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.switchboard.contracts import PAUSES, CallState, CallView, Certainty, Direction, Pause, Presence

MUTED, CONSULTING = "phone_muted", "phone_consulting"
SEARCH = "customer:search"
"""What it takes to read the name of whoever was identified."""
SPEAKING = frozenset({CallState.TALKING, CallState.HELD})
_NOBODY = frozenset({"off", "alone", "no-consent", "notice-not-heard", "agent-has-not-agreed"})
"""For these words of the edge nobody is stored, also where files were begun; for others it is one voice of several."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A status as every status is shown: a word, its tone, its icon."""

    words: str
    tone: str
    icon: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRow:
    """The call that rings or is in hand. `since` is what the clock counts from: the wait, or the talk. `named`: it is
    known who it is, and the name may be read; it is asked for by the page, for reading it is recorded. `asks_who`: the
    agent can say so now. `dialling`: a call out that rings at the other end.
    """

    call: CallView
    title: str
    line: str
    queue: str
    who: Mark
    named: bool
    asks_who: bool
    recording: Mark | None
    since: datetime
    ringing: bool
    dialling: bool
    speaking: bool
    muted: bool
    consulting: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBar:
    """All the bar says. `said` is for those who can't see it."""

    state: Mark
    since: datetime | None
    ready: bool
    offline: bool
    paused: bool
    reachable: bool
    row: CallRow | None
    campaign: CallOfCampaign | None
    purpose: str
    reference: str
    wrap_up: WrapUp | None
    dispositions: Sequence[tuple[str, str]]
    pauses: Sequence[tuple[str, str]]
    queues: Sequence[tuple[str, str]]
    colleagues: Sequence[Colleague]
    may_dial: bool
    dial: DialForm
    said: str


def bar_of(request: HttpRequest, context: AccessContext) -> CallBar:
    """The bar as it now stands. What the exchange does not tell of a call in hand, the operator's session keeps."""
    session = request.session
    return call_bar(context, muted=session.get(MUTED), consulting=session.get(CONSULTING))


def call_bar(context: AccessContext, *, muted: int | None, consulting: int | None) -> CallBar:
    """`muted` and `consulting` name the call in which the operator did so."""
    now_is = moment(context)
    names = queue_names(context) if now_is.call else {}
    row = _row(context, now_is, now_is.call, names, muted=muted, consulting=consulting) if now_is.call else None
    state = _state(now_is)
    may_dial = context.allows("call:dial") and context.allows("customer:contact")
    return CallBar(
        state=state,
        since=now_is.since if now_is.presence is not Presence.OFFLINE else None,
        ready=now_is.presence is Presence.READY,
        offline=now_is.presence is Presence.OFFLINE,
        paused=now_is.presence is Presence.PAUSED,
        reachable=now_is.reachable,
        row=row,
        campaign=now_is.campaign,
        purpose=_purpose(context, now_is.campaign) if now_is.campaign else "",
        reference=now_is.reference,
        wrap_up=now_is.wrap_up,
        dispositions=_dispositions(now_is.wrap_up),
        pauses=[(pause.value, pause_label(pause.value)) for pause in PAUSES],
        queues=queue_choices(names, [one for one in now_is.queues if not now_is.call or one != now_is.call.queue]),
        colleagues=now_is.colleagues,
        may_dial=may_dial,
        dial=DialForm(purposes=living(context, clock.now()) if may_dial else []),
        said=_said(state, row),
    )


def _purpose(context: AccessContext, campaign: CallOfCampaign) -> str:
    names = {one.code: purpose_name(one) for one in living(context, clock.now())}
    return names.get(campaign.purpose, campaign.purpose)


def _dispositions(wrap_up: WrapUp | None) -> Sequence[tuple[str, str]]:
    language = get_language() or "en"
    return [(one.code, one.named(language)) for one in wrap_up.dispositions] if wrap_up else []


def pause_label(code: str) -> str:
    labels = {
        Pause.BREAK: _("Break"),
        Pause.LUNCH: _("Lunch"),
        Pause.TRAINING: _("Training"),
        Pause.MEETING: _("Meeting"),
        Pause.WRITING: _("Writing"),
        Pause.NOT_ANSWERED: _("a call was not answered"),
        Pause.REFUSED: _("a call was refused"),
        Pause.LOST: _("the telephone was lost"),
    }
    return labels.get(Pause(code), code) if code in set(Pause) else code


def _state(now_is: Moment) -> Mark:
    marks = {
        Presence.OFFLINE: Mark(_("Offline"), "plain", "phone"),
        Presence.READY: Mark(_("Ready"), "good", "check"),
        Presence.RINGING: Mark(_("It rings"), "accent", "phone"),
        Presence.TALKING: Mark(_("In a call"), "accent", "phone"),
        Presence.WRAP_UP: Mark(_("Wrap-up"), "warn", "note"),
        Presence.PAUSED: Mark(_("Paused"), "warn", "pause"),
    }
    mark = marks[now_is.presence]
    if now_is.presence is Presence.PAUSED and now_is.reason:
        return Mark(f"{mark.words}: {pause_label(now_is.reason)}", mark.tone, mark.icon)
    return mark


def _row(
    context: AccessContext,
    now_is: Moment,
    call: CallView,
    names: Mapping[str, str],
    *,
    muted: int | None,
    consulting: int | None,
) -> CallRow:
    in_hand = call.operator_id == context.operator_id
    offered = call.offered_to == context.operator_id
    speaking = in_hand and call.state in SPEAKING
    may_work = context.allows("conversation:work")
    return CallRow(
        call=call,
        title=_("A colleague asks you") if _asked(context, now_is, call) else _title(call),
        line=phone_text(call.line),
        queue=names.get(call.queue, call.queue),
        who=who_mark(call, now_is.how),
        named=has_name(call) and context.allows(SEARCH),
        asks_who=speaking and now_is.reference != "" and call.certainty is not Certainty.IDENTIFIED and may_work,
        recording=_recording(call) if speaking else None,
        since=(call.answered_at if speaking else call.queued_at) or call.began_at,
        # A call out needs no accepting: whoever dialled is brought by itself.
        ringing=offered and call.direction is Direction.IN,
        dialling=offered and call.direction is not Direction.IN,
        speaking=speaking,
        muted=speaking and muted == call.call_id,
        consulting=speaking and call.held and consulting == call.call_id,
    )


def _asked(context: AccessContext, now_is: Moment, call: CallView) -> bool:
    """The colleague who has the call speaks with this operator first; the caller waits."""
    rings = now_is.presence is Presence.RINGING
    return rings and context.operator_id not in {call.offered_to, call.operator_id} and call.operator_id is not None


def _title(call: CallView) -> str:
    if call.direction is Direction.OUT:
        return _("Outgoing call")
    return _("Callback") if call.direction is Direction.CALLBACK else _("Incoming call")


def has_name(call: CallView) -> bool:
    """Whose name is shown: of whoever was identified, and of whom we call. Never of whom a caller's number would be."""
    chosen = call.direction is not Direction.IN or call.certainty is Certainty.IDENTIFIED
    return chosen and call.customer_id is not None


def who_mark(call: CallView, how: How | None) -> Mark:
    """Who is calling, as far as it is known, and how it is: never more. Whom we call can't have forged the number, and
    somebody else may pick up.
    """
    if call.direction is not Direction.IN and call.certainty is Certainty.NUMBER_MATCHED:
        return Mark(_("Called at a number on file"), "plain", "phone")
    return {
        Certainty.UNIDENTIFIED: Mark(_("Unidentified"), "plain", "person"),
        Certainty.NUMBER_MATCHED: Mark(_("Number matched (can be forged)"), "warn", "warning"),
        Certainty.IDENTIFIED: Mark(how_label(how) if how else _("Identified"), "good", "check"),
    }[call.certainty]


def _recording(call: CallView) -> Mark:
    """The permanent mark of a call in hand. Where one voice is stored and another is not, it says so."""
    if not call.recorded or call.unrecorded in _NOBODY:
        return Mark(_("Not recorded, because %(why)s") % {"why": unrecorded_label(call.unrecorded)}, "plain", "stop")
    if call.paused:
        return Mark(_("Recording paused"), "warn", "pause")
    if call.held:
        return Mark(_("On hold: nothing is recorded"), "warn", "pause")
    if call.unrecorded:
        words = _("Recorded in part only, because %(why)s") % {"why": unrecorded_label(call.unrecorded)}
        return Mark(words, "warn", "warning")
    return Mark(_("Recording"), "bad", "record")


def unrecorded_label(code: str) -> str:
    """Why a call is not recorded, from the edge's word."""
    labels = {
        "": _("it has not begun yet"),
        "alone": _("it has not begun yet"),
        "off": _("this line is not recorded"),
        "no-consent": _("the caller did not agree"),
        "notice-not-heard": _("the notice was not heard to its end"),
        "agent-has-not-agreed": _("you have not agreed to be recorded"),
        "disk-full": _("the disk is full"),
        "disk": _("the disk failed"),
    }
    return labels.get(code, _("the exchange can't record it now"))


def _said(state: Mark, row: CallRow | None) -> str:
    if row is None:
        return state.words
    if row.ringing:
        return _("%(title)s. %(who)s. Queue %(queue)s.") % {
            "title": row.title,
            "who": row.who.words,
            "queue": row.queue,
        }
    return ". ".join(words for words in (state.words, row.recording.words if row.recording else "") if words)
