"""Signing in as a browser does, for the tests around it."""

from typing import TYPE_CHECKING

from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from django.urls import reverse
from tests.world import PASSWORD, TOTP_SECRET, Person

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer


def code_of(secret: str = TOTP_SECRET) -> str:
    """The number an authenticator app shows now."""
    counter = sorted(totp.yield_hotp_counters_from_time())[1]
    return str(totp.format_hotp_value(totp.hotp_value(secret, counter)))


def give_password(client: Client, email: str, password: str = PASSWORD) -> "Answer":
    return client.post(reverse("account_login"), {"login": email, "password": password})


def sign_in(client: Client, person: Person) -> None:
    """Password, then the app's number; the client's session is that of the person afterwards."""
    answer = give_password(client, person.email)
    assert answer.headers["Location"] == reverse("mfa_authenticate"), answer.content
    answer = client.post(reverse("mfa_authenticate"), {"code": code_of()})
    assert answer.status_code == 302, answer.content


def is_in(client: Client) -> bool:
    """Whether a page that is closed by default opens."""
    return bool(client.get(reverse("mfa_index")).status_code == 200)
