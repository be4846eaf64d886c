"""A form of the company's own, handed over by its web server."""

import uuid

from tests.integration.api.calling import Caller, Company

from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import NewPurpose, NoticeKind, NoticeText
from trustdesk.decision.contracts import PurposeKind
from trustdesk.kernel import clock
from trustdesk.kernel.errors import ConflictError

VERSION = "forms-1"
_TEXT = dict.fromkeys(("who", "purpose", "further_use", "legal_basis", "retention", "recipients", "rights"), "words")


def prepared(company: Company) -> None:
    context, now = company.context(), clock.now()
    purpose = NewPurpose(
        code="offers",
        label="Offers",
        term="dpv:DirectMarketing",
        kind=PurposeKind.MARKETING,
        legal_basis="eu-gdpr:A6-1-a",
    )
    try:
        clearance.declare_purpose(context, purpose=purpose, now=now)
    except ConflictError:
        return
    text = NoticeText(**_TEXT, where_the_rest_is="https://example.com/privacy")
    clearance.publish_notice(context, kind=NoticeKind.CONSENT, version=VERSION, texts={"en": text}, now=now)


def form(email: str = "aino@example.com", **more: str) -> dict[str, str]:
    values = {"purpose": "offers", "words": "Yes, send me offers.", "notice_version": VERSION, "language": "en"}
    return {"email": email, "reference": "form 7", **values, **more}


def test_the_answer_is_the_same_for_everybody(caller: Caller, north: Company) -> None:
    prepared(north)
    known, unknown = (caller.post("/consents/forms", form(f"{name}@example.com")) for name in ("aino", uuid.uuid4()))
    assert (known.status_code, unknown.status_code) == (202, 202)
    assert known.json().keys() == unknown.json().keys() == {"form_id"}
    assert known.headers.keys() == unknown.headers.keys()


def test_sent_again_it_is_done_once(caller: Caller, north: Company) -> None:
    prepared(north)
    key = str(uuid.uuid4())
    first, again = (caller.post("/consents/forms", form(), key=key) for _ in range(2))
    assert first.json() == again.json()
    assert again.headers["Idempotency-Replayed"] == "?1"


def test_what_can_not_be_taken_is_a_problem_without_the_address(caller: Caller, north: Company) -> None:
    prepared(north)
    for body, status in (
        (form("nobody at all"), 422),
        (form("\x00@example.com"), 422),
        (form("+358 40 123 4567"), 422),
        (form(notice_version="1900"), 422),
        (form(purpose="nothing"), 404),
        ({**form(), "channel": "sms"}, 422),
    ):
        answer = caller.post("/consents/forms", body)
        assert answer.status_code == status, answer.text
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert body["email"] not in answer.text


def test_it_takes_a_token_that_may_record_consents(address: str, north: Company, caller: Caller) -> None:
    prepared(north)
    poorer = Caller(address + "/api/v1", north.token("customer:open", "clearance:read").secret)
    assert poorer.post("/consents/forms", form()).status_code == 403
    outsider = Caller(address + "/api/v1", "no token of anybody")
    assert outsider.post("/consents/forms", form()).status_code == 401
    for each in (poorer, outsider):
        each.client.close()


def test_a_neighbor_knows_neither_purpose_nor_notice(north: Company, neighbor: Caller) -> None:
    prepared(north)
    assert neighbor.post("/consents/forms", form()).status_code == 404
