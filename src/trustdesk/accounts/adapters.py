"""What django-allauth asks us: who may sign in, how a sign-in is stored, and how its secrets are sealed."""

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from trustdesk.accounts import enrolment
from trustdesk.accounts.models import Operator
from trustdesk.accounts.selectors import SECOND_FACTORS
from trustdesk.audit.api import installation_deed
from trustdesk.seal.api import derive, open_sealed, seal

_BOUND = b"accounts.second-factor"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # untyped library
    """Sign-in with password: by invitation only, all or nothing, and logged."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  # allauth's signature
        return False

    def login(self, request: HttpRequest, user: Operator) -> None:
        """The session, the time of sign-in and the log's entry stand together or not at all."""
        with transaction.atomic():
            super().login(request, user)
            _forget_addresses(request)
            installation_deed(user.id, "sign_in.succeeded", {"methods": _methods(request)})
            request.session.save()

    def logout(self, request: HttpRequest) -> None:
        operator_id = request.user.pk
        with transaction.atomic():
            super().logout(request)
            if operator_id is not None:
                installation_deed(int(operator_id), "sign_out", {})

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:  # noqa: ANN401, ARG002  # as above
        known = get_user_model().objects.filter(email=str(credentials.get("email", "")).lower()).first()
        installation_deed(known.id if known else None, "sign_in.failed", {"known": known is not None})

    def respond_user_inactive(self, request: HttpRequest, user: Operator) -> HttpResponse:
        installation_deed(user.id, "sign_in.refused", {"disabled": user.disabled_at is not None})
        response: HttpResponse = super().respond_user_inactive(request, user)
        return response

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:  # noqa: ANN401  # as above it
        # Whoever just came through a single-use link and chose a password needs no third question.
        if enrolment.is_open(self.request):
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def get_reauthentication_methods(self, user: Operator) -> list[dict[str, Any]]:
        """In our own words: the library's are on first-name terms in some languages."""
        words = {
            "reauthenticate": _("With the password"),
            "mfa_reauthenticate": _("With the authenticator app or a recovery code"),
            "mfa_reauthenticate:webauthn": _("With a passkey or security key"),
        }
        return [each | {"description": words[each["id"]]} for each in super().get_reauthentication_methods(user)]


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # untyped library
    """Second factors: secrets sealed, the last one stays."""

    error_messages = {  # allauth's shape
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": _("This is your last second factor. Add another one first."),
    }

    def encrypt(self, text: str) -> str:
        return base64.b64encode(seal(_key(), text.encode(), bound=_BOUND)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return open_sealed(_key(), base64.b64decode(encrypted_text), bound=_BOUND).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=SECOND_FACTORS)
        return bool(others.exclude(pk=authenticator.pk).exists())


class IdentityProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # untyped library
    """The company's own sign-in: it recognises operators we invited and makes nobody new."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ANN401, ARG002  # as above
        return False

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: Any) -> Any:  # noqa: ANN401  # as above
        # The provider's profile is not ours to keep: the subject's number is enough to recognise the person.
        sociallogin.account.extra_data = {}
        return super().populate_user(request, sociallogin, {"email": data.get("email")})


def _key() -> bytes:
    return derive(settings.SECRET_KEY.encode(), "accounts.second-factor")


def _methods(request: HttpRequest) -> list[str]:
    records = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    return [str(record.get("type") or record.get("method")) for record in records]


def _forget_addresses(request: HttpRequest) -> None:
    """Allauth notes the e-mail beside the method; a session needs to know neither address nor name."""
    records = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY)
    if records:
        kept = [{key: value for key, value in record.items() if key not in {"email", "username"}} for record in records]
        request.session[AUTHENTICATION_METHODS_SESSION_KEY] = kept
