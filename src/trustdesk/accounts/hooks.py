"""Events of django-allauth that belong into the log. It is a library below us: these are not signals between rooms."""

from typing import Any

from allauth.account.signals import password_changed
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.http import HttpRequest

from trustdesk.accounts.middleware import mark_second_factor
from trustdesk.audit.api import installation_deed


def connect() -> None:
    authenticator_added.connect(_added, dispatch_uid="trustdesk.accounts.added")
    authenticator_removed.connect(_removed, dispatch_uid="trustdesk.accounts.removed")
    password_changed.connect(_password_changed, dispatch_uid="trustdesk.accounts.password")


def _added(request: HttpRequest, user: Any, authenticator: Any, **_kwargs: object) -> None:  # noqa: ANN401  # untyped
    installation_deed(int(user.pk), "second_factor.added", {"type": str(authenticator.type)})
    if authenticator.type != "recovery_codes":
        mark_second_factor(request)


def _removed(user: Any, authenticator: Any, **_kwargs: object) -> None:  # noqa: ANN401  # untyped
    installation_deed(int(user.pk), "second_factor.removed", {"type": str(authenticator.type)})


def _password_changed(user: Any, **_kwargs: object) -> None:  # noqa: ANN401  # untyped
    installation_deed(int(user.pk), "password.changed", {})
