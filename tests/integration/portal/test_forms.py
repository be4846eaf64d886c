"""Double opt-in from a form of the company: known or not, the answer is the same; the mail asks for nothing else."""

import pytest
from django.test import Client
from tests.integration.delivery import posting
from tests.integration.delivery.posting import VERSION, Company
from tests.integration.portal.visiting import mailbox

from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import ConsentState
from trustdesk.identity import api as identity
from trustdesk.identity.contracts import ConsentForm
from trustdesk.identity.services.forms import look_up_form
from trustdesk.kernel import clock
from trustdesk.kernel.errors import BadInputError, NotFoundError, RefusedError
from trustdesk.register import api as register
from trustdesk.register.contracts import CustomerKind, NewValue, Notice, NoticeKind

STRANGER = "nobody@example.com"


def entered(email: str = "Aino@Example.com", **more: str) -> ConsentForm:
    values = {"purpose": "news", "words": "Yes, send me news.", "notice_version": VERSION, "language": "en"}
    return ConsentForm(**{"email": email, "reference": "form 7", **values, **more})


def take_in(company: Company, form: ConsentForm) -> bool:
    """The form, and what the job then does; whether a mail was ordered."""
    form_id = identity.ask_by_form(company.context(), form=form, now=clock.now())
    return look_up_form(company.id, form_id, now=clock.now())


def test_a_consent_counts_when_the_mail_is_confirmed(company: Company) -> None:
    person = company.person()
    company.withdraw(person)
    assert take_in(company, entered())
    link = mailbox(company)
    states = [event.state for event in clearance.consents(company.context(), person.customer_id)]
    assert states[0] is ConsentState.REQUESTED
    assert Client().post(link).status_code == 200
    assert clearance.consents(company.context(), person.customer_id)[0].state is ConsentState.GIVEN


def test_a_stranger_gets_no_mail_and_leaves_nothing(company: Company) -> None:
    company.person()
    assert not take_in(company, entered(STRANGER))
    assert mailbox(company) == ""
    assert company.ask("SELECT sent FROM identity_form WHERE controller_id = %s", company.id) == [(None,)]


def test_where_two_have_the_address_nobody_is_asked(company: Company) -> None:
    company.person()
    company.person(phone="+358401234599")
    assert not take_in(company, entered())


def test_what_was_sent_is_looked_up_once(company: Company) -> None:
    company.person()
    form_id = identity.ask_by_form(company.context(), form=entered(), now=clock.now())
    assert look_up_form(company.id, form_id, now=clock.now())
    assert not look_up_form(company.id, form_id, now=clock.now())


def test_a_fourth_form_within_an_hour_asks_nobody(company: Company) -> None:
    company.person()
    assert [take_in(company, entered()) for _ in range(4)] == [True, True, True, False]


@pytest.mark.parametrize("email", ["", "aino", "+358401234567", "a@b@c"])
def test_what_is_no_mail_address_is_said_so(company: Company, email: str) -> None:
    with pytest.raises(BadInputError):
        take_in(company, entered(email))


def test_purpose_and_notice_have_to_be_there(company: Company) -> None:
    with pytest.raises(NotFoundError):
        take_in(company, entered(purpose="nothing"))
    with pytest.raises(BadInputError):
        take_in(company, entered(notice_version="1900-1"))


def test_a_form_of_one_company_is_none_of_another(company: Company) -> None:
    company.person()
    neighbor = posting.company()
    form_id = identity.ask_by_form(company.context(), form=entered(), now=clock.now())
    assert not look_up_form(neighbor.id, form_id, now=clock.now())
    assert not take_in(neighbor, entered()), "the neighbor has no such customer"


def test_who_may_not_record_consents_may_not_hand_over_forms(company: Company) -> None:
    context = company.context()
    poorer = context.__class__(
        **{name: getattr(context, name) for name in context.__dataclass_fields__}
        | {"operations": context.operations - {"consent:record"}},
    )
    with pytest.raises(RefusedError):
        identity.ask_by_form(poorer, form=entered(), now=clock.now())


def test_in_hungary_a_mail_that_only_asks_for_a_consent_is_not_sent(company: Company) -> None:
    """Ekertv. 14. § (2), (5); Grt. 6. § (8)."""
    now = clock.now()
    customer_id = register.create_customer(
        company.context(),
        kind=CustomerKind.PERSON,
        values=[NewValue("name", "Nagy Anna"), NewValue("email", "anna@example.com")],
        source_id=company.source_id,
        notice=Notice(NoticeKind.ART13, VERSION, now),
        country="HU",
        now=now,
    )
    assert take_in(company, entered("anna@example.com"))
    assert mailbox(company) == ""
    (message,) = company.ask("SELECT state FROM delivery_message WHERE customer_id = %s", customer_id)
    assert message == ("refused",)
    assert clearance.consents(company.context(), customer_id)[0].state is ConsentState.REQUESTED
