"""The agent's telephone: the page that holds its audio, the call bar of every desk page, and the verbs of a call."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import Explanation, Purpose
from trustdesk.decision.contracts import Channel, Outcome
from trustdesk.design.entrance import entered
from trustdesk.design.faults import fault_of, is_fragment
from trustdesk.design.standing import standing_of
from trustdesk.design.streams import streamed
from trustdesk.desk.calling import CONSULTING, MUTED, bar_of, has_name
from trustdesk.desk.calling_forms import ColleagueForm, DialForm, DigitsForm, PresenceForm, QueueForm
from trustdesk.desk.contact import living
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, NotFoundError, TrustdeskError
from trustdesk.live.contracts import Thing
from trustdesk.register import api as register
from trustdesk.switchboard import api as switchboard
from trustdesk.switchboard.contracts import PRESENCE, CallView, Verb
from trustdesk.telephony import api as telephony
from trustdesk.telephony.contracts import BrowserServer

LONGEST_OFFER = 65_536
_MICROPHONE = "camera=(), geolocation=(), microphone=(self), payment=(), usb=()"
_TOGETHER = frozenset({Verb.COMPLETE, Verb.CONFERENCE, Verb.BACK, Verb.LEAVE, Verb.HANG_UP})


@require_GET
@entered("call:take")
def phone(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """The window that holds the audio: the only page that may ask for the microphone."""
    answer = render(request, "desk/phone.html", {"bar": bar_of(request, context)})
    answer["Permissions-Policy"] = _MICROPHONE
    return answer


@require_GET
@entered("call:take")
def bar(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """The call bar, and the card of whoever is at the other end."""
    return _bar(request, context)


@require_GET
@entered("call:take")
def who(request: HttpRequest, context: AccessContext, call_id: int) -> HttpResponse:
    """The name of whoever was identified, or is called: one logged opening. Matches of a number are offered unnamed."""
    call = _check_mine(context, call_id)
    if call.customer_id is None or not has_name(call):
        raise NotFoundError(_("It is not known who speaks."), place="call", mend=_("Say who it is first."))
    hit = next(iter(register.offered(context, [call.customer_id])), None)
    return render(request, "desk/parts/caller_name.html", {"hit": hit})


@streamed("call:take")
def changes(_request: HttpRequest, context: AccessContext) -> list[Thing]:
    """Says when the operator's presence, or the call that rings or is in hand, has changed."""
    return [Thing(PRESENCE, context.operator_id)]


@require_GET
@entered("call:take")
def servers(_request: HttpRequest, _context: AccessContext) -> HttpResponse:
    """Whom the browser asks for a way out of its network, as its RTCPeerConnection takes it."""
    asked = telephony.browser_servers(now=clock.now())
    return JsonResponse({"iceServers": [_ice_server(one) for one in asked]})


