"""A contact point that was replaced is told that it was: it leaves the customer's card, and is still reached."""

import pytest
from tests.integration.delivery.posting import Company, mail_server
from tests.integration.delivery.smtpd import Smtpd

from trustdesk.delivery.contracts import State
from trustdesk.kernel import clock
from trustdesk.kernel.errors import NotFoundError
from trustdesk.register import api as register
from trustdesk.register.contracts import ConfirmedBy


def test_it_arrives_at_the_old_address_and_only_where_it_is_meant_so(company: Company) -> None:
    person = company.person()
    register.correct_value(
        company.context(),
        customer_id=person.customer_id,
        value_id=person.email_id,
        text="thief@example.com",
        source_id=company.source_id,
        by=ConfirmedBy.CUSTOMER,
        now=clock.now(),
    )
    with pytest.raises(NotFoundError):
        company.send(person, purpose="legal")
    message_id = company.send(person, purpose="legal", former=True)
    with Smtpd() as server, mail_server(server.port):
        company.work()
    (mail,) = server.taken
    assert mail.recipients == ["aino@example.com"]
    assert company.state(message_id) is State.SENT
    assert company.view(message_id).decision_id is not None, "the gate was asked"


def test_what_may_not_be_sent_there_is_not(company: Company) -> None:
    """Advertising to an address that is not the customer's any more: the rules are asked as of every address."""
    person = company.person()
    register.correct_value(
        company.context(),
        customer_id=person.customer_id,
        value_id=person.email_id,
        text="aino.new@example.com",
        source_id=company.source_id,
        by=ConfirmedBy.CUSTOMER,
        now=clock.now(),
    )
    company.withdraw(person)
    message_id = company.send(person, purpose="news", former=True)
    with Smtpd() as server, mail_server(server.port):
        company.work()
    assert server.taken == []
    assert company.state(message_id) is State.REFUSED
