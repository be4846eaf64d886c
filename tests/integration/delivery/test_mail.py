"""Mail from the outbox to a real server: what arrives, what is put off, what is refused, and what nobody knows."""

from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from tests.integration.delivery import smtpd
from tests.integration.delivery.posting import Company, in_a_thread, mail_server, soon
from tests.integration.delivery.smtpd import DIE, Smtpd

from trustdesk.delivery import api as delivery
from trustdesk.delivery.contracts import State
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.errors import BadInputError, NotFoundError
from trustdesk.register import api as register
from trustdesk.register.contracts import ConfirmedBy


def read(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)


def test_a_message_arrives(company: Company) -> None:
    person = company.person()
    message_id = company.send(person)
    with Smtpd() as server, mail_server(server.port):
        assert company.work() == 1
    (mail,) = server.taken
    assert mail.recipients == ["aino@example.com"]
    assert mail.sender.startswith("returns+b.")
    arrived = read(mail.content)
    assert arrived["subject"] == "Hello Aino"
    assert arrived["message-id"].endswith("@example.org>")
    assert arrived["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    text = arrived.get_body(("plain",))
    assert text is not None
    assert "there is news." in text.get_content()
    assert "Pohjolan Sähkö Oy, Katu 1" in text.get_content()
    assert "/unsubscribe/" in text.get_content()
    assert company.state(message_id) is State.SENT
    assert company.happenings(message_id) == ["queued", "permitted", "handing", "accepted"]
    view = company.view(message_id)
    assert (view.reply, view.status, view.attempt) == (250, "2.0.0", 1)
    assert view.decision_id is not None


def test_a_message_of_necessity_has_no_list_and_goes_first(company: Company) -> None:
    person = company.person()
    later = company.send(person)
    first = company.send(person, purpose="service")
    with Smtpd() as server, mail_server(server.port):
        company.work()
    mails = [read(mail.content) for mail in server.taken]
    assert [mail["list-unsubscribe"] is None for mail in mails] == [True, False]
    assert company.view(first).urgent
    assert not company.view(later).urgent


def test_many_go_over_one_connection(company: Company) -> None:
    people = [company.person(f"p{number}@example.com") for number in range(30)]
    sent = [company.send(person) for person in people]
    with Smtpd() as server, mail_server(server.port):
        assert company.work() == 30
    assert server.connections == 1
    assert {company.state(message_id) for message_id in sent} == {State.SENT}
    assert sorted(mail.recipients[0] for mail in server.taken) == sorted(
        f"p{number}@example.com" for number in range(30)
    )


def test_without_consent_nothing_is_opened_and_nobody_is_asked(company: Company) -> None:
    person = company.person()
    message_id = company.send(person)
    company.withdraw(person)
    with Smtpd() as server, mail_server(server.port):
        company.work()
    assert company.state(message_id) is State.REFUSED
    assert company.view(message_id).reason
    assert server.count(smtpd.MAIL) == 0


def test_a_withdrawal_after_rcpt_stops_it(company: Company) -> None:
    """Connected, greeted, addressed: the last decision comes after all of that."""
    person = company.person()
    message_id = company.send(person)

    def reached(stage: str) -> None:
        if stage == smtpd.RCPT:
            withdrawn.append(in_a_thread(lambda: company.withdraw(person)))

    withdrawn: list[bool] = []
    with Smtpd(reached=reached) as server, mail_server(server.port):
        company.work()
    assert withdrawn == [True]
    assert company.state(message_id) is State.REFUSED
    assert server.count(smtpd.DATA) == 0
    assert server.count(smtpd.RSET) == 1


@pytest.mark.parametrize(
    ("says", "state", "reason"),
    [
        ({smtpd.RCPT: "450 4.7.1 greylisted"}, State.DEFERRED, "recipient-refused"),
        ({smtpd.RCPT: "550 5.1.1 unknown"}, State.FAILED, "recipient-refused"),
        ({smtpd.DATA: "451 4.3.0 later"}, State.DEFERRED, "data-refused"),
        ({smtpd.DOT: "452 4.3.1 full"}, State.DEFERRED, "content-refused"),
        ({smtpd.DOT: "554 5.7.1 spam"}, State.FAILED, "content-refused"),
        ({smtpd.DOT: DIE}, State.UNKNOWN, "no-answer"),
        ({smtpd.DATA: DIE}, State.DEFERRED, "connection-lost"),
        ({smtpd.RCPT: DIE}, State.DEFERRED, "connection-lost"),
    ],
)
def test_what_the_server_does_decides(company: Company, says: dict[str, str], state: State, reason: str) -> None:
    message_id = company.send(company.person())
    with Smtpd(says=says) as server, mail_server(server.port):
        company.work()
    view = company.view(message_id)
    assert (view.state, view.reason) == (state, reason)
    if state is State.DEFERRED:
        assert soon(view.next_at, 10)


def test_greylisting_is_waited_for(company: Company) -> None:
    message_id = company.send(company.person())
    with Smtpd(says={smtpd.RCPT: "451 4.7.1 greylisted"}) as server, mail_server(server.port):
        company.work()
        assert company.work() == 0, "not before its time"
        server.says.clear()
        company.due_now(message_id)
        company.work()
    assert company.state(message_id) is State.SENT
    assert company.view(message_id).attempt == 2
    assert len(server.taken) == 1


def test_what_is_unknown_is_not_sent_again(company: Company) -> None:
    message_id = company.send(company.person())
    with Smtpd(says={smtpd.DOT: DIE}) as server, mail_server(server.port):
        company.work()
        server.says.clear()
        for _again in range(3):
            company.work()
    assert company.state(message_id) is State.UNKNOWN
    assert len(server.taken) == 1


def test_somebody_may_settle_what_is_unknown(company: Company) -> None:
    arrived, lost = (company.send(company.person()) for _each in range(2))
    with Smtpd(says={smtpd.DOT: DIE}) as server, mail_server(server.port):
        company.work()
        delivery.settle(company.context(), message_id=arrived, arrived=True, now=clock.now())
        delivery.settle(company.context(), message_id=lost, arrived=False, now=clock.now())
        server.says.clear()
        company.work()
    assert (company.state(arrived), company.state(lost)) == (State.SENT, State.SENT)
    assert len(server.taken) == 3
    with pytest.raises(Exception, match="can't happen"):
        delivery.settle(company.context(), message_id=arrived, arrived=False, now=clock.now())


def test_while_the_server_is_away_nothing_is_touched(company: Company) -> None:
    sent = [company.send(company.person()) for _each in range(3)]
    with Smtpd() as server:
        port = server.port
    with mail_server(port):
        assert company.work() == 0
    assert {company.state(message_id) for message_id in sent} == {State.QUEUED}
    assert all(company.happenings(message_id) == ["queued"] for message_id in sent)


def test_without_a_server_messages_wait(company: Company) -> None:
    message_id = company.send(company.person())
    assert company.work() == 0
    assert company.state(message_id) is State.QUEUED


def test_what_comes_too_late_is_not_sent(company: Company) -> None:
    message_id = company.send(company.person(), not_after=clock.now() - timedelta(seconds=1))
    with Smtpd() as server, mail_server(server.port):
        company.work()
    assert company.state(message_id) is State.FAILED
    assert company.view(message_id).reason == "too-late"
    assert server.taken == []


def test_the_same_key_is_the_same_message(company: Company) -> None:
    person = company.person()
    first, again = (company.send(person, key="order 4711") for _each in range(2))
    assert first == again
    with Smtpd() as server, mail_server(server.port):
        company.work()
    assert len(server.taken) == 1


def test_a_transaction_that_is_rolled_back_sends_nothing(company: Company) -> None:
    person = company.person()
    context = company.context()
    good, bad = company.message(person), company.message(person, parameters={})

    def both() -> None:
        with scoped(context.scope):
            for message in (good, bad):
                delivery.send_mail(context, message=message, now=clock.now())

    with pytest.raises(BadInputError):
        both()
    with Smtpd() as server, mail_server(server.port):
        assert company.work() == 0
    assert server.taken == []


def test_an_address_that_was_replaced_is_not_written_to(company: Company) -> None:
    person = company.person()
    message_id = company.send(person)
    register.correct_value(
        company.context(),
        customer_id=person.customer_id,
        value_id=person.email_id,
        text="new@example.com",
        source_id=company.source_id,
        by=ConfirmedBy.CUSTOMER,
        now=clock.now(),
    )
    with Smtpd() as server, mail_server(server.port):
        company.work()
    assert company.state(message_id) in {State.FAILED, State.REFUSED}
    assert server.taken == []


def test_neither_address_nor_text_stands_in_the_tables(company: Company) -> None:
    company.send(company.person("secret.name@example.com"))
    for table in ("delivery_message", "delivery_turn"):
        for (row,) in company.ask(f"SELECT to_jsonb(t)::text FROM {table} t WHERE controller_id = %s", company.id):
            assert "secret.name" not in row
            assert "there is news" not in row
            assert "Aino" not in row


def test_what_is_missing_is_said(company: Company) -> None:
    person = company.person()
    with pytest.raises(NotFoundError):
        company.send(person, purpose="nothing-of-the-kind")
    with pytest.raises(NotFoundError):
        company.send(person, value_id=person.phone_id)
    with pytest.raises(NotFoundError):
        company.send(person, template="nothing-of-the-kind")
    with pytest.raises(BadInputError):
        company.send(person, parameters={})
    with pytest.raises(BadInputError):
        company.send(person, parameters={"name": "x\r\nBcc: y@example.org"})
    with pytest.raises(BadInputError):
        company.send(person, key=" ")
