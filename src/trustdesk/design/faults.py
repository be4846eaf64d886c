"""Expected failures as people see them: what happened, what was kept, what to do; a page or a fragment of it."""

from dataclasses import dataclass

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from trustdesk.kernel.errors import TrustdeskError


@dataclass(frozen=True, slots=True)
class Fault:
    """The three things a person needs, and how grave it looks."""

    title: str
    message: str
    mend: str
    place: str
    tone: str
    icon: str


def fault_of(error: TrustdeskError) -> Fault:
    # Messages of the domain are marked for translation where they are raised, as constants.
    message, mend = _(error.message) if error.message else "", _(error.mend) if error.mend else ""
    titles = {
        "bad-input": (_("This can't be taken as it is"), "warn", "warning"),
        "refused": (_("This door is closed"), "warn", "lock"),
        "not-found": (_("Nothing to see here"), "accent", "search"),
        "conflict": (_("Not possible as things stand"), "warn", "warning"),
        "seal-broken": (_("This value does not open"), "bad", "seal-broken"),
    }
    title, tone, icon = titles.get(error.code, (_("That did not work"), "bad", "stop"))
    return Fault(title, message, mend, error.place, tone, icon)


def answer(request: HttpRequest, fault: Fault, status: int) -> HttpResponse:
    """The fault as a page, or as a fragment where htmx asked."""
    if is_fragment(request):
        words = render_to_string("design/parts/fault.html", {"fault": fault}, request)
        return HttpResponse(words, status=status, headers={"HX-Retarget": "#refusal", "HX-Reswap": "innerHTML"})
    return HttpResponse(render_to_string(_pages(request), {"fault": fault}, request), status=status)


def _pages(request: HttpRequest) -> list[str]:
    """A surface's own page for what failed, where it has one: a customer of a company is not told of a desk."""
    surface = request.resolver_match.app_name if request.resolver_match else ""
    return [f"{surface}/error.html", "design/error.html"] if surface else ["design/error.html"]


def is_fragment(request: HttpRequest) -> bool:
    """Htmx wants only its part of the page. A history request wants the whole page again."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-History-Restore-Request") != "true"


def refused(form: forms.Form, fault: TrustdeskError) -> None:
    """What was refused, beside the field it speaks of."""
    form.add_error(fault.place if fault.place in form.fields else None, f"{_(fault.message)} {fault.mend}".strip())


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django passes it
    """handler404"""
    mend = _("Check the address, or start from the desk.")
    fault = Fault(_("Nothing to see here"), _("There is no such page."), mend, "", "accent", "search")
    return answer(request, fault, 404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django passes it
    """handler403"""
    mend = _("Ask the supervisor for the role, or choose another purpose.")  # the kernel's words too: it marks none
    return answer(request, Fault(_("This door is closed"), _("You may not do this."), mend, "", "warn", "lock"), 403)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django passes it
    """CSRF_FAILURE_VIEW"""
    message = _("The page was too old, or the request came from elsewhere. Nothing was changed.")
    fault = Fault(_("This door is closed"), message, _("Load the page again and repeat."), "", "warn", "lock")
    return answer(request, fault, 403)


def broken(request: HttpRequest) -> HttpResponse:
    """handler500. Says nothing of the cause: that is in the server's log."""
    message = _("An error on our side. What was saved before is kept; this step was undone as a whole.")
    fault = Fault(
        _("That did not work"),
        message,
        _("Try again; if it stays, tell your administrator when it happened."),
        "",
        "bad",
        "stop",
    )
    return answer(request, fault, 500)
