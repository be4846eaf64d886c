"""Elevated sessions end by themselves."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse
from tests.integration.accounts.signing_in import sign_in
from tests.world import PASSWORD, Person, make_person

from trustdesk.accounts import api
from trustdesk.accounts.models import ElevatedSession
from trustdesk.accounts.sessions import SessionStore
from trustdesk.kernel import clock
from trustdesk.kernel.errors import BadInputError, RefusedError

pytestmark = pytest.mark.django_db
NOW = clock.now()
REASON = "Export asked for by the authority"


def request_of(person: Person) -> HttpRequest:
    request = RequestFactory().get("/")
    request.session = SessionStore()
    request.session.create()
    request.user = get_user_model().objects.get(id=person.id)
    return request


def test_an_elevation_ends_by_itself() -> None:
    request = request_of(make_person("elevated"))
    with pytest.raises(RefusedError):
        api.check_elevated(request, "log:export", now=NOW)
    api.elevate(request, reason=REASON, minutes=15, now=NOW)
    api.check_elevated(request, "log:export", now=NOW + timedelta(minutes=14, seconds=59))
    with pytest.raises(RefusedError):
        api.check_elevated(request, "log:export", now=NOW + timedelta(minutes=15))


def test_a_clock_set_back_does_not_elevate() -> None:
    request = request_of(make_person("set_back"))
    api.elevate(request, reason=REASON, minutes=15, now=NOW)
    assert api.elevated_until(request, now=NOW - timedelta(seconds=1)) is None


def test_ordinary_operations_need_none() -> None:
    api.check_elevated(request_of(make_person("ordinary")), "customer:open", now=NOW)


@pytest.mark.parametrize(("reason", "minutes"), [("", 15), ("because", 15), (REASON, 0), (REASON, 61)])
def test_reason_and_measure_are_asked_for(reason: str, minutes: int) -> None:
    with pytest.raises(BadInputError):
        api.elevate(request_of(make_person("hasty")), reason=reason, minutes=minutes, now=NOW)


def test_it_belongs_to_one_session() -> None:
    person = make_person("two_sessions")
    api.elevate(request_of(person), reason=REASON, minutes=15, now=NOW)
    assert api.elevated_until(request_of(person), now=NOW) is None


def test_the_reason_stands_in_no_table() -> None:
    api.elevate(request_of(make_person("reasoned")), reason=REASON, minutes=15, now=NOW)
    values = [str(value) for row in ElevatedSession.objects.values() for value in row.values()]
    assert not any("authority" in value for value in values)


def test_disabling_ends_it() -> None:
    person = make_person("disabled_meanwhile")
    request = request_of(person)
    api.elevate(request, reason=REASON, minutes=15, now=NOW)
    api.disable(operator_id=person.id, by=None, now=NOW)
    assert api.elevated_until(request, now=NOW) is None


def test_it_can_be_given_back() -> None:
    request = request_of(make_person("gives_back"))
    api.elevate(request, reason=REASON, minutes=15, now=NOW)
    api.end_elevation(request)
    assert api.elevated_until(request, now=NOW) is None


def test_nobody_is_not_elevated() -> None:
    request = RequestFactory().get("/")
    request.session = SessionStore()
    request.user = AnonymousUser()
    with pytest.raises(RefusedError):
        api.elevate(request, reason=REASON, minutes=15, now=NOW)


def test_the_page_asks_who_is_there_and_why() -> None:
    client = Client()
    sign_in(client, make_person("on_the_page"))
    assert client.get(reverse("accounts_elevate")).headers["Location"].startswith(reverse("account_reauthenticate"))
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    given = {"reason": REASON, "minutes": "5", "next": reverse("mfa_index")}
    answer = client.post(reverse("accounts_elevate"), given)
    assert answer.headers["Location"] == reverse("mfa_index")
    assert client.get(reverse("accounts_elevate")).context["until"] is not None
    given["next"] = "https://evil.example/"
    assert "evil" not in client.post(reverse("accounts_elevate"), given).headers["Location"]
