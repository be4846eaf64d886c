"""SMS through a gateway that follows the document: sent once, asked when in doubt, reported by a signed receipt."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.integration.delivery.posting import Company
from tests.integration.delivery.web import SECRET, Gateway, Request, gateway_here, receipt_of, signed

from trustdesk.decision.contracts import Channel
from trustdesk.delivery import api as delivery
from trustdesk.delivery.contracts import RECEIPT_PATH, State
from trustdesk.kernel import clock
from trustdesk.kernel.errors import RefusedError
from trustdesk.register import api as register
from trustdesk.register.contracts import ConfirmedBy, ValueKind

OTHER = "whsec_YW5vdGhlciBzZWNyZXQgdGhhdCBpcyBub3QgdGhlIGdhdGV3YXlz"
MESSAGE = {
    "id": "06z9v6mzna000.1.frjukoiebysgkmje",
    "to": "+358401234567",
    "from": "Company",
    "text": "News",
    "valid_until": "2126-11-28T09:00:00.000000Z",
    "receipt_url": "https://desk.example.org/api/receipts/sms/",
}


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Gateway]:
    with gateway_here(tmp_path) as gateway:
        yield gateway


def receipt(company: Company, gateway: Gateway, kind: str, *, secret: str = SECRET, **more: str) -> delivery.Learnt:
    (name,) = gateway.sent
    body, headers = receipt_of(name, kind, secret=secret, **more)
    return delivery.take_receipt(body.encode(), headers, now=clock.now())


def asked(**more: object) -> Request:
    """A request as the document has it, but for what is said here."""
    said = MESSAGE | more.pop("said", {})  # type: ignore[operator]
    headers = {
        "Authorization": f"Bearer {Gateway.key}",
        "Idempotency-Key": f'"{said["id"]}"',
        "Content-Type": "application/json",
    }
    values: dict[str, Any] = {"method": "POST", "path": "/sms/messages", "body": json.dumps(said).encode()}
    return Request(headers=headers | more.pop("headers", {}), **(values | more))  # type: ignore[operator]


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({}, 202),
        ({"headers": {"Authorization": "Bearer other"}}, 401),
        ({"headers": {"Idempotency-Key": MESSAGE["id"]}}, 422),
        ({"headers": {"Content-Type": "text/plain"}}, 422),
        ({"path": "/sms/message"}, 404),
        ({"said": {"to": "040 1234567"}}, 422),
        ({"said": {"from": "Longer than 11"}}, 422),
        ({"said": {"id": "x" * 42}}, 422),
        ({"said": {"valid_until": "tomorrow"}}, 422),
        ({"said": {"more": "than it may say"}}, 422),
        ({"body": b"no JSON"}, 422),
    ],
)
def test_the_tests_gateway_holds_to_the_document(wrong: dict[str, object], status: int) -> None:
    answer = Gateway().answer(asked(**wrong))
    assert answer is not None
    assert answer[0] == status


def test_the_tests_gateway_knows_what_it_took_and_delivers_nothing_too_late() -> None:
    gateway = Gateway()
    assert [gateway.answer(asked())[0] for _time in range(2)] == [202, 200]  # type: ignore[index]
    late = {"id": "late", "valid_until": "2020-01-01T00:00:00Z"}
    assert gateway.answer(asked(said=late))[0] == 202  # type: ignore[index]
    assert gateway.times == [MESSAGE["to"]]
    for name, status in ((MESSAGE["id"], 200), ("unknown", 404)):
        looked = gateway.answer(asked(method="GET", path=f"/sms/messages/{name}", body=b""))
        assert looked is not None
        assert looked[0] == status


def test_a_text_arrives(company: Company, gateway: Gateway) -> None:
    message_id = company.text(company.person())
    company.work(Channel.SMS)
    (said,) = gateway.sent.values()
    assert said["to"] == "+358401234567"
    assert said["from"] == "Sahko"
    assert said["text"].startswith("Advertisement\n\nDear Aino")
    assert "/unsubscribe/" in said["text"]
    assert said["receipt_url"].endswith(RECEIPT_PATH)
    assert company.state(message_id) is State.SENT


def test_without_consent_the_gateway_hears_nothing(company: Company, gateway: Gateway) -> None:
    person = company.person()
    message_id = company.text(person)
    company.withdraw(person, Channel.SMS)
    company.work(Channel.SMS)
    assert company.state(message_id) is State.REFUSED
    assert gateway.sent == {}


@pytest.mark.parametrize(
    ("answer", "state", "reason"),
    [
        ((422, {}, b'{"code": "invalid-number"}'), State.FAILED, "invalid-number"),
        ((422, {}, b'{"code": "no such number +358401234567"}'), State.FAILED, "content-refused"),
        ((429, {}, b'{"code": "too-fast"}'), State.DEFERRED, "too-fast"),
        ((503, {}, b"busy"), State.DEFERRED, "gateway-refused"),
        ((401, {}, b"{}"), State.DEFERRED, "gateway-refused"),
    ],
)
def test_what_the_gateway_says_decides(
    company: Company,
    gateway: Gateway,
    answer: tuple[int, dict[str, str], bytes],
    state: State,
    reason: str,
) -> None:
    message_id = company.text(company.person())
    gateway.fate = lambda _request: answer
    company.work(Channel.SMS)
    view = company.view(message_id)
    assert (view.state, view.reason, view.reply) == (state, reason, answer[0])


@pytest.mark.parametrize("took_it", [True, False])
def test_in_doubt_the_gateway_is_asked(company: Company, gateway: Gateway, *, took_it: bool) -> None:
    message_id = company.text(company.person())
    gateway.fate, gateway.after = (lambda _request: None), took_it
    company.work(Channel.SMS)
    company.work(Channel.SMS)
    assert company.state(message_id) is State.SENT
    assert gateway.times == ["+358401234567"], "sent once"
    asked = ["accepted"] if took_it else ["missing", "permitted", "handing", "accepted"]
    assert company.happenings(message_id) == ["queued", "permitted", "handing", "silence", *asked]


def test_a_receipt_is_believed_by_its_signature(company: Company, gateway: Gateway) -> None:
    message_id = company.text(company.person())
    company.work(Channel.SMS)
    with pytest.raises(RefusedError):
        receipt(company, gateway, "message.delivered", secret=OTHER)
    assert company.view(message_id).delivered_at is None
    assert receipt(company, gateway, "message.delivered") is delivery.Learnt.DELIVERED
    assert company.view(message_id).delivered_at is not None
    assert company.state(message_id) is State.SENT


def test_what_arrived_confirms_the_number_and_what_was_only_sent_does_not(company: Company, gateway: Gateway) -> None:
    person = company.person()

    def confirmed_by() -> ConfirmedBy | None:
        card = register.card(company.context(), person.customer_id, now=clock.now())
        return next(value.confirmed_by for value in card.values if value.kind is ValueKind.PHONE)

    company.text(person)
    company.work(Channel.SMS)
    assert confirmed_by() is None
    receipt(company, gateway, "message.delivered")
    assert confirmed_by() is ConfirmedBy.DELIVERY


def test_what_did_not_arrive_has_bounced(company: Company, gateway: Gateway) -> None:
    message_id = company.text(company.person())
    company.work(Channel.SMS)
    assert receipt(company, gateway, "message.undeliverable", reason="absent") is delivery.Learnt.BOUNCED
    assert (company.state(message_id), company.view(message_id).reason) == (State.BOUNCED, "absent")
    assert receipt(company, gateway, "message.undeliverable") is delivery.Learnt.KNOWN_BEFORE


def test_the_gateways_address_for_receipts(company: Company, gateway: Gateway) -> None:
    message_id = company.text(company.person())
    company.work(Channel.SMS)
    (name,) = gateway.sent
    body = json.dumps({"type": "message.delivered", "timestamp": "2026-11-25T09:00:00Z", "data": {"id": name}})
    client = Client()

    def told(secret: str) -> int:
        return client.post(
            RECEIPT_PATH,
            body,
            content_type="application/json",
            headers=signed(body, secret),
        ).status_code

    assert told(OTHER) == 403
    assert company.view(message_id).delivered_at is None
    assert told(SECRET) == 204
    assert company.view(message_id).delivered_at is not None
    assert client.get(RECEIPT_PATH).status_code == 405


def test_a_receipt_of_something_else_changes_nothing(company: Company, gateway: Gateway) -> None:
    company.text(company.person())
    company.work(Channel.SMS)
    for data in ({"id": "something"}, {"id": "0000000000000.1.aaaaaaaaaaaaaaaa"}):
        body = json.dumps({"type": "message.delivered", "timestamp": "2026-11-25T09:00:00Z", "data": data})
        assert delivery.take_receipt(body.encode(), signed(body), now=clock.now()) is delivery.Learnt.NOT_OURS