@require_POST
@entered("call:take")
def attach(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """The browser's offer, our answer; what fails is told as words, for a script reads it."""
    offer = request.POST.get("offer", "")
    try:
        if not 0 < len(offer) <= LONGEST_OFFER:
            raise BadInputError(_("The offer can't be read."), place="offer", mend=_("Load the page again."))
        return JsonResponse({"sdp": switchboard.attach(context, offer=offer)})
    except TrustdeskError as error:
        fault = fault_of(error)
        return JsonResponse({"message": fault.message, "mend": fault.mend}, status=error.status)


@require_POST
@entered("call:take")
def detach(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """The audio is let go, where there ever was any."""
    if switchboard.my_presence(context) is not None:
        switchboard.detach(context)
    return _after(request, context)


@require_POST
@entered("call:take")
def presence(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """Ready, paused and why, or offline."""
    form = PresenceForm(request.POST)
    if not form.is_valid():
        raise BadInputError(_("Say whether you are ready, paused or offline."), place="state", mend=_("Choose one."))
    reason = form.cleaned_data["reason"]
    switchboard.set_presence(context, state=form.cleaned_data["state"], reason=reason.value if reason else "")
    return _after(request, context)


@require_POST
@entered("call:take")
def accept(request: HttpRequest, context: AccessContext, call_id: int) -> HttpResponse:
    """Take the call that rings."""
    _check_mine(context, call_id)
    switchboard.accept(context, call_id=call_id)
    return _after(request, context)


@require_POST
@entered("call:take")
def refuse(request: HttpRequest, context: AccessContext, call_id: int) -> HttpResponse:
    """Somebody else should take it."""
    _check_mine(context, call_id)
    switchboard.refuse(context, call_id=call_id)
    return _after(request, context)


@require_POST
@entered("call:take")
def deed(request: HttpRequest, context: AccessContext, call_id: int, verb: str) -> HttpResponse:
    """One verb upon the call in hand."""
    if verb not in set(Verb):
        raise NotFoundError(_("There is no such deed."), place="verb", mend=_("Load the page again."))
    _check_mine(context, call_id)
    chosen = Verb(verb)
    switchboard.deed(context, call_id=call_id, verb=chosen)
    if chosen is Verb.MUTE:
        request.session[MUTED] = call_id
    elif chosen is Verb.UNMUTE:
        request.session.pop(MUTED, None)
    elif chosen in _TOGETHER:
        request.session.pop(CONSULTING, None)
    return _after(request, context)


@require_POST
@entered("call:take")
def digits(request: HttpRequest, context: AccessContext, call_id: int) -> HttpResponse:
    """Keys to the other side."""
    _check_mine(context, call_id)
    form = DigitsForm(request.POST)
    if not form.is_valid():
        raise BadInputError(
            _("Only digits, star and hash can be sent."), place="digits", mend=_("Up to 32 of them at once.")
        )
    switchboard.send_digits(context, call_id=call_id, digits=form.cleaned_data["digits"])
    return _after(request, context)


@require_POST
@entered("call:take")
def requeue(request: HttpRequest, context: AccessContext, call_id: int) -> HttpResponse:
    """Give the caller to a queue: a blind transfer."""
    _check_mine(context, call_id)
    form = QueueForm(request.POST)
    if not form.is_valid():
        raise BadInputError(_("Say to which queue."), place="queue", mend=_("Choose one."))
    switchboard.requeue(context, call_id=call_id, queue=form.cleaned_data["queue"])
    return _after(request, context)


@require_POST
@entered("call:take")
def consult(request: HttpRequest, context: AccessContext, call_id: int) -> HttpResponse:
    """Speak to somebody else first: a colleague, or an outside number, which is cleared as any other."""
    _check_mine(context, call_id)
    colleague = ColleagueForm(request.POST)
    outside = DialForm(request.POST, purposes=living(context, clock.now()))
    if colleague.is_valid():
        switchboard.consult(context, call_id=call_id, operator_id=colleague.cleaned_data["operator"])
    elif outside.is_valid() and outside.cleaned_data["number"]:
        given = outside.cleaned_data
        switchboard.consult_outside(
            context, call_id=call_id, number=given["number"], purpose=given["purpose"], country=_country(request)
        )
    else:
        raise BadInputError(_("Say whom to ask."), place="number", mend=_("Choose a colleague, or type a number."))
    request.session[CONSULTING] = call_id
    return _after(request, context)


@require_POST
@entered("call:dial")
def dial(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """Call a number typed by hand; permitted or refused at this moment."""
    form = DialForm(request.POST, purposes=living(context, clock.now()))
    if not (form.is_valid() and form.cleaned_data["number"]):
        raise BadInputError(
            _("Say whom to call, and what for."), place="number", mend=_("Type a number and choose a purpose.")
        )
    given = form.cleaned_data
    switchboard.dial(context, purpose=given["purpose"], number=given["number"], country=_country(request))
    return _after(request, context)


@require_POST
@entered("call:dial")
def dial_value(request: HttpRequest, context: AccessContext, customer_id: int, value_id: int) -> HttpResponse:
    """Call a number of the customer's card."""
    form = DialForm(request.POST, purposes=living(context, clock.now()))
    if not form.is_valid():
        raise BadInputError(_("Say what the call is for."), place="purpose", mend=_("Choose a purpose."))
    switchboard.dial(context, purpose=form.cleaned_data["purpose"], customer_id=customer_id, value_id=value_id)
    return _after(request, context)


@require_GET
@entered("call:dial")
def ways(request: HttpRequest, context: AccessContext, customer_id: int, value_id: int) -> HttpResponse:
    """For what this number may be called now; closed doors say why. Nothing may be done on it: dialling asks anew."""
    clearance.point_kinds(context, customer_id)  # whom we can't see is not found, instead of undecided
    now = clock.now()
    asked = [(one, _explained(context, customer_id, one)) for one in living(context, now)]
    values = {
        "customer_id": customer_id,
        "value_id": value_id,
        "asked": [
            (purpose, explained.outcome is Outcome.PERMIT, next(iter(explained.lines), None))
            for purpose, explained in asked
        ],
    }
    return render(request, "desk/parts/phone_ways.html" if is_fragment(request) else "desk/phone_ways.html", values)


def _ice_server(server: BrowserServer) -> dict[str, str]:
    if not server.user:
        return {"urls": server.address}
    return {"urls": server.address, "username": server.user, "credential": server.password}


def _check_mine(context: AccessContext, call_id: int) -> CallView:
    """The call, if it rings at the operator's or is in the operator's hand; else NotFoundError."""
    call = switchboard.my_call(context)
    if call is None or call.call_id != call_id:
        raise NotFoundError(_("There is no such call."), place="call", mend=_("Load the page again."))
    return call


def _explained(context: AccessContext, customer_id: int, purpose: Purpose) -> Explanation:
    return clearance.explain(
        context, customer_id=customer_id, channel=Channel.CALL_HUMAN, purpose=purpose.code, at=clock.now()
    )


def _country(request: HttpRequest) -> str:
    chosen = standing_of(request)
    return chosen.country if chosen else ""


def _after(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """The bar as it now stands; without scripts the telephone's page, by a redirect that a reload does not repeat."""
    return _bar(request, context) if is_fragment(request) else redirect("desk:phone")


def _bar(request: HttpRequest, context: AccessContext) -> HttpResponse:
    return render(request, "desk/parts/callbar.html", {"bar": bar_of(request, context), "swap": True})
