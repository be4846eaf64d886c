"""The pages around signing in that django-allauth does not have."""

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.mfa.adapter import get_adapter as get_factor_adapter
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from trustdesk.accounts import enrolment
from trustdesk.accounts.forms import ElevateForm, PasswordForm
from trustdesk.accounts.models import Operator
from trustdesk.accounts.services import elevation, links, operators
from trustdesk.kernel import clock
from trustdesk.kernel.errors import TrustdeskError

_LINK = "trustdesk_link"


@login_not_required
@never_cache
@require_GET
def start(request: HttpRequest, secret: str) -> HttpResponse:
    """The link itself: its secret moves into the session, so that it stands in no address, history or referrer."""
    request.session[_LINK] = secret
    return redirect("accounts_accept")


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def accept(request: HttpRequest) -> HttpResponse:
    """Choose a password; then the second factor."""
    secret = str(request.session.get(_LINK, ""))
    try:
        link = links.check_usable(secret, now=clock.now())
    except TrustdeskError as error:
        return render(request, "accounts/refused.html", {"error": error}, status=error.status)
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operator_id = operators.accept(secret, password=form.cleaned_data["password"], now=clock.now())
        except TrustdeskError as error:
            form.add_error("password" if error.place == "password" else None, error.message)
        else:
            request.session.flush()
            get_adapter(request).login(request, Operator.objects.get(id=operator_id))
            enrolment.begin(request)
            return redirect("accounts_second_factor")
    return render(request, "accounts/accept.html", {"form": form, "kind": link.kind, "name": link.operator.name})


@never_cache
@require_GET
def second_factor(request: HttpRequest) -> HttpResponse:
    """Choose which second factor to set up."""
    return render(request, "accounts/second_factor.html")


@never_cache
@require_GET
def no_second_factor(request: HttpRequest) -> HttpResponse:
    """Signed in with one factor, and none to ask for: only a new link helps."""
    return render(request, "accounts/no_second_factor.html", status=403)


@never_cache
@require_http_methods(["GET", "POST"])
@reauthentication_required  # type: ignore[untyped-decorator]  # untyped library
def elevate(request: HttpRequest) -> HttpResponse:
    """Raise this session for a while, with a reason."""
    form = ElevateForm(request.POST or None)
    after = _safe_next(request)
    if request.method == "POST" and form.is_valid():
        try:
            elevation.elevate(
                request,
                reason=form.cleaned_data["reason"],
                minutes=form.cleaned_data["minutes"],
                now=clock.now(),
            )
        except TrustdeskError as error:
            form.add_error(None, error.message)
        else:
            return HttpResponseRedirect(after)
    until = elevation.elevated_until(request, now=clock.now())
    return render(request, "accounts/elevate.html", {"form": form, "until": until, "next": after})


@require_POST
def end_elevation(request: HttpRequest) -> HttpResponse:
    """Back to the ordinary session."""
    elevation.end_elevation(request)
    return redirect("/")


class RemovePasskeyView(RemoveWebAuthnView):  # type: ignore[misc]  # untyped library
    """allauth asks its adapter before an authenticator app goes, but not before a passkey: we do."""

    def form_valid(self, form: object) -> HttpResponse:
        adapter = get_factor_adapter()
        if not adapter.can_delete_authenticator(self.get_object()):
            messages.error(self.request, adapter.error_messages["cannot_delete_authenticator"])
            return redirect("mfa_list_webauthn")
        response: HttpResponse = super().form_valid(form)
        return response


@login_not_required
@never_cache
@require_GET
def closed(request: HttpRequest) -> HttpResponse:
    """Nobody signs up here."""
    return render(request, "account/signup_closed.html", {"why": _("Accounts are made by invitation.")}, status=404)


def _safe_next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    allowed = {request.get_host()}
    if not url_has_allowed_host_and_scheme(wanted, allowed_hosts=allowed, require_https=request.is_secure()):
        return reverse("accounts_elevate")
    return wanted
