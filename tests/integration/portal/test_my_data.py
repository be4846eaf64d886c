"""What is on file, with its origin; still true, put right, and taken back, by whom it is about and nobody else."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.integration.delivery import posting
from tests.integration.delivery.posting import Company
from tests.integration.portal.visiting import Rested, inside

from trustdesk.audit import api as audit
from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import By, ConsentState, Evidence, Method, NewRecipient, RecipientRole
from trustdesk.decision.contracts import Channel
from trustdesk.kernel import clock
from trustdesk.kernel.ids import to_public
from trustdesk.register import api as register
from trustdesk.register.contracts import CardValue, ConfirmedBy, NewSource, NewValue, RestrictionGround, SourceKind


def page_of(company: Company, browser: Client, language: str = "en") -> str:
    browser.cookies["django_language"] = language
    answer = browser.get(f"/my/{company.id}/held/")
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def values(company: Company, customer_id: int) -> dict[str, CardValue]:
    card = register.card(company.context(), customer_id, now=clock.now())
    return {value.attribute: value for value in card.values}


def value_at(company: Company, value_id: int, deed: str) -> str:
    return f"/my/{company.id}/held/{to_public(value_id)}/{deed}/"


def opened(company: Company, customer_id: int) -> int:
    """How often the card was opened, as the log says."""
    return sum(
        entry.what == "register.card" for entry in audit.entries(company.context(), subject=customer_id, limit=100)
    )


def listed(company: Company) -> int:
    bought = NewSource(kind=SourceKind.IMPORT, name="Old system", legal_basis="eu-gdpr:A6-1-b")
    return register.create_source(company.context(), source=bought, now=clock.now())


def test_every_value_stands_with_origin_reason_and_end(company: Company, rested: Rested) -> None:
    person = company.person()
    for attribute, text in (("customer_number", "K-4711"), ("remark", "Her neighbor Liisa has the key.")):
        register.add_value(
            company.context(),
            customer_id=person.customer_id,
            value=NewValue(attribute, text),
            source_id=listed(company),
            now=clock.now(),
        )
    rested(company)
    page = page_of(company, inside(company))
    for words in ("Aino Mäkelä", "aino@example.com", "+358 40 1234567", "K-4711"):
        assert words in page
    assert "from you" in page
    assert "from the list “Old system”" in page
    assert "to help you" in page
    assert "GDPR Art. 6(1)(b)" in page
    assert "3 years after the end of the relationship" in page
    assert "never confirmed" in page
    assert "Liisa" not in page, "what is written freely may speak of others"
    number = values(company, person.customer_id)["customer_number"]
    assert value_at(company, number.value_id, "correct") not in page, "the company's own number is not the customer's"


def test_an_address_that_is_too_new_opens_nothing(company: Company) -> None:
    person = company.person()
    browser = inside(company)
    before = opened(company, person.customer_id)
    page = page_of(company, browser)
    assert "less than thirty days" in page
    assert "Aino" not in page
    assert "+358" not in page
    assert "What you agreed to" in page, "consents are taken back all the same"
    assert opened(company, person.customer_id) == before
    held = values(company, person.customer_id)["phone"]
    assert browser.post(value_at(company, held.value_id, "confirm")).status_code == 404
    assert browser.post(value_at(company, held.value_id, "correct"), {"text": "+358401234500"}).status_code == 404
    assert values(company, person.customer_id)["phone"] == held


def test_a_value_is_confirmed_by_the_person(company: Company, rested: Rested) -> None:
    person = company.person()
    rested(company)
    browser = inside(company)
    held = values(company, person.customer_id)["phone"]
    answer = browser.post(value_at(company, held.value_id, "confirm"))
    assert answer.headers["Location"].endswith(f"#value-{to_public(held.value_id)}")
    now = values(company, person.customer_id)["phone"]
    assert now.confirmed_by is ConfirmedBy.CUSTOMER
    assert now.confirmed_at is not None
    assert "you confirmed it: today" in page_of(company, browser)


def test_a_value_is_put_right_by_the_person_and_no_list_overwrites_it(company: Company, rested: Rested) -> None:
    person = company.person()
    rested(company)
    browser = inside(company)
    held = values(company, person.customer_id)["phone"]
    question = browser.get(value_at(company, held.value_id, "correct")).content.decode()
    assert "We tell the old address" in question
    assert "You came in by this address" not in question
    answer = browser.post(value_at(company, held.value_id, "correct"), {"text": "040 765 4321"})
    assert answer.status_code == 302
    now = values(company, person.customer_id)["phone"]
    assert (now.text, now.rectified, now.confirmed_by) == ("+358407654321", True, ConfirmedBy.CUSTOMER)
    assert (now.source_kind, now.label) == (SourceKind.DIRECT, held.label)
    stale = browser.post(value_at(company, held.value_id, "correct"), {"text": "040 765 4322"})
    assert stale.status_code == 404, "what no longer counts is not corrected"


def test_who_was_given_what_the_person_puts_right_is_told(company: Company, rested: Rested) -> None:
    person = company.person()
    rested(company)
    browser, now = inside(company), clock.now()
    new = NewRecipient(
        name="Reader",
        role=RecipientRole.PROCESSOR,
        country="FI",
        purposes=["service"],
        categories=["dpv:PersonalData"],
        notice_email="privacy@reader.example",
    )
    clearance.declare_recipient(company.context(), recipient=new, now=now)
    held = values(company, person.customer_id)["phone"]
    register.record_disclosure(
        company.context(),
        customer_id=person.customer_id,
        value_ids=[held.value_id],
        recipient="Reader",
        purpose="dpv:CustomerCare",
        legal_basis="eu-gdpr:A6-1-b",
        now=now,
    )
    browser.post(value_at(company, held.value_id, "correct"), {"text": "040 765 4321"})
    told = [one for one in audit.entries(company.context(), limit=20) if one.what == "delivery.noticed"]
    assert len(told) == 1


def test_what_was_typed_stays_where_it_is_wrong(company: Company, rested: Rested) -> None:
    person = company.person()
    rested(company)
    browser = inside(company)
    held = values(company, person.customer_id)
    answer = browser.post(value_at(company, held["email"].value_id, "correct"), {"text": "aino at home"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="aino at home"' in page
    assert "You came in by this address" in page
    assert values(company, person.customer_id) == held
    empty = browser.post(value_at(company, held["email"].value_id, "correct"), {"text": " "})
    assert empty.status_code == 422


def test_a_neighbor_and_a_stranger_reach_nothing(company: Company, rested: Rested) -> None:
    aino, other = company.person(), company.person("bertta@example.com", "+358409999999")
    next_door = posting.company()
    there = next_door.person()
    rested(company)
    rested(next_door)
    browser = inside(company)
    page = page_of(company, browser)
    assert "bertta" not in page
    assert "9999999" not in page
    for theirs, who in (
        (values(company, other.customer_id), company),
        (values(next_door, there.customer_id), next_door),
    ):
        held = theirs["phone"]
        for deed in ("confirm", "correct"):
            answer = browser.post(value_at(company, held.value_id, deed), {"text": "+358401111111"})
            assert answer.status_code == 404
        assert values(who, held.customer_id)["phone"] == held
    own = values(company, aino.customer_id)["phone"]
    for client, where in ((Client(), company), (browser, next_door)):
        for deed in ("confirm", "correct"):
            answer = client.post(value_at(where, own.value_id, deed), {"text": "+358401111111"})
            assert answer.status_code == 302
            assert answer.headers["Location"] == f"/my/{where.id}/"
        assert client.get(f"/my/{where.id}/held/").headers["Location"] == f"/my/{where.id}/"
    assert values(company, aino.customer_id)["phone"] == own


def test_who_is_restricted_is_not_opened(company: Company, rested: Rested) -> None:
    person = company.person()
    rested(company)
    browser = inside(company)
    register.lock(
        company.context(), customer_id=person.customer_id, ground=RestrictionGround.ACCURACY_CONTESTED, now=clock.now()
    )
    page = page_of(company, browser)
    assert "Your data may only be stored" in page
    assert "Aino" not in page
    held = values(company, person.customer_id)["phone"]
    assert browser.post(value_at(company, held.value_id, "correct"), {"text": "040 765 4321"}).status_code == 404


def consent(company: Company, customer_id: int, channel: Channel | None, state: ConsentState, **more: object) -> None:
    given = state is ConsentState.GIVEN
    evidence = Evidence(
        method=Method.WEB_FORM,
        by=By.PERSON,
        words="Yes" if given else "",
        notice_version=posting.VERSION if given else "",
        notice_language="en" if given else "",
    )
    now = clock.now()
    clearance.record_consent(
        company.context(),
        customer_id=customer_id,
        purpose="news",
        channel=channel,
        state=state,
        evidence=evidence,
        at=now,
        now=now,
        **more,  # type: ignore[arg-type]
    )


def test_a_consent_is_taken_back_and_only_one_that_is_in_force(company: Company) -> None:
    person = company.person()
    browser = inside(company)
    assert page_of(company, browser).count("Take back my consent: ") == 2  # mail, SMS
    address = f"/my/{company.id}/held/withdraw/"
    assert browser.post(address, {"purpose": "news", "channel": "email"}).status_code == 302
    newest = clearance.consents(company.context(), person.customer_id)[0]
    assert (newest.state, newest.channel) == (ConsentState.WITHDRAWN, Channel.EMAIL)
    assert page_of(company, browser).count("Take back my consent: ") == 1
    for wrong in ({"purpose": "news", "channel": "email"}, {"purpose": "service", "channel": "sms"}, {}):
        assert browser.post(address, wrong).status_code == 404
    assert Client().post(address, {"purpose": "news", "channel": "sms"}).headers["Location"] == f"/my/{company.id}/"
    assert clearance.consents(company.context(), person.customer_id)[0] == newest


def test_an_end_for_every_way_ends_each_and_one_that_ran_out_is_none(company: Company) -> None:
    person = company.person()
    browser = inside(company)
    consent(company, person.customer_id, Channel.EMAIL, ConsentState.GIVEN, until=clock.now() + timedelta(seconds=1))
    consent(company, person.customer_id, None, ConsentState.WITHDRAWN)
    assert "Take back my consent: " not in page_of(company, browser)
    consent(company, person.customer_id, Channel.SMS, ConsentState.GIVEN)
    page = page_of(company, browser)
    assert re.findall(r"Take back my consent: ([^\"]+)\"", page) == ["news, Text message"]


@pytest.mark.parametrize("language", ["hu", "fi", "pl", "de"])
def test_it_is_read_in_the_readers_language(company: Company, rested: Rested, language: str) -> None:
    company.person()
    rested(company)
    page = page_of(company, inside(company), language)
    for words in (">My data</h1>", "from you", "Still true", "Take back my", "to help you", "Art. 6(1)(b)"):
        assert words not in page, words


def test_ten_more_values_ask_nothing_more(company: Company, rested: Rested) -> None:
    person = company.person()
    rested(company)
    browser = inside(company)
    with CaptureQueriesContext(connection) as few:
        page_of(company, browser)
    for number in range(10):
        register.add_value(
            company.context(),
            customer_id=person.customer_id,
            value=NewValue("phone", f"+3584055500{number:02}"),
            source_id=listed(company),
            now=clock.now(),
        )
    with CaptureQueriesContext(connection) as many:
        page_of(company, browser)
    assert len(many) == len(few)
