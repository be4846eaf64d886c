"""Letters to recipients of data: to their address, naming nobody, and confirmed by who reads there."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.test import Client
from tests.integration.delivery.posting import Company, mail_server
from tests.integration.delivery.smtpd import Smtpd

from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import NewRecipient, RecipientRole
from trustdesk.delivery import api as delivery
from trustdesk.delivery.contracts import NoticeView, Sender, State
from trustdesk.delivery.models import Notice
from trustdesk.delivery.services import lanes, notices
from trustdesk.delivery.services.waking import NOTICE
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.errors import BadInputError, NotFoundError, RefusedError
from trustdesk.kernel.ids import new_id, to_public

LINK = re.compile(r"https?://\S+(/received/\S+)")


@pytest.fixture
def recipient_id(company: Company) -> int:
    return declared(company)


def declared(company: Company, country: str = "FI", email: str = "Privacy@Lawyers.example") -> int:
    new = NewRecipient(
        name=f"Lawyers {new_id()}",
        role=RecipientRole.THIRD_PARTY,
        country=country,
        purposes=["legal"],
        categories=["dpv:PersonalData"],
        notice_email=email,
    )
    return clearance.declare_recipient(company.context("administration"), recipient=new, now=clock.now())


def sent(company: Company, recipient_id: int, customer_id: int = 7) -> int | None:
    return delivery.send_notice(
        company.context(),
        recipient_id=recipient_id,
        template="recipient-erased",
        facts={"customer": to_public(customer_id)},
        key=f"plan:{customer_id}",
        now=clock.now(),
    )


def work(company: Company) -> int:
    return lanes.run(company.id, NOTICE, until=clock.now() + timedelta(seconds=60))


def view(company: Company, notice_id: int | None) -> NoticeView:
    return delivery.notices_of(company.context(), [notice_id or 0])[0]


def changed(company: Company, notice_id: int | None, **values: object) -> None:
    with scoped(company.context().scope):
        Notice.objects.filter(controller_id=company.id, id=notice_id or 0).update(**values)


@pytest.fixture
def server() -> Iterator[Smtpd]:
    with Smtpd() as made, mail_server(made.port):
        yield made


def test_a_notice_arrives_and_names_nobody(company: Company, recipient_id: int, server: Smtpd, client: Client) -> None:
    person = company.person()
    notice_id = sent(company, recipient_id, person.customer_id)
    assert sent(company, recipient_id, person.customer_id) == notice_id, "the same key is the same notice"
    assert work(company) == 1
    assert work(company) == 0
    (mail,) = server.taken
    assert mail.recipients == ["privacy@lawyers.example"]
    said = message_from_bytes(mail.content, policy=policy.default)
    text = said.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert to_public(person.customer_id) in text
    assert not re.search(r"aino|Mäkelä|\+358", mail.content.decode(), re.IGNORECASE)
    assert (view(company, notice_id).state, view(company, notice_id).received_at) == (State.SENT, None)
    link = LINK.search(text)
    assert link is not None
    page = client.get(link[1])
    assert (page.status_code, to_public(person.customer_id) in page.content.decode()) == (200, True)
    assert view(company, notice_id).received_at is None, "a scanner that follows the link says nothing"
    assert client.post(link[1]).status_code == 200
    first = view(company, notice_id).received_at
    assert first is not None
    assert client.post(link[1]).status_code == 200
    assert view(company, notice_id).received_at == first
    changed_one = link[1][:-2] + ("a" if link[1][-2] != "a" else "b") + "/"
    assert client.post(changed_one).status_code == 404


def test_it_is_written_in_the_language_of_the_country(company: Company, server: Smtpd) -> None:
    german, other = declared(company, "AT"), declared(company, "FR")
    for number, recipient_id in enumerate((german, other)):
        sent(company, recipient_id, number + 1)
    assert work(company) == 2
    told = [message_from_bytes(mail.content, policy=policy.default)["content-language"] for mail in server.taken]
    assert told == ["de", "en"]


def test_what_is_put_off_is_tried_again_and_given_up_after_days(company: Company, recipient_id: int) -> None:
    notice_id = sent(company, recipient_id)
    assert work(company) == 1
    waiting = view(company, notice_id)
    assert (waiting.state, waiting.reason) == (State.DEFERRED, "no-server")
    assert work(company) == 0, "it is not due yet"
    changed(company, notice_id, next_at=clock.now(), queued_at=clock.now() - notices.GIVE_UP - timedelta(hours=1))
    assert work(company) == 1
    assert (view(company, notice_id).state, view(company, notice_id).reason) == (State.FAILED, "too-late")


def test_it_goes_where_the_recipient_is_now(company: Company, recipient_id: int, server: Smtpd) -> None:
    notice_id = sent(company, recipient_id)
    office = company.context("administration")
    clearance.set_notice_email(office, recipient_id=recipient_id, email="new@lawyers.example", now=clock.now())
    assert work(company) == 1
    assert server.taken[0].recipients == ["new@lawyers.example"]
    assert view(company, notice_id).state is State.SENT
    clearance.set_notice_email(office, recipient_id=recipient_id, email="", now=clock.now())
    assert sent(company, recipient_id, 8) is None


def test_without_address_or_sender_nothing_is_written(company: Company, recipient_id: int) -> None:
    assert sent(company, declared(company, email=""), 9) is None
    delivery.set_sender(company.context("administration"), sender=Sender(sms_name="North"), now=clock.now())
    assert sent(company, recipient_id, 10) is None


def test_who_may_not_sets_none_and_nonsense_is_refused(company: Company, recipient_id: int) -> None:
    office = company.context("administration")
    with pytest.raises(BadInputError):
        clearance.set_notice_email(office, recipient_id=recipient_id, email="nobody", now=clock.now())
    with pytest.raises(NotFoundError):
        clearance.set_notice_email(office, recipient_id=1, email="a@example.com", now=clock.now())
    nobody = replace(office, operations=frozenset())
    with pytest.raises(RefusedError):
        clearance.set_notice_email(nobody, recipient_id=recipient_id, email="a@example.com", now=clock.now())
    with pytest.raises(RefusedError):
        delivery.notices_of(nobody, [])
