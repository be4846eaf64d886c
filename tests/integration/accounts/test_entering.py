"""The whole way of a new operator, committed as a browser's requests are."""

import secrets

from django.test import Client
from django.urls import reverse
from tests.integration.accounts.signing_in import code_of, is_in
from tests.world import PASSWORD, World

from trustdesk.accounts import api
from trustdesk.kernel import clock


def test_a_link_leads_through_password_and_app_to_the_desk(committed: World) -> None:
    client = Client()
    email = f"{secrets.token_hex(6)}@example.test"
    link = api.invite(email=email, name="Walks", language="en", installation_roles=(), by=None, now=clock.now())
    answer = client.get(link.path)
    assert answer.headers["Location"] == reverse("accounts_accept")
    answer = client.post(reverse("accounts_accept"), {"password": PASSWORD, "again": PASSWORD})
    assert answer.headers["Location"] == reverse("accounts_second_factor")
    assert client.get(reverse("mfa_index")).headers["Location"] == reverse("accounts_second_factor")
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    answer = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert answer.headers["Location"] == reverse("mfa_view_recovery_codes"), answer.content
    codes = client.get(reverse("mfa_view_recovery_codes"))
    assert len(codes.context["unused_codes"]) == 10
    assert is_in(client)
    assert client.get(link.path, follow=True).status_code == 404
    used_up(email, codes.context["unused_codes"][0])


def used_up(email: str, code: str) -> None:
    """A recovery code opens in place of the app, once."""
    for opens in (True, False):
        client = Client()
        client.post(reverse("account_login"), {"login": email, "password": PASSWORD})
        client.post(reverse("mfa_authenticate"), {"code": code})
        assert is_in(client) is opens
