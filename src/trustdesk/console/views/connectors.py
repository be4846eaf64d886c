"""Connected systems: declared, tried, paused and taken away; what was done there; a dry run for one customer."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from trustdesk.accounts import api as accounts
from trustdesk.console.answers import page
from trustdesk.console.connector_forms import FORMS, WhoForm
from trustdesk.console.connector_words import (
    TONES,
    fate_label,
    fault_words,
    kind_label,
    kind_words,
    place_of,
    standing_of,
    state_label,
    verb_label,
)
from trustdesk.design.entrance import entered
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError, TrustdeskError
from trustdesk.kernel.ids import from_public
from trustdesk.outside import api as outside
from trustdesk.outside.contracts import ConnectorView, Kind
from trustdesk.register import api as register

MANAGE, WORK = "connector:manage", "connector:work"
UNPROCESSABLE = 422


@require_GET
@entered(WORK, MANAGE)
def connectors(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """All of them, and the kinds there are."""
    values = {
        "systems": [
            (one, kind_label(one.kind), *standing_of(one), fault_words(one.fault)[0])
            for one in outside.connectors(context)
        ],
        "kinds": [(kind, kind_label(kind), kind_words(kind)) for kind in Kind],
        **_managing(request, context),
    }
    return page(request, "console/connectors.html", values, context=context)


@require_GET
@entered(WORK, MANAGE)
def connector(request: HttpRequest, context: AccessContext, connector_id: int) -> HttpResponse:
    """One of them: how it stands, and what was asked of it."""
    held = outside.connector(context, connector_id)
    label, tone = standing_of(held)
    trouble, mend = fault_words(held.fault)
    values = {
        "system": held,
        "kind": kind_label(held.kind),
        "place": place_of(held),
        "standing": label,
        "tone": tone,
        "trouble": trouble,
        "mend": mend,
        "runs": [
            (one, verb_label(one.verb), state_label(one.state), TONES[one.state], fault_words(one.fault)[0])
            for one in outside.runs(context, connector_id=connector_id)
        ],
        "may_try": context.allows(WORK) and context.allows("customer:open"),
        **_managing(request, context),
    }
    return page(request, "console/connector.html", values, context=context)


@never_cache
@require_http_methods(["GET", "POST"])
@entered(MANAGE)
def new_connector(request: HttpRequest, context: AccessContext, kind: str) -> HttpResponse:
    """A new one of a kind."""
    if kind not in set(Kind):
        raise NotFoundError(_("There is no such kind of system."), place="kind")
    return _changed(request, context, Kind(kind), None)


@never_cache
@require_http_methods(["GET", "POST"])
@entered(MANAGE)
def change_connector(request: HttpRequest, context: AccessContext, connector_id: int) -> HttpResponse:
    """What is declared of one; its secret is never shown."""
    held = outside.connector(context, connector_id)
    return _changed(request, context, held.kind, held)


@require_POST
@entered(MANAGE, apart=True)
def try_connector(request: HttpRequest, context: AccessContext, connector_id: int) -> HttpResponse:
    """Reach it, sign in, and see that everything declared is there."""
    now = _check_elevated(request)
    tried = outside.try_connector(context, connector_id=connector_id, now=now)
    if tried.fault is None:
        messages.success(request, _("It answers, and everything that is declared is there."))
    return redirect("console:connector", connector_id=connector_id)


@require_POST
@entered(MANAGE)
def pause_connector(request: HttpRequest, context: AccessContext, connector_id: int) -> HttpResponse:
    """Reach it no more for now."""
    outside.pause_connector(context, connector_id=connector_id, now=_check_elevated(request))
    return redirect("console:connector", connector_id=connector_id)


@require_POST
@entered(MANAGE)
def resume_connector(request: HttpRequest, context: AccessContext, connector_id: int) -> HttpResponse:
    """Reach it again."""
    _check_elevated(request)
    outside.resume_connector(context, connector_id=connector_id)
    return redirect("console:connector", connector_id=connector_id)


@require_POST
@entered(MANAGE)
def remove_connector(request: HttpRequest, context: AccessContext, connector_id: int) -> HttpResponse:
    """It is the company's no longer."""
    _check_elevated(request)
    outside.remove_connector(context, connector_id=connector_id)
    messages.success(request, _("The system is taken away; erasures wait for it no more."))
    return redirect("console:connectors")


@never_cache
@require_http_methods(["GET", "POST"])
@entered(WORK, apart=True)
def dry_run(request: HttpRequest, context: AccessContext, connector_id: int) -> HttpResponse:
    """What an erasure of one customer would do there: the customer is looked up by what is typed, then looked for."""
    context.check_operation("customer:open")
    form = WhoForm(request.POST if "who" in request.POST else None)
    values: dict[str, object] = {"system": outside.connector(context, connector_id), "form": form}
    if "customer" in request.POST:
        values |= _looked(context, connector_id, from_public(request.POST["customer"]))
    elif form.is_bound and form.is_valid():
        values |= {"asked": True, "hits": register.search(context, form.cleaned_data["who"], limit=10).rows}
    return page(request, "console/dry_run.html", values, context=context, status=UNPROCESSABLE if form.errors else 200)


def _looked(context: AccessContext, connector_id: int, customer_id: int) -> dict[str, object]:
    now = clock.now()
    person = outside.person_of(context, customer_id=customer_id, connector_id=connector_id)
    shown = outside.preview(context, connector_id=connector_id, person=person, now=now)
    trouble, mend = fault_words(shown.receipt.fault)
    return {
        "preview": shown,
        "trouble": trouble,
        "mend": mend,
        "places": [
            (count, fate_label(shown.fates[count.place]), [one for one in shown.samples if one.place == count.place])
            for count in shown.receipt.counts
        ],
    }


def _changed(request: HttpRequest, context: AccessContext, kind: Kind, held: ConnectorView | None) -> HttpResponse:
    form = FORMS[kind](request.POST if request.method == "POST" else None, held=held)
    if request.method == "POST":
        now = _check_elevated(request)
        if form.is_valid():
            try:
                connector_id = outside.save_connector(
                    context, connector_id=held.connector_id if held else None, new=form.system(), now=now
                )
            except TrustdeskError as fault:
                form.refuse(fault)
            else:
                messages.success(request, _("Saved. Try it before you rely on it."))
                return redirect("console:connector", connector_id=connector_id)
    values = {"form": form, "held": held, "kind": kind_label(kind), **_managing(request, context)}
    return page(
        request, "console/change_connector.html", values, context=context, status=UNPROCESSABLE if form.errors else 200
    )


def _managing(request: HttpRequest, context: AccessContext) -> dict[str, object]:
    may = context.allows(MANAGE)
    return {"may_manage": may, "elevated_until": accounts.elevated_until(request, now=clock.now()) if may else None}


def _check_elevated(request: HttpRequest) -> datetime:
    """An elevated session with its reason: what is declared here says where persons are told. Gives the instant."""
    now = clock.now()
    accounts.check_elevated(request, MANAGE, now=now)
    return now
