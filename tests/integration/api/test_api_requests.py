"""Another system of the company hands over a request, by the names of OpenDSR, and follows it."""

import uuid
from datetime import timedelta

import pytest
from tests.integration.api.calling import Caller, Company

from trustdesk.kernel import clock
from trustdesk.rights import api as rights
from trustdesk.rights.contracts import State


def form(**more: object) -> dict[str, object]:
    identity = {"identity_type": "email", "identity_value": "aino@example.com", "identity_format": "raw"}
    return {
        "regulation": "gdpr",
        "subject_request_id": str(uuid.uuid4()),
        "subject_request_type": "erasure",
        "submitted_time": clock.rfc3339(clock.now() - timedelta(days=1)),
        "subject_identities": [identity],
        "api_version": "1.0",
    } | more


def test_a_request_is_handed_over_and_followed(caller: Caller, north: Company) -> None:
    sent = form(words="Forget me.", language="fi")
    answer = caller.post("/opendsr_requests", sent)
    assert answer.status_code == 201, answer.text
    receipt = answer.json()
    assert receipt["subject_request_id"] == sent["subject_request_id"]
    assert receipt["controller_id"] == str(north.controller_id)
    assert receipt["received_time"] < receipt["expected_completion_time"]
    status = caller.get(f"/opendsr_requests/{sent['subject_request_id']}").json()
    assert (status["request_status"], status["state"], status["law"]) == ("pending", "received", "GDPR Art. 17")
    assert status["expected_completion_time"] == receipt["expected_completion_time"]
    view = rights.by_external(north.context(), external_id=str(sent["subject_request_id"]), now=clock.now())
    assert (view.customer_id, view.proved) == (north.customer_id, None), "it finds the customer and proves nothing"
    told = rights.whole(north.context(), request_id=view.request_id, now=clock.now()).told
    assert (told.words, told.reply_to) == ("Forget me.", "email: aino@example.com")


def test_the_same_number_again_is_the_first_one(caller: Caller) -> None:
    sent = form()
    first, again = (caller.post("/opendsr_requests", sent) for _each in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert caller.get("/discovery").json()["supported_subject_request_types"][0] == "access"


def test_the_person_takes_it_back(caller: Caller, north: Company) -> None:
    sent = form(subject_request_type="access")
    caller.post("/opendsr_requests", sent)
    answer = caller.delete(f"/opendsr_requests/{sent['subject_request_id']}")
    assert answer.status_code == 202, answer.text
    status = caller.get(f"/opendsr_requests/{sent['subject_request_id']}").json()
    assert (status["request_status"], status["state"]) == ("cancelled", State.WITHDRAWN)


@pytest.mark.parametrize(
    "more",
    [
        {"regulation": "ccpa"},
        {"subject_request_id": "not-a-number"},
        {"subject_identities": []},
        {"subject_identities": [{"identity_type": "email", "identity_value": "x", "identity_format": "md5"}]},
        {"submitted_time": clock.rfc3339(clock.now() + timedelta(days=2))},
        {"status_callback_urls": ["https://somewhere.example/callback"]},
        {"sorry": "no"},
    ],
)
def test_what_does_not_fit_is_refused(caller: Caller, more: dict[str, object]) -> None:
    answer = caller.post("/opendsr_requests", form(**more))
    assert answer.status_code == 422
    assert "aino@example.com" not in answer.text


def test_an_identity_that_nobody_has_finds_nobody(caller: Caller, north: Company) -> None:
    names = [("email", "nobody@example.com"), ("controller_customer_id", "0000000000000")]
    for kind, value in names:
        identity = {"identity_type": kind, "identity_value": value, "identity_format": "raw"}
        sent = form(subject_identities=[identity])
        assert caller.post("/opendsr_requests", sent).status_code == 201
        view = rights.by_external(north.context(), external_id=str(sent["subject_request_id"]), now=clock.now())
        assert view.customer_id is None


def test_our_own_number_finds_the_customer(caller: Caller, north: Company) -> None:
    identity = {"identity_type": "controller_customer_id", "identity_value": north.customer, "identity_format": "raw"}
    sent = form(subject_identities=[identity])
    caller.post("/opendsr_requests", sent)
    view = rights.by_external(north.context(), external_id=str(sent["subject_request_id"]), now=clock.now())
    assert view.customer_id == north.customer_id


def test_a_neighbor_and_a_token_without_the_right_have_nothing_of_it(
    caller: Caller, neighbor: Caller, north: Company, address: str
) -> None:
    sent = form()
    caller.post("/opendsr_requests", sent)
    place = f"/opendsr_requests/{sent['subject_request_id']}"
    assert neighbor.get(place).status_code == 404
    assert neighbor.post("/opendsr_requests", sent).status_code == 201, "the same number is another request there"
    reader = Caller(address + "/api/v1", north.token("customer:open").secret)
    assert reader.get(place).status_code == 403
    assert reader.post("/opendsr_requests", form()).status_code == 403
    reader.client.close()
