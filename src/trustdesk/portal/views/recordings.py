"""The caller's own copy: by the reference during a visit, or by a link that was sent. Free, and each hearing logged."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from trustdesk.design import sounding
from trustdesk.design.recorded import played
from trustdesk.identity.api import Visit
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError, RefusedError, ThrottledError
from trustdesk.kernel.ids import to_public
from trustdesk.mandates.api import controller
from trustdesk.portal.door import company_of, count, private, visited
from trustdesk.portal.forms import RecordingForm
from trustdesk.recordings import api as recordings
from trustdesk.recordings.contracts import Listening

UNPROCESSABLE = 422
FILE = "call.wav"


@require_http_methods(["GET", "POST"])
@visited
def mine(request: HttpRequest, context: AccessContext, visit: Visit) -> HttpResponse:
    """The reference, then the players. The answer is the same whether it is another's, or nobody's."""
    company = controller(context.controller_id)
    form = RecordingForm(request.POST if request.method == "POST" else None)
    listening, status = None, UNPROCESSABLE if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        listening, status = _mine(request, context, visit, form)
    days = recordings.copy_days(context, customer_id=visit.customer_id)
    shown: dict[str, object] = {"company": company, "listening": listening, "form": form, "copy_days": days}
    if listening is not None:
        shown["played"] = played(
            listening,
            lambda call_id: reverse("portal:hear", args=[company.id, listening.listening_id, call_id]),
            download=lambda call_id: (
                reverse("portal:hear", args=[company.id, listening.listening_id, call_id]) + "?download=yes"
            ),
        )
    return render(request, "portal/recordings.html", shown, status=status)


@require_GET
@visited
def hear(
    request: HttpRequest,
    context: AccessContext,
    visit: Visit,  # noqa: ARG001 - the door's; whose recording it is, the listening knows
    listening_id: int,
    call_id: int,
) -> HttpResponseBase:
    """A call's sound, or the part that is asked for."""
    return sounding.audio(
        request, context, listening_id=listening_id, call_id=call_id, name=FILE, download="download" in request.GET
    )


@login_not_required
@require_http_methods(["GET", "POST"])
def sent(request: HttpRequest, company_id: int, token: str) -> HttpResponseBase:
    """A link by itself opens nothing: mail programs follow it too. The button does."""
    company = company_of(company_id)
    count(request, "copy")
    now = clock.now()
    try:
        context, copy = recordings.copy_by_link(company_id, token=token, now=now)
        listening = recordings.play_copy(context, copy=copy, now=now) if request.method == "POST" else None
    except NotFoundError as error:
        refused = {"company": company, "error": error, "again": _("To my page")}
        return private(render(request, "portal/refused.html", refused, status=404))
    shown: dict[str, object] = {"company": company, "listening": listening, "copy": copy}
    if listening is not None:

        def address(call_id: int) -> str:
            return reverse("portal:hear-copy", args=[company.id, token, listening.listening_id, call_id])

        shown["played"] = played(listening, address, download=lambda call_id: address(call_id) + "?download=yes")
    with timezone.override(company.time_zone):
        return private(render(request, "portal/copy.html", shown))


@login_not_required
@require_GET
def hear_sent(request: HttpRequest, company_id: int, token: str, listening_id: int, call_id: int) -> HttpResponseBase:
    """A call's sound, for who holds the link."""
    company_of(company_id)
    context, _copy = recordings.copy_by_link(company_id, token=token, now=clock.now())
    return private(
        sounding.audio(
            request, context, listening_id=listening_id, call_id=call_id, name=FILE, download="download" in request.GET
        )
    )


def _mine(
    request: HttpRequest, context: AccessContext, visit: Visit, form: RecordingForm
) -> tuple[Listening | None, int]:
    """What may be heard, or why not: in the form, in a customer's words, with its status."""
    count(request, "recordings")
    try:
        found = recordings.own_copy(
            context,
            customer_id=visit.customer_id,
            value_id=visit.value_id,
            digits=form.cleaned_data["reference"],
            asker=f"visit {to_public(visit.customer_id)}",
            now=clock.now(),
        )
    except ThrottledError as throttled:
        form.add_error(
            "reference",
            _(
                "References under which there is nothing for you were tried too often."
                " Wait a quarter of an hour, or ask us."
            ),
        )
        return None, throttled.status
    except NotFoundError:
        form.add_error(
            "reference", _("Under this reference there is nothing for you to hear. Look at the digits again.")
        )
    except RefusedError as refused:
        form.add_error(None, f"{refused.message} {refused.mend}".strip())
    else:
        return found, 200
    return None, UNPROCESSABLE
