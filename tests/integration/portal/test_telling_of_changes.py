"""A contact point that is replaced is told so, once, wherever the change was made; a new one is told nothing."""

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.integration.delivery.posting import Company, mail_server
from tests.integration.delivery.smtpd import Smtpd
from tests.integration.portal.visiting import Rested

from trustdesk.decision.contracts import Channel
from trustdesk.delivery.contracts import State
from trustdesk.delivery.standard import standard
from trustdesk.identity.services.alerting import TEMPLATE, alert
from trustdesk.kernel import clock
from trustdesk.register import api as register
from trustdesk.register.contracts import ConfirmedBy, RestrictionGround


def correct(company: Company, customer_id: int, value_id: int, text: str) -> int:
    return register.correct_value(
        company.context(),
        customer_id=customer_id,
        value_id=value_id,
        text=text,
        source_id=company.source_id,
        by=ConfirmedBy.CUSTOMER,
        now=clock.now(),
    )


def told(company: Company) -> list[str]:
    """Who gets which mail when the outbox is worked."""
    with Smtpd() as server, mail_server(server.port):
        company.work()
    return [f"{mail.recipients} {mail.content.decode()}" for mail in server.taken]


def test_the_old_address_is_told_once_and_the_new_one_is_not(company: Company, rested: Rested) -> None:
    person = company.person()
    rested(company)
    correct(company, person.customer_id, person.email_id, "somebody@example.net")
    (job,) = ProcrastinateJob.objects.filter(task_name="identity.alert", args__value_id=person.email_id)
    assert job.args["customer_id"] == person.customer_id
    assert alert(company.id, person.customer_id, person.email_id, now=clock.now())
    alert(company.id, person.customer_id, person.email_id, now=clock.now())
    (mail,) = told(company)
    assert "aino@example.com" in mail
    assert "somebody@example.net" not in mail
    assert "tell us at once" in mail.replace("=\r\n", "")


def test_a_number_is_told_by_text_message(company: Company, rested: Rested) -> None:
    person = company.person()
    rested(company)
    correct(company, person.customer_id, person.phone_id, "+358407654321")
    assert alert(company.id, person.customer_id, person.phone_id, now=clock.now())
    ((state, template),) = company.ask(
        "SELECT state, template FROM delivery_message WHERE controller_id = %s AND channel = 'sms'", company.id
    )
    assert (state, template) == (State.QUEUED.value, TEMPLATE)


@pytest.mark.parametrize("attribute", ["email", "name"])
def test_what_had_not_stood_and_what_nobody_reads_is_told_nothing(
    company: Company, rested: Rested, attribute: str
) -> None:
    person = company.person()
    values = {
        each.attribute: each for each in register.card(company.context(), person.customer_id, now=clock.now()).values
    }
    old = values[attribute]
    rested(company, but=old.value_id if attribute == "email" else 0)
    correct(company, person.customer_id, old.value_id, "a@example.net" if attribute == "email" else "Aino Laine")
    assert not alert(company.id, person.customer_id, old.value_id, now=clock.now())


def test_who_is_restricted_is_written_to_by_nobody(company: Company, rested: Rested) -> None:
    person = company.person()
    rested(company)
    correct(company, person.customer_id, person.email_id, "somebody@example.net")
    now = clock.now()
    register.lock(
        company.context(), customer_id=person.customer_id, ground=RestrictionGround.NEEDED_FOR_CLAIMS, now=now
    )
    alert(company.id, person.customer_id, person.email_id, now=now)
    assert not told(company)


@pytest.mark.parametrize("language", ["en", "hu", "fi", "pl", "de"])
def test_it_is_told_in_every_language(language: str) -> None:
    mail, text = standard(Channel.EMAIL, TEMPLATE, language), standard(Channel.SMS, TEMPLATE, language)
    assert mail is not None
    assert text is not None
    assert "{company}" in mail.text
    assert ("instead of this one" in mail.text) is (language == "en")
