"""The one way in: every address asks who, for whom and why; a view that shows cannot write."""

import pytest
from django.db import InternalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.surfaces import seated, signed_in
from tests.world import World

from trustdesk.design import standing
from trustdesk.design.converters import PublicId
from trustdesk.design.entrance import entered
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import RefusedError
from trustdesk.kernel.ids import new_id
from trustdesk.mandates.models import Mandate

NAMED = {"channel": "email", "kind": "access", "purpose": "news", "verb": "hold"}
"""What a path names by a word of ours."""


def addresses(namespace: str) -> list[str]:
    """Every address of a surface, with identifiers of nothing."""
    found = []
    for pattern in get_resolver().url_patterns:
        if isinstance(pattern, URLResolver) and pattern.namespace == namespace:
            for inner in pattern.url_patterns:
                assert isinstance(inner, URLPattern)
                values = {name: _nothing(name, converter) for name, converter in inner.pattern.converters.items()}
                found.append(reverse(f"{namespace}:{inner.name}", kwargs=values))
    return found


def _nothing(name: str, converter: object) -> object:
    return new_id() if isinstance(converter, PublicId) else NAMED.get(name, "06YD41X4KBF00.csv")


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("namespace", ["desk", "console"])
def test_a_stranger_is_sent_to_the_sign_in(committed: World, namespace: str, method: str) -> None:
    for address in addresses(namespace):
        answer = getattr(Client(), method)(address)
        assert answer.status_code == 302, address
        assert answer.headers["Location"].startswith(reverse("account_login")), address


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("namespace", ["desk", "console"])
def test_an_outsider_without_a_seat_sees_nothing(committed: World, namespace: str, method: str) -> None:
    client = signed_in(committed.outsider)
    for address in addresses(namespace):
        answer = getattr(client, method)(address)
        assert answer.status_code in {302, 403, 405}, address
        if answer.status_code == 302:
            assert answer.headers["Location"] == reverse("design:choose"), address


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_clients_reader_gets_nothing_of_the_desk(committed: World, method: str) -> None:
    client = seated(committed.client_north, committed.north)
    for address in addresses("desk"):
        if address.endswith("/looked/"):
            continue  # who has looked is what such a reader is for
        assert getattr(client, method)(address).status_code in {302, 403, 404, 405}, address
    assert client.get(reverse("desk:start")).status_code == 403


@entered("customer:search")
def writes_on_get(_request: HttpRequest, context: AccessContext) -> HttpResponse:
    Mandate.objects.filter(controller_id=context.controller_id).update(ended_reason="by a page")
    return HttpResponse("written")


def test_a_view_that_shows_cannot_write(committed: World) -> None:
    client = seated(committed.agent_north, committed.north)
    request = RequestFactory().get("/")
    request.session = client.session
    request.user = type("Someone", (), {"is_authenticated": True, "pk": committed.agent_north.id})()
    with pytest.raises(InternalError, match="read-only"):
        writes_on_get(request)


def test_an_ended_choice_is_forgotten(committed: World) -> None:
    client = seated(committed.agent_north, committed.north)
    request = RequestFactory().get("/")
    request.session = client.session
    request.user = type("Someone", (), {"is_authenticated": True, "pk": committed.outsider.id})()
    with pytest.raises(RefusedError):
        writes_on_get(request)
    assert standing.standing_of(request) is None


def test_preferences_lead_nowhere_else(committed: World) -> None:
    for wanted in ("https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", r"\\elsewhere"):
        answer = Client().post(reverse("design:preferences"), {"next": wanted, "theme": "dark"})
        assert answer.headers["Location"] == "/", wanted
        assert answer.cookies["trustdesk_theme"].value == "dark"
    answer = Client().post(reverse("design:preferences"), {"theme": "<b>", "language": "xx", "keys": "maybe"})
    assert not {"trustdesk_theme", "django_language", "trustdesk_keys"} & set(answer.cookies)
