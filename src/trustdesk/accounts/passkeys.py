"""Answers of authenticators that can't be read are refused; the library below would break off with an error of its own.

Named in `MFA_FORMS`, so that allauth's pages use these.
"""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django.utils.translation import gettext_lazy as _

_UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, IndexError, struct.error)


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except _UNREADABLE as error:
        raise get_adapter().validation_error("incorrect_code") from error


class AddForm(AddWebAuthnForm):  # type: ignore[misc]  # untyped library
    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  # as above
        super().__init__(*args, **kwargs)
        alone = self.fields["passwordless"]
        alone.label = _("Sign in with it alone")
        alone.help_text = _("No password is asked for then; the key asks for your finger, face or PIN.")
        alone.initial = True

    def clean(self) -> Any:  # noqa: ANN401  # as above
        with _readable():
            return super().clean()


class UseForm(AuthenticateWebAuthnForm):  # type: ignore[misc]  # untyped library
    def clean_credential(self) -> Any:  # noqa: ANN401  # as above
        with _readable():
            return super().clean_credential()


class SignInForm(LoginWebAuthnForm):  # type: ignore[misc]  # untyped library
    def clean_credential(self) -> Any:  # noqa: ANN401  # as above
        with _readable():
            return super().clean_credential()


class AgainForm(ReauthenticateWebAuthnForm):  # type: ignore[misc]  # untyped library
    def clean_credential(self) -> Any:  # noqa: ANN401  # as above
        with _readable():
            return super().clean_credential()
