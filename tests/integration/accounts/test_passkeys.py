"""Passkeys: set up, used as second factor and alone; another key, another place, no finger: nothing."""

import json
from typing import Any

import pytest
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from tests.integration.accounts.passkey import FLAG, Passkey
from tests.integration.accounts.signing_in import code_of, give_password
from tests.world import PASSWORD, Person, make_person

from trustdesk.accounts.models import Operator

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Person:
    return make_person("has_passkey")


@pytest.fixture
def passkey(person: Person) -> Passkey:
    """Set up by the person, signed in with password and app."""
    client = browser()
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    client.post(reverse("mfa_authenticate"), {"code": code_of()})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    options = client.get(reverse("mfa_add_webauthn")).context["js_data"]["creation_options"]
    key = Passkey()
    given = {"name": "Phone", "passwordless": "on", "credential": key.created(plain(options))}
    answer = client.post(reverse("mfa_add_webauthn"), given)
    assert answer.status_code == 302, answer.content
    return key


def browser() -> Client:
    client = Client()
    client.defaults["wsgi.url_scheme"] = "https"
    client.defaults["SERVER_PORT"] = "443"
    return client


def plain(options: Any) -> dict[str, Any]:  # noqa: ANN401  # the library's own mapping
    """The options as the page hands them to the browser."""
    return dict(json.loads(json.dumps(options, default=dict)))


def handle(person: Person) -> str:
    return str(user_pk_to_url_str(Operator.objects.get(id=person.id)))


def offered(client: Client) -> dict[str, Any]:
    answer = client.get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"})
    return dict(answer.json()["request_options"])


def is_in(client: Client) -> bool:
    return bool(client.get(reverse("mfa_index")).status_code == 200)


def test_a_passkey_alone_opens_the_door(person: Person, passkey: Passkey) -> None:
    client = browser()
    answer = passkey.used(offered(client), user=handle(person))
    client.post(reverse("mfa_login_webauthn"), {"credential": answer})
    assert is_in(client)


def test_a_passkey_is_a_second_factor(person: Person, passkey: Passkey) -> None:
    client = browser()
    give_password(client, person.email)
    options = plain(client.get(reverse("mfa_authenticate")).context["js_data"]["request_options"])
    client.post(reverse("mfa_authenticate"), {"credential": passkey.used(options, user=handle(person))})
    assert is_in(client)


def test_another_key_opens_nothing(person: Person, passkey: Passkey) -> None:
    client = browser()
    stranger = Passkey(credential_id=passkey.credential_id)
    answer = stranger.used(offered(client), user=handle(person))
    client.post(reverse("mfa_login_webauthn"), {"credential": answer})
    assert not is_in(client)


def test_an_answer_to_another_question_opens_nothing(person: Person, passkey: Passkey) -> None:
    kept = passkey.used(offered(browser()), user=handle(person))
    client = browser()
    offered(client)
    client.post(reverse("mfa_login_webauthn"), {"credential": kept})
    assert not is_in(client)


def test_a_key_without_its_owners_finger_is_not_enough_alone(person: Person, passkey: Passkey) -> None:
    client = browser()
    answer = passkey.used(offered(client), user=handle(person), flags=FLAG.UP)
    client.post(reverse("mfa_login_webauthn"), {"credential": answer})
    assert not is_in(client)


def test_somebody_elses_name_on_the_answer_opens_nothing(person: Person, passkey: Passkey) -> None:
    other = make_person("named_instead")
    client = browser()
    client.post(reverse("mfa_login_webauthn"), {"credential": passkey.used(offered(client), user=handle(other))})
    assert not is_in(client)


@pytest.mark.parametrize("rubbish", ["", "{}", "[]", "null", '{"id": 1}', '{"response": {"userHandle": "!"}}'])
def test_rubbish_is_refused_with_a_word(rubbish: str) -> None:
    client = browser()
    offered(client)
    assert client.post(reverse("mfa_login_webauthn"), {"credential": rubbish}).status_code in {200, 302}
    assert not is_in(client)


@pytest.mark.parametrize("rubbish", ["{}", '{"rawId": "x"}', '{"id": "x", "rawId": "x", "response": {}}'])
def test_rubbish_is_not_set_up(person: Person, passkey: Passkey, rubbish: str) -> None:
    client = browser()
    answer = passkey.used(offered(client), user=handle(person))
    client.post(reverse("mfa_login_webauthn"), {"credential": answer})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert client.post(reverse("mfa_add_webauthn"), {"name": "x", "credential": rubbish}).status_code == 200
    assert Authenticator.objects.filter(user_id=person.id, type=Authenticator.Type.WEBAUTHN).count() == 1


def test_a_passkey_can_be_named(person: Person, passkey: Passkey) -> None:
    key = Authenticator.objects.get(user_id=person.id, type=Authenticator.Type.WEBAUTHN)
    assert key.wrap().name == "Phone"
