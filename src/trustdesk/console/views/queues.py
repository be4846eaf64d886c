"""Queues and menus of the company."""

from collections.abc import Callable
from datetime import datetime

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from trustdesk.accounts import api as accounts
from trustdesk.announcements import api as announcements
from trustdesk.announcements.contracts import Kind
from trustdesk.console.answers import page
from trustdesk.console.call_forms import MenuForm, QueueForm
from trustdesk.design.entrance import entered
from trustdesk.design.queues import queue_names
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import TrustdeskError
from trustdesk.mandates.api import controller
from trustdesk.telephony import api as telephony
from trustdesk.telephony.contracts import MenuView, QueueView

MANAGE = "telephony:manage"
UNPROCESSABLE = 422


@require_GET
@entered("telephony:read")
def queues(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """All queues, open or closed just now; and the menus that lead to them."""
    now, held, names = clock.now(), telephony.queues(context), queue_names(context)
    values = {
        "rows": [
            (
                queue,
                names[queue.code],
                telephony.open_now(queue, now),
                _turns(queue, now),
                len(telephony.agents_for(context, queue.code)),
            )
            for queue in held
        ],
        "menus": [
            (menu, [(choice, names.get(choice.queue, choice.queue)) for choice in menu.choices])
            for menu in telephony.menus(context)
        ],
        "may_manage": context.allows(MANAGE),
    }
    return page(request, "console/queues.html", values, context=context)


@require_http_methods(["GET", "POST"])
@entered("telephony:read")
def new_queue(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """A queue that is not there yet."""
    return _queue(request, context, None)


@require_http_methods(["GET", "POST"])
@entered("telephony:read")
def queue(request: HttpRequest, context: AccessContext, code: str) -> HttpResponse:
    """One queue."""
    return _queue(request, context, telephony.queue(context, code))


@require_POST
@entered(MANAGE)
def remove_queue(request: HttpRequest, context: AccessContext, code: str) -> HttpResponse:
    """Taken away, with its skills."""
    accounts.check_elevated(request, MANAGE, now=clock.now())
    telephony.remove_queue(context, code=code, now=clock.now())
    messages.success(request, _("The queue is gone."))
    return redirect("console:queues")


@require_http_methods(["GET", "POST"])
@entered("telephony:read")
def new_menu(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """A menu that is not there yet."""
    return _menu(request, context, None)


@require_http_methods(["GET", "POST"])
@entered("telephony:read")
def menu(request: HttpRequest, context: AccessContext, code: str) -> HttpResponse:
    """One menu."""
    return _menu(request, context, telephony.menu(context, code))


@require_POST
@entered(MANAGE)
def remove_menu(request: HttpRequest, context: AccessContext, code: str) -> HttpResponse:
    """Taken away."""
    accounts.check_elevated(request, MANAGE, now=clock.now())
    telephony.remove_menu(context, code=code, now=clock.now())
    messages.success(request, _("The menu is gone."))
    return redirect("console:queues")


def _queue(request: HttpRequest, context: AccessContext, held: QueueView | None) -> HttpResponse:
    company = controller(context.controller_id)
    form = QueueForm(
        request.POST if request.method == "POST" else None,
        held=held,
        languages=company.languages,
        place=(company.time_zone, company.country),
        queues=telephony.queues(context),
        words=announcements.notices(context, kind=Kind.WORDS),
    )
    if request.method == "POST":
        _check(request, context)
        if form.is_valid() and _saved(
            form, lambda: telephony.save_queue(context, new=form.queue(), now=clock.now()), form.place_of
        ):
            messages.success(request, _("Saved. It counts from the next call on."))
            return redirect("console:queue", code=form.cleaned_data["code"])
    return _page(request, context, "console/queue.html", form, {"held": held, "regions": _regions(held)})


def _menu(request: HttpRequest, context: AccessContext, held: MenuView | None) -> HttpResponse:
    form = MenuForm(
        request.POST if request.method == "POST" else None,
        held=held,
        queues=telephony.queues(context),
        words=announcements.notices(context, kind=Kind.WORDS),
    )
    if request.method == "POST":
        _check(request, context)
        if form.is_valid() and _saved(
            form, lambda: telephony.save_menu(context, new=form.menu(), now=clock.now()), form.place_of
        ):
            messages.success(request, _("Saved. It counts from the next call on."))
            return redirect("console:menu", code=form.cleaned_data["code"])
    return _page(request, context, "console/menu.html", form, {"held": held, "queues": telephony.queues(context)})


def _check(request: HttpRequest, context: AccessContext) -> None:
    context.check_operation(MANAGE)
    accounts.check_elevated(request, MANAGE, now=clock.now())


def _saved(form: forms.Form, save: Callable[[], None], place_of: Callable[[str], str]) -> bool:
    """Whether it was; else the form says at its field why not."""
    try:
        save()
    except TrustdeskError as fault:
        place = place_of(fault.place)
        form.add_error(place if place in form.fields else None, f"{fault.message} {fault.mend}".strip())
        return False
    return True


def _regions(held: QueueView | None) -> str:
    return ", ".join(telephony.regions(held.country)) if held else ""


def _page(
    request: HttpRequest, context: AccessContext, template: str, form: forms.Form, values: dict[str, object]
) -> HttpResponse:
    shown = values | {
        "form": form,
        "may_manage": context.allows(MANAGE),
        "elevated_until": accounts.elevated_until(request, now=clock.now()),
    }
    return page(request, template, shown, context=context, status=UNPROCESSABLE if form.errors else 200)


def _turns(queue: QueueView, now: datetime) -> datetime | None:
    """When what holds now ends; None where it is open, or closed, for good."""
    return telephony.closes_at(queue, now) if telephony.open_now(queue, now) else telephony.next_opening(queue, now)
