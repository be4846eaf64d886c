"""Signing in: two factors or nothing, throttled, ended at once."""

import base64
import json

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import get_resolver, reverse
from tests.integration.accounts.signing_in import code_of, give_password, is_in, sign_in
from tests.world import PASSWORD, TOTP_SECRET, make_person

from trustdesk.accounts import api
from trustdesk.accounts.models import DeskSession, Operator
from trustdesk.accounts.sessions import stored_key
from trustdesk.kernel import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return Client()


def start_path(link: api.SetupLink) -> str:
    return link.path


def test_password_and_app_open_the_door(client: Client) -> None:
    person = make_person("two_factors")
    sign_in(client, person)
    assert is_in(client)


def test_a_password_alone_opens_nothing(client: Client) -> None:
    person = make_person("half_way")
    give_password(client, person.email)
    assert not is_in(client)


def test_a_wrong_number_opens_nothing(client: Client) -> None:
    person = make_person("wrong_number")
    give_password(client, person.email)
    wrong = f"{(int(code_of()) + 1) % 1_000_000:06}"
    assert client.post(reverse("mfa_authenticate"), {"code": wrong}).status_code == 200
    assert not is_in(client)


def test_a_number_opens_once() -> None:
    person = make_person("replayed")
    sign_in(Client(), person)
    other = Client()
    give_password(other, person.email)
    other.post(reverse("mfa_authenticate"), {"code": code_of()})
    assert not is_in(other)


