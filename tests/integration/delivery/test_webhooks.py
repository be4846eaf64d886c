"""Calls to other systems: signed so that the specification's own library believes them, repeated until taken, and never
to an address that only we can reach.
"""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import override_settings
from standardwebhooks import Webhook, WebhookVerificationError
from tests.integration.delivery.posting import Company, Person, soon
from tests.integration.delivery.posting import company as another
from tests.integration.delivery.web import Web

from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import NewRecipient, RecipientRole
from trustdesk.delivery import api as delivery
from trustdesk.delivery.contracts import NewEndpoint, NewSecret, State
from trustdesk.delivery.services import lanes
from trustdesk.delivery.services.waking import WEBHOOK
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.errors import BadInputError, ConflictError, NotFoundError
from trustdesk.kernel.ids import new_id, to_public
from trustdesk.register import api as register


@pytest.fixture
def web(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    """Another system on this machine: only the demo may call it."""
    with Web(tmp_path) as web:
        monkeypatch.setenv("SSL_CERT_FILE", str(web.certificate))
        with override_settings(TRUSTDESK_DEMO=True, EMAIL_TIMEOUT=1.0):
            yield web


def recipient(company: Company, *categories: str) -> int:
    return clearance.declare_recipient(
        company.context(),
        recipient=NewRecipient(
            name="Billing Oy",
            role=RecipientRole.PROCESSOR,
            country="FI",
            purposes=["service"],
            categories=categories or ["pd:UID"],
        ),
        now=clock.now(),
    )


def endpoint(company: Company, url: str, *categories: str, event: str = "customer.changed") -> NewSecret:
    return delivery.create_endpoint(
        company.context(),
        endpoint=NewEndpoint(
            name=f"Billing {new_id()}",
            url=url,
            recipient_id=recipient(company, *categories),
            purpose="service",
            events=[event],
        ),
        now=clock.now(),
    )


def tell(
    company: Company,
    person: Person | None = None,
    *value_ids: int,
    key: str = "",
    event: str = "customer.changed",
) -> list[int]:
    made = delivery.send_webhook(
        company.context(),
        event=event,
        key=key or str(new_id()),
        customer_id=person.customer_id if person else None,
        value_ids=value_ids,
        facts={"cause": "feed"},
        now=clock.now(),
    )
    return list(made)


def work(company: Company) -> int:
    return lanes.run(company.id, WEBHOOK, until=clock.now() + timedelta(seconds=30))


def again(company: Company) -> None:
    """As if the pauses were over."""
    with scoped(company.context().scope), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE delivery_call SET next_at = now() WHERE controller_id = %s AND next_at > now()",
            [company.id],
        )
    work(company)


def state(company: Company, made: NewSecret) -> tuple[State, str]:
    (call, _tries), *_older = delivery.calls(company.context(), endpoint_id=made.endpoint_id)
    return call.state, call.reason


def test_a_call_is_believed_by_the_specifications_own_library(company: Company, web: Web) -> None:
    made = endpoint(company, f"{web.url}/hooks?x=1")
    person = company.person()
    (call_id,) = tell(company, person)
    assert work(company) == 1
    (request,) = web.requests
    assert (request.method, request.path) == ("POST", "/hooks?x=1")
    said = Webhook(made.secret).verify(request.body, request.headers)
    assert said["type"] == "customer.changed"
    assert said["data"] == {"customer": to_public(person.customer_id), "cause": "feed"}
    assert request.headers["webhook-id"] == f"msg_{to_public(call_id)}"
    assert state(company, made) == (State.SENT, "")


def test_values_go_along_only_where_the_recipient_may_be_told_them(company: Company, web: Web) -> None:
    person = company.person()
    endpoint(company, f"{web.url}/both", "pd:UID", "pd:EmailAddress")
    tell(company, person, person.email_id, person.phone_id)
    work(company)
    (request,) = web.requests
    assert json.loads(request.body)["data"]["values"] == [{"attribute": "email", "text": "aino@example.com"}]
    ledger = register.disclosures(company.context(), person.customer_id)
    assert [(entry.recipient, entry.attribute) for entry in ledger] == [("Billing Oy", "email")]


def test_identifiers_are_all_where_nothing_else_is_permitted(company: Company, web: Web) -> None:
    person = company.person()
    endpoint(company, web.url)
    tell(company, person, person.email_id)
    work(company)
    assert b"example.com" not in web.requests[0].body
    assert register.disclosures(company.context(), person.customer_id) == []


def test_who_may_not_be_told_hears_nothing(company: Company, web: Web) -> None:
    made = endpoint(company, web.url, "pd:Name")
    tell(company, company.person())
    work(company)
    assert web.requests == []
    assert state(company, made) == (State.REFUSED, "DISCLOSE-CATEGORIES")


def test_a_recipient_whose_time_has_ended_hears_nothing_more(company: Company, web: Web) -> None:
    made = endpoint(company, web.url)
    (held,) = delivery.endpoints(company.context())
    tell(company, company.person())
    clearance.end_recipient(company.context(), recipient_id=held.recipient_id, now=clock.now())
    work(company)
    assert web.requests == []
    assert state(company, made)[0] is State.REFUSED


