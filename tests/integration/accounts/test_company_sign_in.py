"""The company's own sign-in recognises operators we invited, makes nobody new, and is not a second factor."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.test import Client, override_settings
from django.urls import reverse
from tests.integration.accounts.identity import Claims, provider
from tests.integration.accounts.signing_in import code_of, is_in
from tests.world import make_person

from trustdesk.accounts import api
from trustdesk.accounts.models import Operator
from trustdesk.kernel import clock
from trustdesk.settings.choices import Choices
from trustdesk.settings.signin import identity_origins, identity_providers

pytestmark = pytest.mark.django_db
WAY = {"provider_id": "company"}


@pytest.fixture
def claims() -> Claims:
    """What the provider says; a test fills it in."""
    return {}


@pytest.fixture(autouse=True)
def configured(claims: Claims, settings: object) -> Iterator[None]:
    with provider(claims) as address:
        chosen = {"oidc_server": address, "oidc_client_id": "trustdesk", "oidc_client_secret": "secret"}
        known = identity_providers(Choices(chosen, settings.TRUSTDESK_HOME.path))  # type: ignore[attr-defined]
        with override_settings(SOCIALACCOUNT_PROVIDERS=known):
            yield


def come_back(client: Client) -> str:
    """To the provider and back; where it leads then."""
    away = client.post(reverse("openid_connect_login", kwargs=WAY)).headers["Location"]
    asked = parse_qs(urlsplit(away).query)
    assert asked["code_challenge_method"] == ["S256"]
    back = {"state": asked["state"][0], "code": "once"}
    return client.get(reverse("openid_connect_callback", kwargs=WAY), back).headers.get("Location", "")


def test_it_recognises_who_was_invited_and_asks_for_the_second_factor(claims: Claims) -> None:
    person = make_person("company_person")
    claims.update(sub="7", email=person.email, email_verified=True, name="Company Person", picture="face.png")
    client = Client()
    assert come_back(client) == reverse("mfa_authenticate")
    assert not is_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code_of()})
    assert is_in(client)


def test_it_keeps_the_number_and_nothing_of_the_profile(claims: Claims) -> None:
    person = make_person("profiled")
    claims.update(sub="8", email=person.email, email_verified=True, name="Profiled Person", picture="face.png")
    come_back(Client())
    account = SocialAccount.objects.get(user_id=person.id)
    assert (account.uid, account.extra_data) == ("8", {})
    assert not SocialToken.objects.exists()


@pytest.mark.parametrize("verified", [True, False])
def test_it_makes_nobody_new(claims: Claims, verified: bool) -> None:  # noqa: FBT001  # parametrized
    claims.update(sub="9", email="stranger@example.test", email_verified=verified)
    before = Operator.objects.count()
    client = Client()
    come_back(client)
    assert not is_in(client)
    assert Operator.objects.count() == before


def test_an_address_the_provider_did_not_check_is_nobodys(claims: Claims) -> None:
    person = make_person("claimed")
    claims.update(sub="10", email=person.email, email_verified=False)
    client = Client()
    come_back(client)
    assert not is_in(client)
    assert not SocialAccount.objects.filter(user_id=person.id).exists()


def test_a_disabled_operator_stays_outside(claims: Claims) -> None:
    person = make_person("left_the_company")
    claims.update(sub="11", email=person.email, email_verified=True)
    api.disable(operator_id=person.id, by=None, now=clock.now())
    client = Client()
    assert come_back(client) == reverse("account_inactive")
    assert not is_in(client)


def test_without_a_second_factor_the_company_opens_nothing(claims: Claims) -> None:
    person = make_person("one_factor_only", with_factor=False)
    claims.update(sub="12", email=person.email, email_verified=True)
    client = Client()
    come_back(client)
    assert client.get(reverse("mfa_index")).headers["Location"] == reverse("accounts_no_second_factor")


def test_a_stolen_answer_without_the_browsers_state_opens_nothing(claims: Claims) -> None:
    person = make_person("state_thief")
    claims.update(sub="13", email=person.email, email_verified=True)
    client = Client()
    client.get(reverse("openid_connect_callback", kwargs=WAY), {"state": "guessed", "code": "once"})
    assert not is_in(client)
    assert not SocialAccount.objects.filter(user_id=person.id).exists()


def test_an_operators_page_offers_it() -> None:
    assert "Company sign-in" in Client().get(reverse("account_login")).content.decode()


def test_no_server_no_provider(settings: object) -> None:
    assert identity_providers(Choices({}, settings.TRUSTDESK_HOME.path)) == {}  # type: ignore[attr-defined]


def test_the_policy_of_pages_lets_the_browser_go_there(settings: object) -> None:
    home = settings.TRUSTDESK_HOME.path  # type: ignore[attr-defined]
    assert identity_origins(Choices({}, home)) == []
    chosen = Choices({"oidc_server": "https://login.example.test:8443/realms/a"}, home)
    assert identity_origins(chosen) == ["https://login.example.test:8443"]
    chosen = Choices({"oidc_server": "https://login.example.test", "oidc_origins": ["https://b.example.test"]}, home)
    assert identity_origins(chosen) == ["https://b.example.test"]
