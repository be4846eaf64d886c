"""Who gets in: an outsider, a neighbor, a token that has ended, one that may less, at every address."""

import re
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from django.test import override_settings
from tests.integration.api.calling import SECRETS, Caller, Company, add_customer, found_company, new_client

from trustdesk.accounts import api as accounts
from trustdesk.api.v1 import interface
from trustdesk.kernel import clock
from trustdesk.kernel.ids import new_id, to_public
from trustdesk.mandates import api as mandates
from trustdesk.register import api as register

CLIENT = new_client()


@pytest.fixture(scope="module", autouse=True)
def closed_afterwards() -> Iterator[None]:
    yield
    CLIENT.close()


DOCUMENT = interface.get_openapi_schema()
ROUTES = [
    (method.upper(), path, details)
    for path, methods in DOCUMENT["paths"].items()
    for method, details in methods.items()
    if "security" in details
]
NAMES = [f"{method} {path}" for method, path, _details in ROUTES]


def needed(details: dict[str, Any]) -> str:
    """The operation the document names for a route."""
    return details["description"].rpartition("Operation: `")[2].rstrip("`.") if "Operation: `" in str(details) else ""


def address_of(path: str, company: Company) -> str:
    """The path with the identifiers of a company's own things."""
    card = register.card(company.context(), company.customer_id, now=clock.now())
    return path.format(
        customer_id=company.customer,
        value_id=to_public(card.values[0].value_id),
        source_id=company.source,
        import_id=to_public(new_id()),
        merge_id=to_public(new_id()),
        screening_id=to_public(new_id()),
        campaign_id=to_public(new_id()),
        conversation_id=to_public(new_id()),
        interaction_id=to_public(new_id()),
        follow_up_id=to_public(new_id()),
        complaint_id=to_public(new_id()),
        call_id=to_public(new_id()),
        subject_request_id=str(uuid.uuid4()),
    )


def call(base: str, method: str, path: str, *, secret: str | None, purpose: str = "service") -> httpx.Response:
    headers = {b"Idempotency-Key": to_public(new_id()).encode()}
    if purpose:
        headers[b"Trustdesk-Purpose"] = purpose.encode()
    if secret is not None:
        headers[b"Authorization"] = b"Bearer " + secret.encode()
    if path.endswith("/clearance"):
        path += "?channel=email&purpose=news"
    if path.endswith(("/wav", "/vcon")):
        path += "?purpose=dispute"
    body = FORMS.get(path.removeprefix("/api/v1").split("?")[0].rpartition("/")[2], {}) if method == "POST" else None
    return CLIENT.request(method, base + path, headers=headers, json=body)


FORMS: dict[str, dict[str, object]] = {
    "search": {"query": "Mäkelä"},
    "notes": {"text": "Called back."},
    "values": {"attribute": "name", "text": "Aino Virtanen", "source_id": to_public(new_id())},
    "notices": {"kind": "art14", "version": "2026-1", "given_at": "2026-11-01T00:00:00Z"},
    "relationship": {"customer_since": "2026-01-01"},
    "confirmations": {"by": "customer"},
    "corrections": {"text": "Aino Virtanen", "source_id": to_public(new_id()), "by": "customer"},
    "customers": {
        "kind": "person",
        "values": [{"attribute": "name", "text": "Aino Mäkelä"}],
        "source_id": to_public(new_id()),
    },
    "sources": {"kind": "direct", "name": "Counter"},
    "restriction": {"ground": "a"},
    "merges": {"customer_id": to_public(new_id()), "reason": "same person"},
    "disclosures": {
        "value_ids": [to_public(new_id())],
        "recipient": "Posti Oy",
        "purpose": "dpv:DeliveryOfGoods",
        "legal_basis": "eu-gdpr:A6-1-b",
    },
    "consents": {"purpose": "news", "state": "withdrawn", "at": "2026-01-01T00:00:00Z", "method": "reply"},
    "records": {
        "records": [{"@type": "dpv:ConsentRecord"}],
        "source_id": to_public(new_id()),
        "document_sha256": "0" * 64,
        "reference": "binder 1",
    },
    "withdrawals": {"purpose": "news", "method": "reply"},
    "objections": {"method": "reply"},
    "collections": {"from_sale": True},
    "interactions": {"kind": "call", "direction": "in", "started_at": "2026-11-01T08:00:00Z"},
    "end": {"result": "answered", "ended_at": "2026-11-01T08:10:00Z"},
    "identification": {"customer_id": to_public(new_id())},
    "follow-ups": {"due_at": "2026-12-01T08:00:00Z"},
    "disposition": {"disposition": "done"},
    "reply": {"outcome": "accepted", "text": "Agreed.", "sent_at": "2026-11-02T08:00:00Z"},
    "wordings": {"channel": "email", "code": "spring", "language": "fi", "subject": "Kevät", "text": "Uutisia."},
}


