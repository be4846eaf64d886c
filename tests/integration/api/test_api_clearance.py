"""May somebody be contacted, and what was said about it: asked and recorded by another system."""

import uuid

import pytest
from tests.clearing import VERSION, declare_similar, declare_under
from tests.integration.api.calling import Caller, Company, add_customer

from trustdesk.api.idempotency import REPLAYED
from trustdesk.kernel import clock
from trustdesk.kernel.ids import new_id, to_public
from trustdesk.register import api as register

WORDS = "Kyllä, lähettäkää uutisia."
MARK: dict[str, str] = {"purpose": "news", "channel": "email"}


@pytest.fixture
def customer(north: Company) -> str:
    """Somebody of a company that says what it contacts people for."""
    declare_under(north.context(), languages=("fi", "en"))
    return f"/customers/{to_public(add_customer(north))}"


def ticked(**more: object) -> dict[str, object]:
    return (
        MARK
        | {
            "state": "given",
            "at": clock.now().isoformat(),
            "method": "web_form",
            "words": WORDS,
            "notice_version": VERSION,
            "notice_language": "fi",
        }
        | more
    )


def outcome(caller: Caller, customer: str, **more: str) -> str:
    answer = caller.get(f"{customer}/clearance", **(MARK | more))
    assert answer.status_code == 200, answer.text
    return str(answer.json()["outcome"])


def test_purposes_say_on_what_they_rest(caller: Caller, customer: str) -> None:
    told = {each["purpose"]: each for each in caller.get("/purposes").json()}
    assert (told["news"]["legal_basis"], told["news"]["assessed"]) == ("eu-gdpr:A6-1-a", None)
    assert told["offers"]["assessed"] is False


def test_a_consent_opens_and_a_withdrawal_shuts(caller: Caller, customer: str) -> None:
    assert outcome(caller, customer) == "deny"
    given = caller.post(f"{customer}/consents", ticked())
    assert given.status_code == 201
    assert outcome(caller, customer) == "permit"
    before = caller.get(f"{customer}/clearance", **MARK, at="2020-01-01T00:00:00Z").json()
    assert before["outcome"] == "deny"
    assert all(reason["statute"] and reason["words"] for reason in before["reasons"])
    back = caller.post(f"{customer}/withdrawals", MARK | {"method": "reply"})
    assert back.status_code == 201
    assert outcome(caller, customer) == "deny"


@pytest.mark.usefixtures("customer")
def test_what_is_offered_is_said_with_the_question(caller: Caller, north: Company) -> None:
    """A customer in Finland who bought electricity may be told of it by mail (SVPL 200 § 3 mom.)."""
    context, now = north.context(), clock.now()
    number = add_customer(north, email=f"a{new_id()}@example.com")
    customer = f"/customers/{to_public(number)}"
    obtained = caller.post(f"{customer}/collections", {"from_sale": True, "told": True, "refused": False})
    assert (obtained.status_code, set(obtained.json())) == (201, {"customer_id", "collection_id"})
    register.set_country(context, customer_id=number, country="FI", now=now)
    stands = {"customer_since": "2020-01-01", "product_groups": ["electricity"]}
    assert caller.post(f"{customer}/relationship", stands).status_code < 300
    asked = {"purpose": declare_similar(context)}
    assert outcome(caller, customer, **asked) == "undecided"
    assert outcome(caller, customer, **asked, product="electricity") == "permit"
    other = caller.get(f"{customer}/clearance", **(MARK | asked), product="insurance").json()
    assert (other["outcome"], other["known"]["What is offered"]) == ("deny", "insurance")


def test_an_objection_counts_over_a_consent(caller: Caller, customer: str) -> None:
    caller.post(f"{customer}/consents", ticked())
    objected = caller.post(f"{customer}/objections", {"kind": "marketing", "method": "reply"})
    assert objected.status_code == 201
    assert set(objected.json()) == {"customer_id", "objection_id"}
    assert outcome(caller, customer) == "deny"


def test_consents_come_out_as_records_with_their_words(caller: Caller, customer: str) -> None:
    caller.post(f"{customer}/consents", ticked())
    records = caller.get(f"{customer}/consents").json()
    assert [record["@type"] for record in records] == ["dpv:ConsentRecord"]
    assert records[0]["dpv:hasProcess"]["dpv:hasPurpose"]["dct:identifier"] == "news"
    assert records[0]["dpv:hasConsentStatus"][0]["td:words"] == WORDS
    openings = caller.get(f"{customer}/openings").json()["items"]
    assert "clearance.words" in {entry["what"] for entry in openings}