def test_it_is_repeated_under_the_same_id_until_it_is_taken(company: Company, web: Web) -> None:
    made = endpoint(company, web.url)
    answers = iter([(503, {}, b""), None, (302, {"Location": "https://localhost/"}, b""), (200, {}, b"")])
    web.answer = lambda _request: next(answers)
    tell(company, company.person())
    work(company)
    assert state(company, made) == (State.DEFERRED, "not-taken")
    call, tries = delivery.calls(company.context(), endpoint_id=made.endpoint_id)[0]
    assert soon(call.next_at, 10)
    assert [one.status for one in tries] == [503]
    for _each in range(3):
        again(company)
    assert state(company, made) == (State.SENT, "")
    assert len({request.headers["webhook-id"] for request in web.requests}) == 1
    assert len(web.requests) == 4, "a redirect is not followed"
    tries = delivery.calls(company.context(), endpoint_id=made.endpoint_id)[0][1]
    assert [(one.status, one.reason) for one in tries] == [
        (503, "not-taken"),
        (None, "no-answer"),
        (302, "not-taken"),
        (200, ""),
    ]


def test_for_a_day_both_secrets_are_good(company: Company, web: Web) -> None:
    old = endpoint(company, web.url)
    new = delivery.rotate_secret(company.context(), endpoint_id=old.endpoint_id, now=clock.now())
    assert new.secret != old.secret
    tell(company)
    work(company)
    for secret in (old.secret, new.secret):
        Webhook(secret).verify(web.requests[0].body, web.requests[0].headers)
    with pytest.raises(ConflictError):
        delivery.rotate_secret(company.context(), endpoint_id=old.endpoint_id, now=clock.now())
    later = clock.now() + timedelta(hours=25)
    newest = delivery.rotate_secret(company.context(), endpoint_id=old.endpoint_id, now=later)
    tell(company)
    work(company)
    Webhook(newest.secret).verify(web.requests[1].body, web.requests[1].headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(old.secret).verify(web.requests[1].body, web.requests[1].headers)


def test_an_endpoint_that_is_gone_is_switched_off(company: Company, web: Web) -> None:
    made = endpoint(company, web.url)
    web.answer = lambda _request: (410, {}, b"")
    tell(company)
    work(company)
    (held,) = delivery.endpoints(company.context())
    assert held.disabled_because == "gone"
    assert tell(company) == [], "nothing more is queued for it"
    again(company)
    assert state(company, made) == (State.FAILED, "endpoint-disabled")


def test_an_endpoint_that_takes_nothing_for_days_is_switched_off(company: Company, web: Web) -> None:
    endpoint(company, web.url)
    web.answer = lambda _request: (500, {}, b"")
    tell(company)
    work(company)
    assert delivery.endpoints(company.context())[0].failing_since is not None
    with scoped(company.context().scope), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE delivery_endpoint SET failing_since = now() - interval '6 days' WHERE controller_id = %s",
            [company.id],
        )
    again(company)
    assert delivery.endpoints(company.context())[0].disabled_because == "failing"
    assert delivery.standing(company.context(), now=clock.now()).failing_endpoints == 1
    web.answer = lambda _request: (200, {}, b"")
    delivery.enable_endpoint(company.context(), endpoint_id=delivery.endpoints(company.context())[0].endpoint_id)
    tell(company)
    work(company)
    held = delivery.endpoints(company.context())[0]
    assert (held.failing_since, held.disabled_because) == (None, "")


def test_the_same_event_is_told_once(company: Company, web: Web) -> None:
    endpoint(company, web.url)
    assert len(tell(company, key="change 1")) == 1
    assert tell(company, key="change 1") == []
    work(company)
    assert len(web.requests) == 1


def test_only_those_who_listen_are_called(company: Company, web: Web) -> None:
    endpoint(company, web.url, event="customer.erased")
    assert tell(company) == []


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]"])
def test_an_address_of_our_own_is_not_called(company: Company, web: Web, host: str) -> None:
    made = endpoint(company, f"https://{host}:{web.port}/")
    tell(company)
    with override_settings(TRUSTDESK_DEMO=False):
        work(company)
    assert web.requests == []
    assert state(company, made) == (State.DEFERRED, "private-address")


def test_a_certificate_of_somebody_else_is_not_believed(
    company: Company,
    web: Web,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    made = endpoint(company, web.url)
    tell(company)
    work(company)
    assert web.requests == []
    assert state(company, made) == (State.DEFERRED, "bad-certificate")


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "https://",
        "https://user:password@example.com/",
        "https://example.com/#part",
        "ftp://example.com/",
        "https://exa mple.com/",
        "https://example.com/\r\nHost: evil",
        "https://example.com:99999/",
        "//example.com/",
        "javascript:alert(1)",
    ],
)
def test_only_a_plain_https_address_is_taken(company: Company, url: str) -> None:
    with pytest.raises(BadInputError, match="https"):
        endpoint(company, url)


def test_a_secret_is_shown_once_and_stands_nowhere(company: Company, web: Web) -> None:
    made = endpoint(company, web.url)
    delivery.rotate_secret(company.context(), endpoint_id=made.endpoint_id, now=clock.now())
    bare = Webhook(made.secret)._whsecret
    (row,) = company.ask("SELECT secret, previous_secret FROM delivery_endpoint WHERE controller_id = %s", company.id)
    assert all(bare not in bytes(column) for column in row)
    assert made.secret not in repr(made)
    assert made.secret not in repr(delivery.endpoints(company.context()))


def test_a_neighbors_endpoint_is_not_there(company: Company, web: Web) -> None:
    made, neighbor = endpoint(company, web.url), another()
    for act in (delivery.disable_endpoint, delivery.rotate_secret):
        with pytest.raises(NotFoundError):
            act(neighbor.context(), endpoint_id=made.endpoint_id, now=clock.now())
    with pytest.raises(NotFoundError):
        delivery.calls(neighbor.context(), endpoint_id=made.endpoint_id)
    assert delivery.endpoints(neighbor.context()) == []
    assert tell(neighbor) == []