def assert_problem(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert response.status_code == status, response.text
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Cache-Control"] == "no-store"
    body: dict[str, Any] = response.json()
    assert (body["status"], body["code"]) == (status, code)
    assert not [secret for secret in SECRETS if secret in response.text or secret in str(response.headers)]
    return body


@pytest.mark.parametrize(("method", "path", "details"), ROUTES, ids=NAMES)
def test_an_outsider_gets_nowhere(address: str, north: Company, method: str, path: str, details: object) -> None:
    """Nothing, a wrong scheme, an invented token and a broken one are refused alike, before anything is read."""
    here = address_of(path, north)
    tokens = [None, "x", "tdk", f"tdk_{north.controller_id}_{north.customer}_x", "tdk_99999999999_X_y", "ä" * 40]
    for secret in tokens:
        response = call(address, method, here, secret=secret)
        assert_problem(response, 401, "not-signed-in")
        assert response.headers["WWW-Authenticate"].startswith('Bearer realm="trustdesk"')


@pytest.mark.parametrize(("method", "path", "details"), ROUTES, ids=NAMES)
def test_a_token_without_the_operation_is_told_which_is_missing(
    address: str,
    north: Company,
    method: str,
    path: str,
    details: dict[str, Any],
) -> None:
    operation = needed(details)
    if not operation:
        assert path.removeprefix("/api/v1") in {"/attributes", "/sources", "/sources/{source_id}"}
        return
    token = north.token(*(accounts.OPERATIONS - {operation}))
    response = call(address, method, address_of(path, north), secret=token.secret)
    assert_problem(response, 403, "refused")
    assert f'error="insufficient_scope", scope="{operation}"' in response.headers["WWW-Authenticate"]


@pytest.mark.parametrize(
    ("method", "path", "details"),
    [route for route in ROUTES if "{" in route[1]],
    ids=[n for n in NAMES if "{" in n],
)
def test_a_neighbor_finds_nothing_at_any_identifier(
    neighbor: Caller,
    north: Company,
    method: str,
    path: str,
    details: object,
) -> None:
    """North's identifiers, sent by South's system: the same answer as for identifiers that never were."""
    address, secret = neighbor.base.removesuffix("/api/v1"), neighbor.secret
    response = call(address, method, address_of(path, north), secret=secret)
    if path.endswith("/openings"):
        # South's own log about a customer South does not have: only that South asked for it.
        assert {entry["what"] for entry in response.json()["items"]} <= {"audit.entries"}
        return
    assert_problem(response, 404, "not-found")
    invented = re.sub(r"\{\w+\}", lambda _match: to_public(new_id()), path)
    other = call(address, method, invented, secret=secret)
    assert (other.status_code, other.json()) == (response.status_code, response.json())


@pytest.mark.parametrize("text", ["0", "x" * 13, "UUUUUUUUUUUUU", "ZZZZZZZZZZZZZ", "%00" * 13, "...", "1'--", "Ä" * 13])
def test_what_is_no_identifier_is_not_found(caller: Caller, text: str) -> None:
    assert_problem(caller.get(f"/customers/{text}"), 404, "not-found")


def test_identifiers_inside_a_body_do_not_cross_either(neighbor: Caller, north: Company, south: Company) -> None:
    value = to_public(register.card(south.context(), south.customer_id, now=clock.now()).values[0].value_id)
    correction = {"text": "Vilmos", "source_id": north.source, "by": "customer"}
    assert neighbor.post(f"/customers/{south.customer}/values/{value}/corrections", correction).status_code == 404
    stolen = to_public(register.card(north.context(), north.customer_id, now=clock.now()).values[0].value_id)
    correction["source_id"] = south.source
    assert neighbor.post(f"/customers/{south.customer}/values/{stolen}/corrections", correction).status_code == 404


class TestEnds:
    @pytest.fixture
    def path(self, north: Company) -> str:
        return f"/api/v1/customers/{north.customer}"

    def test_an_expired_token(self, address: str, north: Company, path: str) -> None:
        past = clock.now() - timedelta(hours=2)
        token = north.token(now=past, life=timedelta(hours=1))
        assert_problem(call(address, "GET", path, secret=token.secret), 401, "not-signed-in")

    def test_a_revoked_token(self, address: str, north: Company, path: str) -> None:
        token = north.token()
        assert call(address, "GET", path, secret=token.secret).status_code == 200
        mandates.revoke_token(north.context("administration"), token_id=token.id, now=clock.now())
        assert_problem(call(address, "GET", path, secret=token.secret), 401, "not-signed-in")

    def test_an_ended_mandate(self, address: str, north: Company, path: str) -> None:
        past = clock.now() - timedelta(minutes=1)
        mandate = mandates.create_mandate(
            controller_id=north.controller_id,
            processor_id=None,
            purposes=["service", "administration"],
            categories=[mandates.EVERY_CATEGORY],
            operations=accounts.OPERATIONS,
            starts_at=past,
            ends_at=None,
            by=None,
            now=past,
        )
        under = Company(north.controller_id, mandate.id, north.operator_id, north.source_id, north.customer_id)
        token = under.token()
        assert call(address, "GET", path, secret=token.secret).status_code == 200
        mandates.end_mandate(
            controller_id=north.controller_id,
            mandate_id=mandate.id,
            reason="over",
            by=None,
            now=clock.now(),
        )
        assert_problem(call(address, "GET", path, secret=token.secret), 401, "not-signed-in")

    def test_a_disabled_operator(self, address: str, south: Company) -> None:
        company = found_company("Short", "PL")
        token = company.token()
        path = f"/api/v1/customers/{company.customer}"
        assert call(address, "GET", path, secret=token.secret).status_code == 200
        accounts.disable(operator_id=company.operator_id, by=None, now=clock.now())
        assert_problem(call(address, "GET", path, secret=token.secret), 401, "not-signed-in")


def test_a_purpose_is_required_and_must_be_the_token_s(address: str, north: Company) -> None:
    secret, path = north.token().secret, f"/api/v1/customers/{north.customer}"
    body = assert_problem(call(address, "GET", path, secret=secret, purpose=""), 400, "bad-header")
    assert body["place"] == "Trustdesk-Purpose"
    assert_problem(call(address, "GET", path, secret=secret, purpose="marketing"), 403, "refused")


def test_a_cookie_opens_nothing(address: str, north: Company) -> None:
    response = CLIENT.get(f"{address}/api/v1/customers/{north.customer}", headers={"Cookie": "trustdesk_session=x"})
    assert_problem(response, 401, "not-signed-in")


def test_a_token_in_the_address_opens_nothing(address: str, north: Company) -> None:
    response = CLIENT.get(
        f"{address}/api/v1/customers/{north.customer}",
        params={"access_token": north.token().secret},
        headers={"Trustdesk-Purpose": "service"},
    )
    assert_problem(response, 401, "not-signed-in")


def test_calls_are_counted_for_each_token(address: str, north: Company) -> None:
    first, second = north.token(), north.token()
    with override_settings(TRUSTDESK_API_CALLS_A_MINUTE=3):
        answers = [call(address, "GET", "/api/v1/attributes", secret=first.secret) for _ in range(8)]
        other = call(address, "GET", "/api/v1/attributes", secret=second.secret)
    assert other.status_code == 200
    statuses = [answer.status_code for answer in answers]
    # The minute may turn once meanwhile.
    assert statuses.count(200) in {3, 4, 5, 6}
    assert 429 in statuses
    refused = answers[statuses.index(429)]
    assert_problem(refused, 429, "too-many")
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert refused.headers["RateLimit-Policy"] == '"token";q=3;w=60'
    assert refused.headers["RateLimit"].startswith('"token";r=0;t=')


def test_nothing_of_a_refusal_is_remembered_about_people(caller: Caller, north: Company) -> None:
    """A restricted path: what the caller sent comes back nowhere."""
    add_customer(north, name="Väinö Linna")
    response = caller.post("/customers", {"kind": "person", "Väinö Linna": 1, "values": [{"text": "Aino Mäkelä"}]})
    body = assert_problem(response, 422, "bad-input")
    assert "Väinö" not in response.text
    assert {fault["place"] for fault in body["errors"]} >= {"", "/source_id", "/values/0/attribute"}
