"""Bad requests and faults of ours: a problem without personal data, and nothing lost."""

import socket
import uuid
from collections.abc import Callable, Iterator
from typing import NoReturn
from urllib.parse import urlsplit

import httpx
import pytest
from tests.integration.api.calling import PERSON, PHONE, SECRETS, Caller, Company
from tests.integration.api.test_api_access import assert_problem

from trustdesk.api.bodies import MAX_JSON
from trustdesk.register import api as register


def send(
    caller: Caller,
    path: str,
    content: bytes,
    content_type: str = "application/json",
    **more: str,
) -> httpx.Response:
    headers = {
        **caller.headers(),
        "Content-Type": content_type,
        "Idempotency-Key": str(uuid.uuid4()),
        **{name.replace("_", "-"): value for name, value in more.items()},
    }
    return caller.client.post(caller.base + path, headers=headers, content=content)


@pytest.mark.parametrize(
    "body",
    [b"{", b"\xff", b'{"query": NaN}', b'{"query": "\\ud800"}', b"[" * 50_000, '{"query": "Mäkelä'.encode()],
)
def test_what_is_not_json(caller: Caller, body: bytes) -> None:
    assert_problem(send(caller, "/customers/search", body), 400, "bad-json")


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b'"text"', b"7", b'{"query": ["a"]}', b'{"query": {"a": 1}}'])
def test_json_of_another_shape(caller: Caller, body: bytes) -> None:
    assert_problem(send(caller, "/customers/search", body), 422, "bad-input")


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_another_media_type(caller: Caller, content_type: str) -> None:
    response = send(caller, "/customers/search", b'{"query": "x"}', content_type)
    assert_problem(response, 415, "wrong-media")
    assert response.headers["Accept"] == "application/json"


def test_a_body_too_large(caller: Caller) -> None:
    body = b'{"query": "' + b"x" * MAX_JSON + b'"}'
    assert_problem(send(caller, "/customers/search", body), 413, "too-large")
    assert_problem(send(caller, "/customers/search", body * 4), 413, "too-large")


def test_a_body_without_a_length(caller: Caller) -> None:
    def pieces() -> Iterator[bytes]:
        yield b'{"query": "x"}'

    headers = {**caller.headers(), "Content-Type": "application/json"}
    response = caller.client.post(caller.base + "/customers/search", headers=headers, content=pieces())
    assert_problem(response, 411, "no-length")


def test_no_such_address_and_no_such_method(caller: Caller, address: str) -> None:
    assert_problem(caller.get("/nothing/here"), 404, "not-found")
    assert_problem(caller.client.get(address + "/api/v2/customers"), 404, "not-found")
    response = caller.client.delete(f"{caller.base}/customers", headers=caller.headers())
    assert_problem(response, 405, "wrong-method")
    assert set(response.headers["Allow"].split(", ")) == {"GET", "POST"}


def test_a_foreign_host_name(caller: Caller) -> None:
    response = caller.client.get(f"{caller.base}/customers", headers={**caller.headers(), "Host": "evil.example"})
    assert_problem(response, 400, "bad-request")


def raises(error: Exception) -> Callable[..., NoReturn]:
    def fail(*_args: object, **_kwargs: object) -> NoReturn:
        raise error

    return fail


def test_a_fault_of_ours_tells_nothing(
    caller: Caller,
    north: Company,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(register, "card", raises(RuntimeError("no traceback leaves")))
    response = caller.get(f"/customers/{north.customer}")
    assert_problem(response, 500, "fault")
    assert "traceback" not in response.text


def test_an_opening_stays_in_the_log_when_the_answer_fails(
    caller: Caller,
    north: Company,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def looks() -> int:
        entries = caller.get(f"/customers/{north.customer}/openings", limit=200).json()["items"]
        return sum(entry["what"] == "register.card" for entry in entries)

    before = looks()
    with monkeypatch.context() as patched:
        patched.setattr("trustdesk.api.routes.customers.CustomerCard.of", raises(RuntimeError("after the opening")))
        assert caller.get(f"/customers/{north.customer}").status_code == 500
    assert looks() == before + 1


def test_headers_can_t_be_smuggled(caller: Caller, north: Company, address: str) -> None:
    """Line breaks in what a caller sends never become a header of the answer."""
    place = urlsplit(address)
    for injected in ("X-Evil: 1", "Set-Cookie: a=b"):
        for line in (
            f"GET /api/v1/customers/{north.customer}%0d%0a{injected.replace(' ', '%20')} HTTP/1.1",
            f"GET /api/v1/customers?cursor=x%0d%0a{injected.replace(' ', '%20')} HTTP/1.1",
            f"GET /api/v1/problems/x%0d%0a{injected.replace(' ', '%20')} HTTP/1.1",
        ):
            with socket.create_connection((place.hostname, place.port), timeout=10) as raw:
                head = f"{line}\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {caller.secret}\r\n"
                raw.sendall(f"{head}Trustdesk-Purpose: service\r\nConnection: close\r\n\r\n".encode())
                answer = b""
                while piece := raw.recv(65536):
                    answer += piece
            headers = answer.partition(b"\r\n\r\n")[0].decode().split("\r\n")
            assert not [header for header in headers if header.startswith(injected[:5])]


def test_a_location_holds_an_identifier_only(caller: Caller, north: Company) -> None:
    response = caller.post(f"/customers/{north.customer}/notes", {"text": "a\r\nX-Evil: 1"})
    assert response.status_code == 201
    assert response.headers["Location"] == f"/api/v1/customers/{north.customer}"
    assert "X-Evil" not in response.headers


@pytest.mark.parametrize(
    "payload",
    [
        "<script>alert(1)</script>",
        "'; DROP TABLE register_customer; --",
        "=cmd|' /C calc'!A0",
        "\u202egnirts",
        "𐍈" * 50,
    ],
)
def test_texts_come_back_as_they_were(caller: Caller, north: Company, payload: str) -> None:
    made = caller.post(f"/customers/{north.customer}/notes", {"text": payload})
    assert made.status_code == 201, made.text
    response = caller.get(f"/customers/{north.customer}")
    assert payload in [note["text"] for note in response.json()["notes"]]
    assert response.headers["Content-Type"].startswith("application/json")
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_nothing_of_a_call_is_written_to_the_log_file(
    caller: Caller,
    north: Company,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    for query in (PERSON, PHONE):
        caller.post("/customers/search", {"query": query})
    caller.get(f"/customers/{north.customer}")
    send(caller, "/customers/search", f'{{"{PERSON}": 1}}'.encode())
    printed = "".join(capfd.readouterr()) + caplog.text
    assert not [secret for secret in (*SECRETS, caller.secret) if secret in printed]
