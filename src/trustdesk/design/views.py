"""The living page, a person's preferences, and the choice of company and purpose."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required, login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from trustdesk.accounts import api as accounts
from trustdesk.design import entrance, specimens, standing
from trustdesk.design.entrance import operator_of
from trustdesk.design.purposes import purpose_label, purpose_term, role_label
from trustdesk.design.surface import KEYS, KEYS_COOKIE, THEME_COOKIE, THEMES, first_page
from trustdesk.kernel import clock
from trustdesk.kernel.errors import RefusedError
from trustdesk.mandates import api as mandates
from trustdesk.mandates.contracts import Choice

YEAR = 365 * 24 * 3600


@login_not_required
@require_GET
def living(request: HttpRequest) -> HttpResponse:
    """Every component in every state, both themes: /design/."""
    return render(request, "design/living.html", specimens.context(clock.now()))


@login_not_required
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Language, appearance, keys: cookies of the browser, nothing about the person is stored."""
    response = redirect(_own_address(request, request.POST.get("next", "/")))
    choices = (
        ("theme", THEME_COOKIE, THEMES),
        ("keys", KEYS_COOKIE, KEYS),
        ("language", settings.LANGUAGE_COOKIE_NAME, dict(settings.LANGUAGES)),
    )
    for name, cookie, allowed in choices:
        wanted = request.POST.get(name)
        if wanted is not None and wanted in allowed:
            response.set_cookie(cookie, wanted, max_age=YEAR, samesite="Lax", secure=request.is_secure(), httponly=True)
    return response


class ChoiceForm(forms.Form):
    controller_id = forms.IntegerField()
    mandate_id = forms.IntegerField()
    purpose = forms.CharField(max_length=200)


@login_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The start: to where the operator works, else to the choice."""
    chosen = standing.standing_of(request)
    if chosen is None:
        return redirect("design:choose")
    return redirect(first_page(entrance.enter(request, chosen).operations))


@login_required
@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """For whom and why."""
    now = clock.now()
    choices = mandates.choices(operator_of(request), accounts.session_id(request), now=now)
    if request.method == "POST":
        return _take(request, choices, now)
    offers = [Offer.of(choice) for choice in choices]
    request.installation = accounts.installation_operations(operator_of(request))  # type: ignore[attr-defined]
    return render(request, "design/choose.html", {"offers": offers})


@dataclass(frozen=True, slots=True)
class Offer:
    """A company with the purposes one may have there."""

    choice: Choice
    role: str
    purposes: Sequence[tuple[str, str, str]]

    @classmethod
    def of(cls, choice: Choice) -> "Offer":
        # In the order of the list of purposes: answering customers comes first.
        ordered = [purpose for purpose in mandates.PURPOSES if purpose in choice.purposes]
        purposes = [(purpose, purpose_label(purpose), purpose_term(purpose)) for purpose in ordered]
        return cls(choice, role_label(choice.role), purposes)


def _take(request: HttpRequest, choices: Sequence[Choice], now: datetime) -> HttpResponse:
    form = ChoiceForm(request.POST)
    if not form.is_valid():
        raise RefusedError(
            "This company and purpose can't be chosen.", place="choose", mend="Choose one of those offered."
        )
    wanted = form.cleaned_data
    context = mandates.choose(
        operator_of(request),
        accounts.session_id(request),
        controller_id=wanted["controller_id"],
        mandate_id=wanted["mandate_id"],
        purpose=wanted["purpose"],
        now=now,
    )
    for choice in choices:
        if (choice.controller.id, choice.mandate_id) == (context.controller_id, context.mandate_id):
            standing.take(request, _standing(choice, context.purpose))
    return redirect(first_page(context.operations))


def _standing(choice: Choice, purpose: str) -> standing.Standing:
    return standing.Standing(
        controller_id=choice.controller.id,
        mandate_id=choice.mandate_id,
        purpose=purpose,
        controller=choice.controller.name,
        country=choice.controller.country,
        time_zone=choice.controller.time_zone,
    )


def _own_address(request: HttpRequest, wanted: str) -> str:
    """Only an address of ours: a form must not send anyone elsewhere."""
    own = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None, require_https=request.is_secure())
    return wanted if own and wanted.startswith("/") else "/"
