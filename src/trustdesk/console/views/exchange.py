"""The exchange of the installation: phones, trunks, and how the edge stands in the network."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from trustdesk.accounts import api as accounts
from trustdesk.console.answers import page
from trustdesk.console.exchange_forms import EdgeForm, PhoneForm, TrunkForm
from trustdesk.design.entrance import administered, operator_of
from trustdesk.design.faults import refused
from trustdesk.kernel import clock
from trustdesk.kernel.errors import NotFoundError, TrustdeskError
from trustdesk.telephony import api as telephony
from trustdesk.telephony.contracts import PhoneSecret, TrunkView

MANAGE = "telephony:manage"
UNPROCESSABLE = 422


@never_cache
@require_http_methods(["GET", "POST"])
@administered(MANAGE)
def phones(request: HttpRequest) -> HttpResponse:
    """All SIP phones; the password of a new one is shown once, on the answer to its making."""
    operators = accounts.operators()
    form = PhoneForm(request.POST if request.method == "POST" else None, operators=operators)
    made: PhoneSecret | None = None
    if request.method == "POST" and form.is_valid():
        try:
            made = telephony.add_phone(
                user=form.cleaned_data["user"],
                label=form.cleaned_data["label"],
                operator_id=form.operator_id(),
                by=operator_of(request),
                now=clock.now(),
                sha256=form.cleaned_data["sha256"],
            )
        except TrustdeskError as fault:
            refused(form, fault)
    return _phones(request, form, made)


@never_cache
@require_POST
@administered(MANAGE)
def reset_phone(request: HttpRequest, phone_id: int) -> HttpResponse:
    """A new password, shown once."""
    made = telephony.reset_phone(phone_id=phone_id, by=operator_of(request), now=clock.now())
    return _phones(request, PhoneForm(operators=accounts.operators()), made)


@require_POST
@administered(MANAGE)
def remove_phone(request: HttpRequest, phone_id: int) -> HttpResponse:
    """It registers no more."""
    telephony.remove_phone(phone_id=phone_id, by=operator_of(request), now=clock.now())
    messages.success(request, _("The phone is gone: it registers no more."))
    return redirect("console:phones")


@require_http_methods(["GET", "POST"])
@administered(MANAGE)
def trunks(request: HttpRequest) -> HttpResponse:
    """All trunks, and a new one."""
    return _trunk(request, None)


@require_http_methods(["GET", "POST"])
@administered(MANAGE)
def trunk(request: HttpRequest, trunk_id: int) -> HttpResponse:
    """One trunk."""
    held = next((one for one in telephony.trunks(by=operator_of(request)) if one.trunk_id == trunk_id), None)
    if held is None:
        raise NotFoundError(_("There is no such trunk."), place="trunk")
    return _trunk(request, held)


@require_POST
@administered(MANAGE)
def remove_trunk(request: HttpRequest, trunk_id: int) -> HttpResponse:
    """No call comes over it any more, and none goes."""
    telephony.remove_trunk(trunk_id=trunk_id, by=operator_of(request), now=clock.now())
    messages.success(request, _("The trunk is gone."))
    return redirect("console:trunks")


@require_http_methods(["GET", "POST"])
@administered(MANAGE)
def edge(request: HttpRequest) -> HttpResponse:
    """How the exchange stands in the network."""
    form = EdgeForm(request.POST if request.method == "POST" else None, held=telephony.edge_settings())
    if request.method == "POST" and form.is_valid():
        try:
            telephony.set_edge(new=form.edge(), by=operator_of(request), now=clock.now())
        except TrustdeskError as fault:
            place = form.place_of(fault.place)
            form.add_error(place if place in form.fields else None, f"{fault.message} {fault.mend}".strip())
        else:
            messages.success(request, _("Saved. The exchange takes it up at once; calls that stand go on."))
            return redirect("console:edge")
    return _page(request, "console/edge.html", form, {})


def _phones(request: HttpRequest, form: PhoneForm, made: PhoneSecret | None) -> HttpResponse:
    held = telephony.phones(by=operator_of(request))
    names = accounts.names({phone.operator_id for phone in held})
    rows = [(phone, names.get(phone.operator_id, "")) for phone in held]
    return _page(request, "console/phones.html", form, {"rows": rows, "made": made, "edge": telephony.edge_settings()})


def _trunk(request: HttpRequest, held: TrunkView | None) -> HttpResponse:
    form = TrunkForm(request.POST if request.method == "POST" else None, held=held)
    if request.method == "POST" and form.is_valid():
        try:
            trunk_id = telephony.save_trunk(
                trunk_id=held.trunk_id if held else None,
                new=form.trunk(),
                by=operator_of(request),
                now=clock.now(),
            )
        except TrustdeskError as fault:
            refused(form, fault)
        else:
            messages.success(request, _("Saved. The exchange takes it up at once."))
            return redirect("console:trunk", trunk_id=trunk_id)
    values: dict[str, object] = {"held": held, "rows": telephony.trunks(by=operator_of(request))}
    return _page(request, "console/trunks.html", form, values)


def _page(request: HttpRequest, template: str, form: object, values: dict[str, object]) -> HttpResponse:
    errors = getattr(form, "errors", None)
    shown = values | {"form": form, "elevated_until": accounts.elevated_until(request, now=clock.now())}
    return page(request, template, shown, status=UNPROCESSABLE if errors else 200)
