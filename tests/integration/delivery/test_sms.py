"""SMS through a gateway that follows the document: sent once, asked when in doubt, reported by a signed receipt."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client, override_settings
from standardwebhooks import Webhook
from tests.integration.delivery.posting import Company
from tests.integration.delivery.web import Gateway, Web

from trustdesk.decision.contracts import Channel
from trustdesk.delivery import api as delivery
from trustdesk.delivery.contracts import RECEIPT_PATH, State
from trustdesk.kernel import clock
from trustdesk.kernel.errors import RefusedError

SECRET = "whsec_dGhlIHNlY3JldCBvZiB0aGUgZ2F0ZXdheSdzIHJlY2VpcHRz"
OTHER = "whsec_YW5vdGhlciBzZWNyZXQgdGhhdCBpcyBub3QgdGhlIGdhdGV3YXlz"


@pytest.fixture
def gateway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    gateway = Gateway()
    with Web(tmp_path, answer=gateway.answer) as web:
        monkeypatch.setenv("SSL_CERT_FILE", str(web.certificate))
        with override_settings(
            TRUSTDESK_SMS_URL=f"{web.url}/sms/",
            TRUSTDESK_SMS_KEY=gateway.key,
            TRUSTDESK_SMS_RECEIPT_SECRET=SECRET,
            EMAIL_TIMEOUT=1.0,
        ):
            yield gateway


def receipt(company: Company, gateway: Gateway, kind: str, *, secret: str = SECRET, **more: str) -> delivery.Learnt:
    (name,) = gateway.sent
    body = json.dumps({"type": kind, "timestamp": "2026-11-25T09:00:00Z", "data": {"id": name, **more}})
    return delivery.take_receipt(body.encode(), signed(body, secret), now=clock.now())


def signed(body: str, secret: str = SECRET) -> dict[str, str]:
    now = datetime.now(UTC)
    signature = Webhook(secret).sign("receipt_1", now, body)
    return {"webhook-id": "receipt_1", "webhook-timestamp": str(int(now.timestamp())), "webhook-signature": signature}


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
    company: Company, gateway: Gateway, answer: tuple[int, dict[str, str], bytes], state: State, reason: str
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
            RECEIPT_PATH, body, content_type="application/json", headers=signed(body, secret)
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
