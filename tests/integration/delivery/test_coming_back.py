"""Bounces and unsubscriptions: what comes back to the return mailbox, and by one click."""

import os
import subprocess
import sys
from email import message_from_bytes, policy

import pytest
from tests.integration.delivery import smtpd
from tests.integration.delivery.posting import Company, mail_server
from tests.integration.delivery.smtpd import DIE, Smtpd, Taken
from tests.unit.delivery.test_bounces import report

from trustdesk.clearance import api as clearance
from trustdesk.delivery import api as delivery
from trustdesk.delivery.api import Learnt
from trustdesk.delivery.contracts import UNSUBSCRIBE_PATH, State
from trustdesk.kernel import clock, registries
from trustdesk.kernel.ids import to_public

pytestmark = pytest.mark.slow  # whole programs are started


@pytest.fixture
def taken(company: Company) -> tuple[int, Taken]:
    """A message that the server took."""
    message_id = company.send(company.person())
    with Smtpd() as server, mail_server(server.port):
        company.work()
    return message_id, server.taken[0]


def back(**values: str) -> Learnt:
    return delivery.take_back(report(**values), now=clock.now())


def test_what_came_back_has_bounced(company: Company, taken: tuple[int, Taken]) -> None:
    message_id, mail = taken
    assert back(to=mail.sender) is Learnt.BOUNCED
    view = company.view(message_id)
    assert (view.state, view.reason, view.status) == (State.BOUNCED, "failed", "5.1.1")
    assert back(to=mail.sender) is Learnt.KNOWN_BEFORE


def test_it_is_known_by_its_message_id_where_the_mailbox_has_no_tags(
    company: Company,
    taken: tuple[int, Taken],
) -> None:
    message_id, mail = taken
    written = message_from_bytes(mail.content, policy=policy.default)["message-id"].strip("<>").partition("@")[0]
    assert back(message_id=written) is Learnt.BOUNCED
    assert company.state(message_id) is State.BOUNCED


def test_a_delay_is_no_end(company: Company, taken: tuple[int, Taken]) -> None:
    message_id, mail = taken
    assert back(to=mail.sender, action="delayed", status="4.4.1") is Learnt.DELAYED
    assert company.state(message_id) is State.SENT


def test_a_receipt_settles_what_was_unknown(company: Company) -> None:
    message_id = company.send(company.person())
    with Smtpd(says={smtpd.DOT: DIE}) as server, mail_server(server.port):
        company.work()
    assert company.state(message_id) is State.UNKNOWN
    assert back(to=server.taken[0].sender, action="delivered", status="2.1.5") is Learnt.DELIVERED
    assert company.state(message_id) is State.SENT
    assert company.view(message_id).delivered_at is not None


def test_a_bounce_of_somebody_elses_changes_nothing(company: Company, taken: tuple[int, Taken]) -> None:
    message_id, mail = taken
    forged = mail.sender.replace(".", ".9", 1)
    assert back(to=forged) is Learnt.NOT_OURS
    assert delivery.take_back(b"Subject: hello\r\n\r\nhello", now=clock.now()) is Learnt.NOT_OURS
    assert company.state(message_id) is State.SENT


def test_one_click_stops_the_next_one(company: Company, taken: tuple[int, Taken]) -> None:
    _message_id, mail = taken
    headers = message_from_bytes(mail.content, policy=policy.default)
    link = headers["list-unsubscribe"].partition(">")[0].strip("<")
    reference = link.partition(UNSUBSCRIBE_PATH)[2].strip("/")
    person = company.people[0]
    waiting = company.send(person)
    other = company.send(person, purpose="service")
    assert delivery.unsubscribe(reference, now=clock.now())
    assert delivery.unsubscribe(reference, now=clock.now()), "twice is once"
    with Smtpd() as server, mail_server(server.port):
        company.work()
    assert company.state(waiting) is State.REFUSED
    assert company.state(other) is State.SENT, "only what was stopped is stopped"
    objected = clearance.objections(company.context(), person.customer_id)
    assert {(one.scope.purpose, one.scope.channel) for one in objected} == {("news", "email")}
    assert not delivery.unsubscribe(reference[:-1] + ("2" if reference[-1] == "3" else "3"), now=clock.now())


def test_a_mail_to_the_mailbox_stops_it_too(company: Company, taken: tuple[int, Taken]) -> None:
    _message_id, mail = taken
    headers = message_from_bytes(mail.content, policy=policy.default)
    mailbox = headers["list-unsubscribe"].partition("<mailto:")[2].partition("?")[0]
    asked = f"To: {mailbox}\r\nSubject: unsubscribe\r\n\r\n".encode()
    assert delivery.take_back(asked, now=clock.now()) is Learnt.UNSUBSCRIBED
    waiting = company.send(company.people[0])
    with Smtpd() as server, mail_server(server.port):
        company.work()
    assert company.state(waiting) is State.REFUSED


def program(home: str, *words: str, given: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    own = {"DJANGO_SETTINGS_MODULE": "trustdesk.settings.test", "TRUSTDESK_HOME": home}
    command = [sys.executable, "-c", "from trustdesk.cli.main import main; main()", *words]
    return subprocess.run(command, env=os.environ | own, input=given, capture_output=True, check=False, timeout=60)


def test_the_commands(company: Company, taken: tuple[int, Taken]) -> None:
    message_id, mail = taken
    home = os.environ["TRUSTDESK_TEST_HOME"]
    said = program(home, "bounce", given=report(to=mail.sender))
    assert (said.returncode, said.stdout) == (0, b"bounced\n"), said.stderr.decode()
    said = program(home, "bounce", given=b"nonsense")
    assert (said.returncode, said.stdout) == (0, b"not-ours\n"), said.stderr.decode()
    listed = program(home, "outbox", "--controller", str(company.id)).stdout.decode()
    assert "email    bounced" in listed
    told = program(home, "outbox", "--message", to_public(message_id)).stdout.decode()
    assert [line.split()[1] for line in told.splitlines()[1:]] == company.happenings(message_id)
    assert "aino" not in listed + told
    missing = program(home, "outbox", "--message", "0000000000000")
    assert missing.returncode == 1
    assert b"Traceback" not in missing.stderr


def test_what_is_forgotten_bounces_into_nothing(company: Company, taken: tuple[int, Taken]) -> None:
    message_id, mail = taken
    customer_id = company.people[0].customer_id
    declaration = registries.privacy.get("delivery")
    assert declaration.export is not None
    assert declaration.erase is not None
    (told, *_more) = declaration.export(company.context(), customer_id)
    assert told["subject"] == "Hello Aino"
    assert "there is news" in str(told["text"])
    waiting = company.send(company.people[0])
    assert declaration.erase(company.context(), [(customer_id,)]) == [2]
    with Smtpd() as server, mail_server(server.port):
        assert company.work() == 0
    assert server.taken == []
    assert back(to=mail.sender) is Learnt.NOT_OURS
    left = company.ask("SELECT count(*) FROM delivery_turn WHERE message_id = ANY(%s)", [message_id, waiting])
    assert left == [(0,)]