def test_consents_go_from_one_customer_s_records_into_another_s(caller: Caller, north: Company, customer: str) -> None:
    caller.post(f"{customer}/consents", ticked())
    proof = {"source_id": north.source, "document_sha256": "ab" * 32, "reference": "export of the old system"}
    form = proof | {"records": caller.get(f"{customer}/consents").json()}
    other = f"/customers/{to_public(add_customer(north))}"
    taken = caller.post(f"{other}/consents/records", form)
    assert taken.status_code == 201, taken.text
    status = caller.get(f"{other}/consents").json()[0]["dpv:hasConsentStatus"][0]
    assert (status["dpv:hasIndicationMethod"], status["td:words"]) == ("import", WORDS)
    assert caller.post(f"{other}/consents/records", form).json() == taken.json()
    nowhere = form | {"source_id": to_public(new_id())}
    assert caller.post(f"{customer}/consents/records", nowhere).status_code == 422
    broken = proof | {"records": [{"@type": "dpv:Nothing"}]}
    refused = caller.post(f"{other}/consents/records", broken)
    assert refused.status_code == 422
    assert "[0].@type" in refused.text


def test_a_repeated_consent_is_recorded_once(caller: Caller, customer: str) -> None:
    form, key = ticked(), str(uuid.uuid4())
    first = caller.post(f"{customer}/consents", form, key=key)
    again = caller.post(f"{customer}/consents", form, key=key)
    assert (again.status_code, again.json(), again.headers[REPLAYED]) == (201, first.json(), "?1")
    by_another_key = caller.post(f"{customer}/consents", form)
    assert by_another_key.json() == first.json()


@pytest.mark.parametrize(
    "wrong",
    [
        {"words": ""},
        {"notice_version": "never-published"},
        {"method": "told_operator"},
        {"document_sha256": "abc"},
        {"state": "maybe"},
        {"channel": "pigeon"},
        {"at": "2999-01-01T00:00:00Z"},
        {"at": "yesterday"},
        {"strange": 1},
        {"spoken_ms": [1]},
    ],
)
def test_what_proves_nothing_is_refused(caller: Caller, customer: str, wrong: dict[str, object]) -> None:
    answer = caller.post(f"{customer}/consents", ticked(**wrong))
    assert answer.status_code == 422
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert WORDS not in answer.text
    assert outcome(caller, customer) == "deny"


def test_an_objection_is_to_one_thing(caller: Caller, customer: str) -> None:
    both = {"purpose": "news", "kind": "marketing", "method": "reply"}
    assert caller.post(f"{customer}/objections", both).status_code == 422


@pytest.mark.parametrize("asked", [{"purpose": "news"}, {"channel": "email"}, {"channel": "pigeon", "purpose": "news"}])
def test_half_a_question_is_no_question(caller: Caller, customer: str, asked: dict[str, str]) -> None:
    assert caller.get(f"{customer}/clearance", **asked).status_code == 422


@pytest.mark.parametrize("said", [{}, {"from_sale": True, "at": "2999-01-01T00:00:00Z"}, {"told": "perhaps"}])
def test_how_an_address_came_has_to_be_said(caller: Caller, customer: str, said: dict[str, object]) -> None:
    assert caller.post(f"{customer}/collections", said).status_code == 422


def test_an_undeclared_purpose_is_not_found(caller: Caller, customer: str) -> None:
    assert caller.get(f"{customer}/clearance", **(MARK | {"purpose": "nothing"})).status_code == 404
    assert caller.post(f"{customer}/consents", ticked(purpose="nothing")).status_code == 404


def test_a_neighbor_learns_and_changes_nothing(caller: Caller, neighbor: Caller, customer: str) -> None:
    caller.post(f"{customer}/consents", ticked())
    for here in (customer, f"/customers/{to_public(new_id())}"):
        assert neighbor.get(f"{here}/clearance", **MARK).status_code == 404
        assert neighbor.get(f"{here}/consents").status_code == 404
        assert neighbor.post(f"{here}/withdrawals", MARK | {"method": "reply"}).status_code == 404
        assert neighbor.post(f"{here}/objections", {"method": "reply"}).status_code == 404
    assert "news" not in {each["purpose"] for each in neighbor.get("/purposes").json()}
    assert outcome(caller, customer) == "permit"


def test_a_token_that_reads_records_nothing(caller: Caller, north: Company, customer: str) -> None:
    reading = Caller(caller.base, north.token("clearance:read").secret, client=caller.client)
    assert outcome(reading, customer) == "deny"
    assert reading.post(f"{customer}/consents", ticked()).status_code == 403
    assert reading.get(f"{customer}/consents").status_code == 403
