"""The door: nobody passes unknown, and nobody with one factor only."""

from collections.abc import Callable

from allauth.account.authentication import get_authentication_records
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from trustdesk.accounts import enrolment

_MARK = "trustdesk_second_factor"

# What a session without a second factor may reach once a single-use link has opened it for setting one up.
_SETTING_UP = frozenset({"mfa_activate_totp", "mfa_add_webauthn", "accounts_second_factor"})
_ALWAYS = frozenset({"account_logout", "accounts_no_second_factor", "set_language"})


class DoorMiddleware(LoginRequiredMiddleware):
    """Closed by default: a view that needs no sign-in says so with Django's `login_not_required`.

    A request of htmx is not redirected: its page would land inside another. It gets 401 and the whole page goes.
    """

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[object, ...],
        view_kwargs: dict[str, object],
    ) -> HttpResponseBase | None:
        if not request.user.is_authenticated:
            return super().process_view(request, view_func, view_args, view_kwargs)
        if not getattr(view_func, "login_required", True) or used_second_factor(request):
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in _ALWAYS:
            return None
        if enrolment.is_open(request):
            return None if name in _SETTING_UP else redirect("accounts_second_factor")
        return redirect("accounts_no_second_factor")

    def handle_no_permission(  # type: ignore[override]  # 401 where a redirect would land inside a page
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponse:
        if request.headers.get("HX-Request") == "true":
            return HttpResponse(_("Your session has ended. Sign in."), status=401, headers={"HX-Refresh": "true"})
        return super().handle_no_permission(request, view_func)


def used_second_factor(request: HttpRequest) -> bool:
    """Whether the session proved a second factor: by using one, or by setting up its first."""
    if request.session.get(_MARK) == str(request.user.pk):
        return True
    records = get_authentication_records(request, request.user)
    return any(record.get("method") == "mfa" for record in records)


def mark_second_factor(request: HttpRequest) -> None:
    request.session[_MARK] = str(request.user.pk)
