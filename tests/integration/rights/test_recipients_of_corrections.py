"""To whom a wrong value was given is told that it was put right: by a call, by mail, or by hand (GDPR Art. 19)."""

from dataclasses import replace

import pytest
from tests.companies import NOW, Company
from tests.requesting import LATER, Person, ask, known, officer, somebody

from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import NewRecipient, RecipientRole
from trustdesk.delivery import api as delivery
from trustdesk.delivery.contracts import NewEndpoint
from trustdesk.delivery.models import Notice
from trustdesk.delivery.services.notices import link_of
from trustdesk.erasure.contracts import Way
from trustdesk.isolation.api import scoped
from trustdesk.kernel.errors import ConflictError, NotFoundError, RefusedError
from trustdesk.kernel.ids import to_public
from trustdesk.register import api as register
from trustdesk.rights import api as rights
from trustdesk.rights.contracts import Kind, State, Wish
from trustdesk.rights.services import notifying

DATA = "dpv:PersonalData"


def recipient(company: Company, name: str, email: str = "") -> int:
    new = NewRecipient(
        name=name,
        role=RecipientRole.PROCESSOR,
        country="FI",
        purposes=["service"],
        categories=[DATA],
        notice_email=email,
    )
    return clearance.declare_recipient(company.context(), recipient=new, now=NOW)


def given(company: Company, person: Person, attribute: str, *names: str) -> None:
    for name in names:
        register.record_disclosure(
            company.context(),
            customer_id=person.id,
            value_ids=[person.point(attribute)],
            recipient=name,
            purpose="dpv:CustomerCare",
            legal_basis="eu-gdpr:A6-1-b",
            now=LATER,
        )


def corrected(company: Company, person: Person) -> int:
    wish = Wish(corrections=[(person.point("family_name"), "Mäkinen")])
    request_id = known(company, Kind.RECTIFICATION, person, wish=wish)
    assert rights.approve(officer(company), request_id=request_id, now=LATER).state is State.DONE
    return request_id


@pytest.fixture
def told(north: Company) -> tuple[Company, Person, int]:
    """One who has a system, one with an address, one of whom only the ledger knows, and one who got something else."""
    caller = recipient(north, "Caller")
    recipient(north, "Reader", "privacy@reader.example")
    recipient(north, "Bystander", "privacy@bystander.example")
    delivery.create_endpoint(
        north.context(),
        endpoint=NewEndpoint(
            name="Caller",
            url="https://caller.example/hook",
            recipient_id=caller,
            purpose="service",
            events=["customer.changed"],
        ),
        now=NOW,
    )
    person = somebody(north)
    given(north, person, "family_name", "Caller", "Reader", "The old printer")
    given(north, person, "email", "Bystander")
    return north, person, corrected(north, person)


def test_each_is_told_as_they_can_be(told: tuple[Company, Person, int]) -> None:
    company, person, request_id = told
    found = rights.told(officer(company), request_id=request_id)
    assert [(one.recipient, one.way, one.told_at) for one in found] == [
        ("Caller", Way.WEBHOOK, LATER),
        ("Reader", Way.MAIL, LATER),
        ("The old printer", Way.BY_HAND, None),
    ]
    assert ask(company, "SELECT count(*) FROM delivery_call WHERE event = 'customer.changed'") == [(1,)]
    ((facts,),) = ask(company, "SELECT facts::text FROM delivery_notice")
    assert to_public(person.id) in facts
    assert "family name" in facts.lower()
    assert "Mäkinen" not in facts
    assert "Mäkelä" not in facts


def test_receipts_are_noted_and_what_is_lost_is_told_by_hand(told: tuple[Company, Person, int]) -> None:
    company, _person, request_id = told
    context = company.context()
    with scoped(context.scope):
        assert notifying.note_receipts(context, now=LATER) == 0
        notice = Notice.objects.get(controller_id=company.controller_id)
    delivery.confirm_notice(link_of(notice).rstrip("/").rpartition("/")[2], now=LATER)
    ask(company, "UPDATE delivery_call SET state = 'failed', next_at = NULL")
    with scoped(context.scope):
        assert notifying.note_receipts(context, now=LATER) == 2
        assert notifying.note_receipts(context, now=LATER) == 0
    caller, reader, _printer = rights.told(officer(company), request_id=request_id)
    assert (caller.way, caller.received_at) == (Way.BY_HAND, None)
    assert (reader.way, reader.received_at) == (Way.MAIL, LATER)


def test_a_system_that_took_the_call_has_it(told: tuple[Company, Person, int]) -> None:
    company, _person, request_id = told
    ask(company, "UPDATE delivery_call SET state = 'sent', next_at = NULL")
    context = company.context()
    with scoped(context.scope):
        assert notifying.note_receipts(context, now=LATER) == 1
    assert rights.told(officer(company), request_id=request_id)[0].received_at == LATER


def test_somebody_says_that_they_know(told: tuple[Company, Person, int], south: Company) -> None:
    company, _person, request_id = told
    printer = rights.told(officer(company), request_id=request_id)[2]
    with pytest.raises(NotFoundError):
        rights.received(officer(south), told_id=printer.told_id, now=LATER)
    nobody = replace(officer(company), operations=frozenset())
    for act in (
        lambda: rights.received(nobody, told_id=printer.told_id, now=LATER),
        lambda: rights.told(nobody, request_id=request_id),
        lambda: rights.elsewhere(nobody, request_id=request_id),
    ):
        with pytest.raises(RefusedError):
            act()
    rights.received(officer(company), told_id=printer.told_id, now=LATER)
    with pytest.raises(ConflictError):
        rights.received(officer(company), told_id=printer.told_id, now=LATER)
    assert rights.told(officer(company), request_id=request_id)[2].received_at == LATER