def test_without_a_second_factor_only_a_new_link_helps(client: Client) -> None:
    person = make_person("unfinished", with_factor=False)
    give_password(client, person.email)
    for name in ("mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "accounts_elevate"):
        assert client.get(reverse(name)).headers["Location"] == reverse("accounts_no_second_factor")
    assert client.get(reverse("accounts_no_second_factor")).status_code == 403


def test_two_different_passwords_are_pointed_out(client: Client) -> None:
    link = api.invite(
        email="typo@example.test",
        name="Typo",
        language="en",
        installation_roles=(),
        by=None,
        now=clock.now(),
    )
    client.get(start_path(link))
    answer = client.post(reverse("accounts_accept"), {"password": PASSWORD, "again": PASSWORD + "x"})
    assert answer.status_code == 200
    assert answer.context["form"].errors["again"]


@pytest.mark.parametrize("path", ["account_signup", "socialaccount_signup"])
def test_nobody_signs_up(client: Client, path: str) -> None:
    assert client.get(reverse(path)).status_code == 404


def test_a_disabled_operators_session_dies(client: Client) -> None:
    person = make_person("leaves")
    sign_in(client, person)
    assert is_in(client)
    api.disable(operator_id=person.id, by=None, now=clock.now())
    assert not is_in(client)
    assert not DeskSession.objects.filter(operator_id=person.id).exists()
    assert give_password(Client(), person.email).headers["Location"] == reverse("account_inactive")


def test_a_kept_session_row_is_dead_too(client: Client) -> None:
    person = make_person("restored")
    sign_in(client, person)
    row = DeskSession.objects.get(operator_id=person.id)
    api.disable(operator_id=person.id, by=None, now=clock.now())
    api.enable(operator_id=person.id, by=None)
    row.save(force_insert=True)
    client.cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert not is_in(client)


def test_the_session_table_opens_no_session(client: Client) -> None:
    person = make_person("digested")
    sign_in(client, person)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    row = DeskSession.objects.get(operator_id=person.id)
    assert row.session_key == stored_key(cookie)
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = row.session_key
    assert not is_in(thief)


def test_the_session_keeps_no_address(client: Client) -> None:
    person = make_person("nameless_session")
    sign_in(client, person)
    assert person.email not in json.dumps(dict(client.session.items()))


def test_signing_in_changes_the_session(client: Client) -> None:
    client.get(reverse("account_login"))
    person = make_person("fixated")
    give_password(client, person.email)
    before = client.cookies[settings.SESSION_COOKIE_NAME].value
    client.post(reverse("mfa_authenticate"), {"code": code_of()})
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != before


def test_failed_attempts_are_throttled_for_everybody() -> None:
    person = make_person("guessed")
    for attempt in range(5):
        answer = give_password(Client(), person.email, f"wrong {attempt}")
        assert answer.status_code == 200
    answer = give_password(Client(), person.email)
    assert answer.status_code == 200, "the right password came too late"
    assert "Too many" in answer.content.decode()


def test_the_throttle_counts_in_the_database_and_knows_no_address() -> None:
    person = make_person("counted")
    give_password(Client(REMOTE_ADDR="198.51.100.7"), person.email, "wrong")
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM accounts_cache")
        rows = cursor.fetchall()
    assert len(rows) >= 2
    shown = " ".join(key + base64.b64decode(value).decode("latin-1") for key, value in rows)
    assert person.email not in shown
    assert "198.51.100.7" not in shown
    cache.clear()


def test_unknown_and_wrong_sound_the_same() -> None:
    person = make_person("known")
    known = give_password(Client(), person.email, "wrong password").context["form"].errors
    unknown = give_password(Client(), "nobody@example.test", "wrong password").context["form"].errors
    assert known == unknown


def test_second_factors_are_throttled() -> None:
    person = make_person("guessed_number")
    client = Client()
    give_password(client, person.email)
    wrong = f"{(int(code_of()) + 1) % 1_000_000:06}"
    for _attempt in range(5):
        client.post(reverse("mfa_authenticate"), {"code": wrong})
    client.post(reverse("mfa_authenticate"), {"code": code_of()})
    assert not is_in(client)


def test_the_apps_secret_is_sealed_in_the_table() -> None:
    person = make_person("sealed_secret")
    data = Authenticator.objects.get(user_id=person.id).data
    assert TOTP_SECRET not in json.dumps(data)


def test_the_last_factor_stays(client: Client) -> None:
    person = make_person("last_factor")
    sign_in(client, person)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    answer = client.post(reverse("mfa_deactivate_totp"))
    assert answer.status_code == 200, "refused with a word, not removed"
    assert api.has_second_factor(person.id)


def test_the_last_passkey_stays(client: Client) -> None:
    person = make_person("last_passkey")
    sign_in(client, person)
    Authenticator.objects.filter(user_id=person.id).delete()
    key = Authenticator.objects.create(
        user_id=person.id,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": "Key", "credential": {}},
    )
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.post(reverse("mfa_remove_webauthn", kwargs={"pk": key.pk}))
    assert api.has_second_factor(person.id)


def test_strangers_keys_are_not_found(client: Client) -> None:
    owner, person = make_person("key_owner"), make_person("curious")
    key = Authenticator.objects.create(
        user_id=owner.id,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": "Key", "credential": {}},
    )
    sign_in(client, person)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert client.post(reverse("mfa_remove_webauthn", kwargs={"pk": key.pk})).status_code == 404
    assert client.get(reverse("mfa_edit_webauthn", kwargs={"pk": key.pk})).status_code == 404


def test_sign_out_needs_a_post(client: Client) -> None:
    person = make_person("stays")
    sign_in(client, person)
    client.get(reverse("account_logout"))
    assert is_in(client)
    client.post(reverse("account_logout"))
    assert not is_in(client)
    assert not DeskSession.objects.filter(operator_id=person.id).exists()


def test_forms_without_the_sites_own_token_are_refused() -> None:
    person = make_person("forged")
    client = Client(enforce_csrf_checks=True)
    answer = client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    assert answer.status_code == 403
    assert "django.middleware.csrf.CsrfViewMiddleware" in settings.MIDDLEWARE


def test_no_page_of_ours_is_exempt_from_the_token() -> None:
    exempt = [
        str(pattern.pattern)
        for pattern in get_resolver("trustdesk.accounts.urls").url_patterns
        if getattr(pattern.callback, "csrf_exempt", False)
    ]
    assert exempt == []


def test_the_way_back_leads_nowhere_else(client: Client) -> None:
    person = make_person("redirected")
    address = reverse("account_login") + "?next=https://evil.example/"
    client.post(address, {"login": person.email, "password": PASSWORD, "next": "https://evil.example/"})
    answer = client.post(reverse("mfa_authenticate"), {"code": code_of()})
    assert "evil" not in answer.headers["Location"]


def test_htmx_gets_no_page_inside_a_page(client: Client) -> None:
    answer = client.get(reverse("mfa_index"), headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer.headers["HX-Refresh"] == "true"


def test_the_same_person_is_asked_again_before_factors_change(client: Client) -> None:
    sign_in(client, make_person("asked_again"))
    answer = client.get(reverse("mfa_add_webauthn"))
    assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))


def test_a_changed_password_ends_every_session(client: Client) -> None:
    person = make_person("changes")
    sign_in(client, person)
    row = Operator.objects.get(id=person.id)
    row.set_password("another long password")
    row.save()
    assert not is_in(client)
