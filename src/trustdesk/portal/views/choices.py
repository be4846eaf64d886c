"""The preference centre: a switch for every purpose and channel, and one that stops all advertising."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import NoticeKind
from trustdesk.identity.api import Visit
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError
from trustdesk.mandates.api import controller
from trustdesk.portal.choices import choices_of, stop_all, turn
from trustdesk.portal.door import visited
from trustdesk.portal.forms import SwitchForm
from trustdesk.portal.history import history
from trustdesk.portal.notices import notice_shown


@require_GET
@visited
def show(request: HttpRequest, context: AccessContext, visit: Visit) -> HttpResponse:
    """What was chosen, and since when."""
    company = controller(context.controller_id)
    held = choices_of(context, visit.customer_id, company, now=clock.now())
    notices = clearance.notices(context, kind=NoticeKind.CONSENT, version=held.notice_version)
    shown = {
        "company": company,
        "held": held,
        "visit": visit,
        "notice": notice_shown(notices, get_language() or "en") if held.notice_version else None,
        "history": history(context, visit.customer_id),
    }
    return render(request, "portal/choices.html", shown)


@require_POST
@visited
def switch(request: HttpRequest, context: AccessContext, visit: Visit) -> HttpResponse:
    """Turn one switch. It counts at once, on every channel and list."""
    form = SwitchForm(request.POST)
    if not form.is_valid():
        raise Http404
    now, company = clock.now(), controller(context.controller_id)
    held = choices_of(context, visit.customer_id, company, now=now)
    wanted = (form.cleaned_data["purpose"], form.cleaned_data["channel"])
    switches = {(each.purpose.code, each.channel.value): each for group in held.groups for each in group.switches}
    one = switches.get(wanted)
    if one is None:
        raise Http404
    try:
        turn(
            context,
            visit.customer_id,
            one,
            on=form.cleaned_data["on"],
            notice_version=held.notice_version,
            language=get_language() or "en",
            now=now,
        )
    except BadInputError as error:
        messages.error(request, f"{error.message} {error.mend}")
    else:
        messages.success(request, _("Saved. It counts from now on."))
    return redirect("portal:choices", company_id=company.id)


@require_POST
@visited
def stop(request: HttpRequest, context: AccessContext, visit: Visit) -> HttpResponse:
    """No advertising at all."""
    stop_all(context, visit.customer_id, now=clock.now())
    messages.success(request, _("Saved. You get no more advertising from us."))
    return redirect("portal:choices", company_id=context.controller_id)
