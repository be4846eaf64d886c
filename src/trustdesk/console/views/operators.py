"""Operators and their seats: invited, disabled, recovered by two persons, given a place under a mandate."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from trustdesk.accounts import api as accounts
from trustdesk.accounts.contracts import SetupLink
from trustdesk.console.answers import page
from trustdesk.console.forms import InviteForm, SeatForm
from trustdesk.design.entrance import administered, operator_of
from trustdesk.design.faults import refused
from trustdesk.design.happenings import operator_name
from trustdesk.design.purposes import purpose_label, role_label
from trustdesk.kernel import clock
from trustdesk.kernel.errors import TrustdeskError
from trustdesk.mandates import api as mandates

UNPROCESSABLE = 422


@require_GET
@administered("operator:invite", "operator:recover", "seat:manage")
def operators(request: HttpRequest) -> HttpResponse:
    """Everyone who can sign in, and what waits for a second person."""
    return _list(request, InviteForm())


@never_cache
@require_POST
@administered("operator:invite")
def invite(request: HttpRequest) -> HttpResponse:
    """A new operator; the link is shown once, to be handed over."""
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _list(request, form, status=UNPROCESSABLE)
    given = form.cleaned_data
    try:
        link = accounts.invite(
            email=given["email"],
            name=given["name"],
            language=given["language"],
            installation_roles=given["roles"],
            by=operator_of(request),
            now=clock.now(),
        )
    except TrustdeskError as fault:
        refused(form, fault)
        return _list(request, form, status=UNPROCESSABLE)
    return _link(request, link)


@never_cache
@require_POST
@administered("operator:invite")
def invite_again(request: HttpRequest, operator_id: int) -> HttpResponse:
    """A fresh link for somebody who never finished."""
    return _link(request, accounts.invite_again(operator_id=operator_id, by=operator_of(request), now=clock.now()))


@require_POST
@administered("operator:disable")
def disable(request: HttpRequest, operator_id: int) -> HttpResponse:
    """Signs in no more; every open session ends."""
    accounts.disable(operator_id=operator_id, by=operator_of(request), now=clock.now())
    messages.success(request, _("Disabled. Every open session of this operator has ended."))
    return redirect("console:operator", operator_id=operator_id)


@require_POST
@administered("operator:disable")
def enable(request: HttpRequest, operator_id: int) -> HttpResponse:
    """May sign in again, with the factors kept."""
    accounts.enable(operator_id=operator_id, by=operator_of(request))
    messages.success(request, _("Enabled."))
    return redirect("console:operator", operator_id=operator_id)


@require_POST
@administered("operator:recover")
def recover(request: HttpRequest, operator_id: int) -> HttpResponse:
    """Ask that lost factors be replaced; a second person must approve."""
    accounts.recovery_request(operator_id=operator_id, by=operator_of(request), now=clock.now())
    messages.success(request, _("Asked. Nothing changes until another person approves."))
    return redirect("console:operators")


@never_cache
@require_POST
@administered("operator:recover")
def approve(request: HttpRequest, recovery_id: int) -> HttpResponse:
    """The second person's word: old factors die, a one-day link is given."""
    return _link(request, accounts.recovery_approve(recovery_id=recovery_id, by=operator_of(request), now=clock.now()))


@require_POST
@administered("operator:recover")
def withdraw(request: HttpRequest, recovery_id: int) -> HttpResponse:
    """Call a recovery off."""
    accounts.recovery_withdraw(recovery_id=recovery_id, by=operator_of(request), now=clock.now())
    messages.success(request, _("Called off."))
    return redirect("console:operators")


@require_http_methods(["GET"])
@administered("operator:invite", "operator:recover", "seat:manage")
def operator(request: HttpRequest, operator_id: int) -> HttpResponse:
    """One operator: state, seats, and what may be done."""
    return _one(request, operator_id)


@require_POST
@administered("seat:manage")
def give_seat(request: HttpRequest, operator_id: int) -> HttpResponse:
    """A place under a mandate, for some of its purposes."""
    now, by = clock.now(), operator_of(request)
    form = SeatForm(request.POST, companies=mandates.mandates_to_fill(by=by, now=now))
    if not form.is_valid():
        return _one(request, operator_id, form=form, status=UNPROCESSABLE)
    controller_id, mandate_id = form.cleaned_data["mandate"]
    try:
        mandates.give_seat(
            controller_id=controller_id,
            mandate_id=mandate_id,
            operator_id=operator_id,
            role=form.cleaned_data["role"],
            purposes=form.cleaned_data["purposes"],
            starts_at=now,
            ends_at=form.ends_at(),
            by=by,
            now=now,
        )
    except TrustdeskError as fault:
        refused(form, fault)
        return _one(request, operator_id, form=form, status=UNPROCESSABLE)
    messages.success(request, _("The seat is given."))
    return redirect("console:operator", operator_id=operator_id)


@require_POST
@administered("seat:manage")
def end_seat(request: HttpRequest, operator_id: int, seat_id: int) -> HttpResponse:
    """The operator's next request finds it gone."""
    now, by = clock.now(), operator_of(request)
    for company, seat in mandates.seats_of(operator_id, by=by, now=now):
        if seat.id == seat_id:
            mandates.end_seat(controller_id=company.id, seat_id=seat_id, by=by, now=now)
            messages.success(request, _("The seat has ended."))
    return redirect("console:operator", operator_id=operator_id)


def _list(request: HttpRequest, form: InviteForm, *, status: int = 200) -> HttpResponse:
    now = clock.now()
    recoveries = accounts.open_recoveries()
    found = accounts.operators()
    names = {one.id: one.name for one in found}
    values = {
        "operators": found,
        "form": form,
        "recoveries": [
            (one, operator_name(names, one.operator_id), operator_name(names, one.requested_by), one.expires_at <= now)
            for one in recoveries
        ],
        "me": operator_of(request),
        "held": request.installation,  # type: ignore[attr-defined]
        "enough": accounts.recovery_persons() > 1,
        "elevated_until": accounts.elevated_until(request, now=now),
    }
    return page(request, "console/operators.html", values, status=status)


def _one(request: HttpRequest, operator_id: int, *, form: SeatForm | None = None, status: int = 200) -> HttpResponse:
    now, by = clock.now(), operator_of(request)
    held: frozenset[str] = request.installation  # type: ignore[attr-defined]
    manages = "seat:manage" in held
    held_mandates = mandates.every_mandate(by=by, now=now) if manages else []
    under = {mandate.id: mandate.processor_name for _company, mandate in held_mandates}
    values = {
        "operator": accounts.operator(operator_id),
        "form": form or (SeatForm(companies=mandates.mandates_to_fill(by=by, now=now)) if manages else None),
        "seats": [
            (
                company,
                seat,
                role_label(seat.role),
                [purpose_label(one) for one in seat.purposes],
                under.get(seat.mandate_id) or _("Own staff"),
            )
            for company, seat in (mandates.seats_of(operator_id, by=by, now=now) if manages else [])
        ],
        "me": by,
        "held": held,
        "now": now,
        "elevated_until": accounts.elevated_until(request, now=now),
    }
    return page(request, "console/operator.html", values, status=status)


def _link(request: HttpRequest, link: SetupLink) -> HttpResponse:
    return page(
        request,
        "console/link.html",
        {
            "link": link,
            "address": request.build_absolute_uri(link.path),
            "operator": accounts.operator(link.operator_id),
        },
    )
