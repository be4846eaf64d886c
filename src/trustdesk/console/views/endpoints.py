"""Other systems that are called: made, their secrets changed, switched off and on; and how the calls went."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from trustdesk.accounts import api as accounts
from trustdesk.clearance import api as clearance
from trustdesk.console.answers import page
from trustdesk.console.delivery_forms import EndpointForm
from trustdesk.console.delivery_words import TONES, event_label, reason_label, state_label
from trustdesk.delivery import api as outbox
from trustdesk.delivery.contracts import NewSecret, Try
from trustdesk.design.entrance import entered
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError, TrustdeskError

UNPROCESSABLE = 422


@never_cache
@require_http_methods(["GET", "POST"])
@entered("delivery:read")
def endpoints(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """The list; the secret of a new one is shown once, on the answer to its making."""
    now = clock.now()
    form = EndpointForm(
        request.POST if request.method == "POST" else None,
        recipients=clearance.recipients(context),
        purposes=clearance.purposes(context),
    )
    made: NewSecret | None = None
    if request.method == "POST":
        context.check_operation("delivery:manage")
        accounts.check_elevated(request, "delivery:manage", now=now)
        if form.is_valid():
            try:
                made = outbox.create_endpoint(context, endpoint=form.endpoint(), now=now)
            except TrustdeskError as fault:
                place = fault.place if fault.place in form.fields else None
                form.add_error(place, f"{fault.message} {fault.mend}".strip())
    values = {
        "endpoints": [(one, reason_label(one.disabled_because)) for one in outbox.endpoints(context)],
        "form": form,
        "made": made,
        "may_manage": context.allows("delivery:manage"),
        "elevated_until": accounts.elevated_until(request, now=now),
    }
    return page(
        request, "console/endpoints.html", values, context=context, status=UNPROCESSABLE if form.errors else 200
    )


@require_GET
@entered("delivery:read")
def endpoint(request: HttpRequest, context: AccessContext, endpoint_id: int) -> HttpResponse:
    """One endpoint and the newest calls to it."""
    return _one(request, context, endpoint_id)


@never_cache
@require_POST
@entered("delivery:manage")
def rotate(request: HttpRequest, context: AccessContext, endpoint_id: int) -> HttpResponse:
    """A new secret, shown once; the old one is good for another day."""
    now = clock.now()
    accounts.check_elevated(request, "delivery:manage", now=now)
    made = outbox.rotate_secret(context, endpoint_id=endpoint_id, now=now)
    return _one(request, context, endpoint_id, made=made)


@require_POST
@entered("delivery:manage")
def disable(request: HttpRequest, context: AccessContext, endpoint_id: int) -> HttpResponse:
    """Call it no more."""
    now = clock.now()
    accounts.check_elevated(request, "delivery:manage", now=now)
    outbox.disable_endpoint(context, endpoint_id=endpoint_id, now=now)
    return redirect("console:endpoint", endpoint_id=endpoint_id)


@require_POST
@entered("delivery:manage")
def enable(request: HttpRequest, context: AccessContext, endpoint_id: int) -> HttpResponse:
    """Call it again."""
    accounts.check_elevated(request, "delivery:manage", now=clock.now())
    outbox.enable_endpoint(context, endpoint_id=endpoint_id)
    return redirect("console:endpoint", endpoint_id=endpoint_id)


def _one(
    request: HttpRequest, context: AccessContext, endpoint_id: int, *, made: NewSecret | None = None
) -> HttpResponse:
    now = clock.now()
    held = next((one for one in outbox.endpoints(context) if one.endpoint_id == endpoint_id), None)
    if held is None:
        raise NotFoundError("There is no such endpoint.", place="endpoint")
    calls = outbox.calls(context, endpoint_id=endpoint_id)
    values = {
        "endpoint": held,
        "made": made,
        "recipient": clearance.recipient(context, held.recipient_id).name,
        "events": [event_label(event) for event in held.events],
        "because": reason_label(held.disabled_because),
        "rotating": held.rotating_until is not None and held.rotating_until > now,
        "calls": [
            (call, event_label(call.event), state_label(call.state), TONES[call.state], _tries(tries))
            for call, tries in calls
        ],
        "may_manage": context.allows("delivery:manage"),
        "elevated_until": accounts.elevated_until(request, now=now),
    }
    return page(request, "console/endpoint.html", values, context=context)


def _tries(tries: Sequence[Try]) -> list[tuple[Try, str]]:
    return [(one, reason_label(one.reason)) for one in tries]
