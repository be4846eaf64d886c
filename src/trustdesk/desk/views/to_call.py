"""Campaigns in which an agent looks first: the next person, what is to be said, and the call."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from trustdesk.campaigns import api as campaigning
from trustdesk.design.contacting import purpose_name
from trustdesk.design.entrance import entered
from trustdesk.desk.call_words import spent
from trustdesk.desk.contact import living
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import TrustdeskError
from trustdesk.switchboard import api as switchboard


@require_GET
@entered("call:dial")
def to_call(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """Who asked to be called back, who is in hand, and the campaigns of the operator's queues. Nothing of a person is
    opened by it.
    """
    now = clock.now()
    held = campaigning.in_hand(context)
    names = {one.code: purpose_name(one) for one in living(context, now)}
    values = {
        "held": held,
        "purpose": names.get(held.purpose, held.purpose) if held else "",
        "campaigns": campaigning.to_call(context, now=now),
        "callbacks": [(one, spent(now - one.asked_at)) for one in switchboard.callbacks(context, now=now)],
        "may_dial": True,
    }
    return render(request, "desk/to_call.html", values)


@require_POST
@entered("call:dial")
def take(request: HttpRequest, context: AccessContext, campaign_id: int) -> HttpResponse:
    """The next person, to be looked at."""
    try:
        if campaigning.take(context, campaign_id=campaign_id, now=clock.now()) is None:
            messages.info(request, _("Nobody of this campaign may be called at this hour."))
    except TrustdeskError as fault:
        messages.error(request, f"{fault.message} {fault.mend}".strip())
    return redirect("desk:to-call")


@require_POST
@entered("call:dial")
def dial(request: HttpRequest, context: AccessContext, call_id: int) -> HttpResponse:
    """Press; permitted or refused at this moment."""
    try:
        campaigning.dial(context, call_id=call_id, now=clock.now())
    except TrustdeskError as fault:
        messages.error(request, f"{fault.message} {fault.mend}".strip())
        return redirect("desk:to-call")
    messages.success(request, _("It rings."))
    return redirect("desk:start")


@require_POST
@entered("call:dial")
def put_back(request: HttpRequest, context: AccessContext, call_id: int) -> HttpResponse:
    """Not called now: whoever takes the next one may get this person later."""
    try:
        campaigning.put_back(context, call_id=call_id, now=clock.now())
    except TrustdeskError as fault:
        messages.error(request, f"{fault.message} {fault.mend}".strip())
    else:
        messages.success(request, _("Put back. Nobody was called."))
    return redirect("desk:to-call")
