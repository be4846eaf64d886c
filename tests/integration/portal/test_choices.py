"""A switch per purpose and channel, obeyed by the gate; double opt-in; one click."""

import pytest
from django.test import Client
from tests.integration.delivery.posting import VERSION, Company
from tests.integration.portal.visiting import inside, mailbox

from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import ConsentState, Method, NewPurpose
from trustdesk.decision.contracts import Channel, PurposeKind
from trustdesk.identity import api as identity
from trustdesk.identity.contracts import NewConfirmation
from trustdesk.kernel import clock


def turn(company: Company, browser: Client, channel: str, on: str, purpose: str = "news") -> None:
    address = f"/my/{company.id}/choices/switch/"
    answer = browser.post(address, {"purpose": purpose, "channel": channel, "on": on}, follow=True)
    assert answer.status_code == 200


def test_off_is_obeyed_at_once_and_on_is_a_consent_with_its_words(company: Company) -> None:
    person = company.person()
    browser = inside(company)
    queued = company.send(person)
    turn(company, browser, "email", "no")
    mailbox(company)
    assert company.state(queued).value == "refused"
    turn(company, browser, "email", "yes")
    newest = clearance.consents(company.context(), person.customer_id)[0]
    assert (newest.state, newest.express, newest.evidence.method) == (ConsentState.GIVEN, True, Method.WEB_FORM)
    assert newest.evidence.notice_version == VERSION
    words = clearance.consent_words(company.context("compliance"), person.customer_id, reason="test")
    assert "news" in (words[newest.event_id] or "")
    again = company.send(person)
    mailbox(company)
    assert company.state(again).value in {"sent", "handed"}


def test_stop_all_reaches_every_channel(company: Company) -> None:
    person = company.person()
    browser = inside(company)
    assert browser.post(f"/my/{company.id}/choices/stop/", follow=True).status_code == 200
    now = clock.now()
    for channel in (Channel.EMAIL, Channel.SMS, Channel.CALL_HUMAN):
        value = person.email_id if channel is Channel.EMAIL else person.phone_id
        verdict = clearance.decide(
            company.context(),
            customer_id=person.customer_id,
            value_id=value,
            channel=channel,
            purpose="news",
            now=now,
        )
        assert not verdict.permitted, channel


def test_what_a_contract_demands_has_no_switch(company: Company) -> None:
    company.person()
    browser = inside(company)
    page = browser.get(f"/my/{company.id}/choices/").content.decode()
    assert page.count('role="switch"') == 3  # news: mail, call, SMS
    assert (
        browser.post(
            f"/my/{company.id}/choices/switch/",
            {"purpose": "service", "channel": "email", "on": "no"},
        ).status_code
        == 404
    )
    assert (
        browser.post(f"/my/{company.id}/choices/switch/", {"purpose": "news", "channel": "fax", "on": "no"}).status_code
        == 404
    )


def test_without_a_visit_nothing_is_switched(company: Company) -> None:
    person = company.person()
    before = clearance.consents(company.context(), person.customer_id)
    turn(company, Client(), "email", "no")
    assert clearance.consents(company.context(), person.customer_id) == before


def test_a_consent_counts_when_the_mail_is_confirmed_and_not_before(company: Company) -> None:
    person = company.person()
    context = company.context()
    purpose = NewPurpose(
        code="offers",
        label="Offers",
        term="dpv:DirectMarketing",
        kind=PurposeKind.MARKETING,
        legal_basis="eu-gdpr:A6-1-a",
    )
    clearance.declare_purpose(context, purpose=purpose, now=clock.now())
    asked = NewConfirmation(
        customer_id=person.customer_id,
        value_id=person.email_id,
        purpose="offers",
        channel=Channel.EMAIL,
        words="Yes, send me offers.",
        notice_version=VERSION,
        language="en",
        reference="form 7",
    )
    identity.ask_to_confirm(context, asked=asked, now=clock.now())
    link = mailbox(company)
    browser = Client()
    page = browser.get(link)
    assert "Yes, send me offers." in page.content.decode()
    states = [event.state for event in clearance.consents(context, person.customer_id) if event.purpose == "offers"]
    assert states == [ConsentState.REQUESTED]
    assert browser.post(link).status_code == 200
    given = clearance.consents(context, person.customer_id)[0]
    assert (given.state, given.evidence.method) == (ConsentState.GIVEN, Method.DOUBLE_OPT_IN)
    assert browser.post(link).status_code == 403, "once"


def test_one_click_needs_no_cookie_and_following_the_link_stops_nothing(company: Company) -> None:
    person = company.person()
    browser = Client(enforce_csrf_checks=True)
    from trustdesk.delivery.references import Reference, written  # noqa: PLC0415 - what the mail's header carries

    sent = company.send(person)
    reference = written("unsubscribe", Reference(company.id, sent))
    assert browser.get(f"/unsubscribe/{reference}/").status_code == 200
    assert not clearance.objections(company.context(), person.customer_id)
    answer = browser.post(f"/unsubscribe/{reference}/", {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 204
    assert clearance.objections(company.context(), person.customer_id)
    assert browser.post("/unsubscribe/0000000000000.1.aaaaaaaaaaaaaaaa/").status_code == 404


@pytest.mark.parametrize("language", ["hu", "fi", "pl", "de"])
def test_the_words_agreed_to_are_those_of_the_language_shown(company: Company, language: str) -> None:
    person = company.person()
    browser = inside(company)
    browser.cookies["django_language"] = language
    turn(company, browser, "sms", "no")
    turn(company, browser, "sms", "yes")
    newest = clearance.consents(company.context(), person.customer_id)[0]
    assert newest.evidence.notice_language == language


def test_a_purpose_is_called_and_agreed_to_by_its_name_in_the_readers_language(company: Company) -> None:
    person = company.person()
    purpose = NewPurpose(
        code="letters",
        label="Letters",
        other_labels={"hu": "Havi hírlevél"},
        term="dpv:DirectMarketing",
        kind=PurposeKind.MARKETING,
        legal_basis="eu-gdpr:A6-1-a",
    )
    clearance.declare_purpose(company.context(), purpose=purpose, now=clock.now())
    browser = inside(company)
    browser.cookies["django_language"] = "hu"
    page = browser.get(f"/my/{company.id}/choices/").content.decode()
    assert ">Havi hírlevél</h2>" in page
    assert ">Letters</h2>" not in page
    turn(company, browser, "sms", "yes", purpose="letters")
    newest = clearance.consents(company.context(), person.customer_id)[0]
    words = clearance.consent_words(company.context("compliance"), person.customer_id, reason="test")
    assert newest.purpose == "letters"
    assert "Havi hírlevél" in (words[newest.event_id] or "")
