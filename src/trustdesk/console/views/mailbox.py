"""The mailbox for requests: set, tried, paused and taken away; how it stands, and what became of its letters."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from trustdesk.accounts import api as accounts
from trustdesk.console.answers import page
from trustdesk.console.mailbox_forms import MailboxForm
from trustdesk.console.mailbox_words import TONES, fault_words, reason_label, standing_of, taken_label
from trustdesk.design.entrance import entered
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import TrustdeskError
from trustdesk.rights import api as rights

WORK, MANAGE = "request:work", "delivery:manage"
UNPROCESSABLE = 422
SHOWN = 50


@require_GET
@entered(WORK, MANAGE)
def mailbox(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """How it stands, and its newest letters: what became of them, never what they say."""
    held = rights.mailbox(context)
    values: dict[str, object] = {"mailbox": held, "may_work": context.allows(WORK), **_managing(request, context)}
    if held is not None:
        values["standing"], values["tone"] = standing_of(held)
        values["trouble"], values["mend"] = fault_words(held.fault)
    values["letters"] = [
        (one, taken_label(one.taken), TONES[one.taken], reason_label(one.reason))
        for one in rights.letters_taken(context, limit=SHOWN)
    ]
    return page(request, "console/mailbox.html", values, context=context)


@never_cache
@require_http_methods(["GET", "POST"])
@entered(MANAGE)
def change_mailbox(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """Where it is and how one signs in; its password is never shown."""
    held = rights.mailbox(context)
    form = MailboxForm(request.POST if request.method == "POST" else None, held=held)
    if request.method == "POST":
        now = _check_elevated(request)
        if form.is_valid():
            try:
                rights.set_mailbox(context, new=form.mailbox(), now=now)
            except TrustdeskError as fault:
                form.refuse(fault)
            else:
                messages.success(request, _("Saved. Try it before you rely on it."))
                return redirect("console:mailbox")
    values = {"form": form, "held": held, **_managing(request, context)}
    return page(
        request, "console/change_mailbox.html", values, context=context, status=UNPROCESSABLE if form.errors else 200
    )


@require_POST
@entered(MANAGE, apart=True)
def try_mailbox(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """Reach it, sign in, and open its folder."""
    if not rights.try_mailbox(context, now=_check_elevated(request)).fault:
        messages.success(request, _("It answers, lets us in, and its folder is there. No letter was read."))
    return redirect("console:mailbox")


@require_POST
@entered(MANAGE)
def pause_mailbox(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """Read it no more for now."""
    rights.pause_mailbox(context, now=_check_elevated(request))
    return redirect("console:mailbox")


@require_POST
@entered(MANAGE)
def resume_mailbox(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """Read it again."""
    _check_elevated(request)
    rights.resume_mailbox(context)
    return redirect("console:mailbox")


@require_POST
@entered(MANAGE)
def remove_mailbox(request: HttpRequest, context: AccessContext) -> HttpResponse:
    """No mailbox is read any more."""
    _check_elevated(request)
    rights.remove_mailbox(context)
    messages.success(request, _("The mailbox is taken away. What lies in it stays there, and nobody reads it."))
    return redirect("console:mailbox")


def _managing(request: HttpRequest, context: AccessContext) -> dict[str, object]:
    may = context.allows(MANAGE)
    return {"may_manage": may, "elevated_until": accounts.elevated_until(request, now=clock.now()) if may else None}


def _check_elevated(request: HttpRequest) -> datetime:
    """An elevated session with its reason: what is set here says where people's letters are read. Gives the instant."""
    now = clock.now()
    accounts.check_elevated(request, MANAGE, now=now)
    return now
